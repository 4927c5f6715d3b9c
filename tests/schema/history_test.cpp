// Histories grow for their owner and stand still for everyone who holds a copy.
#include <catch2/catch.hpp>
#include <thread>

#include "schema/history.hpp"

using namespace hpo;

namespace {

void append(History& history, int number) {
  const Values values{static_cast<double>(number), std::int64_t{number}};
  history.append({.number = number, .value = -number * 1.0, .history_seq = number + 1}, values);
}

History filled(int count) {
  History history(2);
  for (int i = 0; i < count; ++i) append(history, i);
  return history;
}

bool is_intact(const History& history) {
  for (std::size_t i = 0; i < history.finished_count(); ++i) {
    const auto number = static_cast<std::int64_t>(i);
    if (history.finished(i).number != number) return false;
    if (history.values(i)[1] != ParamValue(number)) return false;
  }
  return true;
}

}  // namespace

TEST_CASE("trials come back in the order in which they finished", "[history]") {
  const History history = filled(2500);  // two full blocks and a part
  CHECK(history.finished_count() == 2500);
  CHECK(history.history_seq() == 2500);
  CHECK(is_intact(history));
  CHECK(history.values(1024)[0] == ParamValue(1024.0));
}

TEST_CASE("a history without trials has seq 0", "[history]") {
  CHECK(History(3).history_seq() == 0);
  CHECK(History(3).finished_count() == 0);
}

TEST_CASE("a copy does not change when the original grows, at every edge of a block", "[history]") {
  for (const int count : {0, 1, 1023, 1024, 1025, 2047, 2048}) {
    History history = filled(count);
    const History copy = history;
    append(history, count);
    append(history, count + 1);
    INFO(count);
    CHECK(copy.finished_count() == static_cast<std::size_t>(count));
    CHECK(history.finished_count() == static_cast<std::size_t>(count) + 2);
    CHECK(is_intact(copy));
    CHECK(is_intact(history));
  }
}

TEST_CASE("two copies that grow apart do not see each other", "[history]") {
  History a = filled(10);
  History b = a;
  a.append({.number = 100, .history_seq = 100}, Values{1.0, std::int64_t{1}});
  b.append({.number = 200, .history_seq = 200}, Values{2.0, std::int64_t{2}});
  CHECK(a.finished(10).number == 100);
  CHECK(b.finished(10).number == 200);
  CHECK(b.values(10)[0] == ParamValue(2.0));
}

TEST_CASE("a reader on another thread is not disturbed by appends", "[history]") {
  History history = filled(1000);
  for (int round = 0; round < 50; ++round) {
    bool is_good = false;
    std::thread reader([copy = history, &is_good] { is_good = is_intact(copy); });
    for (int i = 0; i < 20; ++i) append(history, 1000 + round * 20 + i);
    reader.join();
    REQUIRE(is_good);
  }
  CHECK(is_intact(history));
}

TEST_CASE("fits are those due when a trial had finished, or all", "[history]") {
  History history(1);
  for (const int seq : {3, 5, 9}) history.append({.number = seq, .history_seq = seq}, Values{1.0});
  history.append(RungValue{.trial = 8, .history_seq = 4});
  CHECK(history.model_count() == 3);
  for (const auto& [seq, count] :
       {std::pair{1, 0U}, {3, 1U}, {4, 1U}, {8, 2U}, {9, 3U}, {99, 3U}}) {
    history.set_model_seq(seq);
    CHECK(history.model_count() == count);
    CHECK(history.model_rung_count() == (seq >= 4 ? 1 : 0));
  }
}

TEST_CASE("rungs' values come back in their order, and a copy keeps its own", "[history]") {
  History history = filled(2);
  CHECK(history.seen_seq() == 2);
  for (int i = 0; i < 1500; ++i) {
    history.append(RungValue{.trial = i, .rung = 1, .value = i * 1.0, .history_seq = 3 + i / 2});
  }
  const History copy = history;
  history.append(RungValue{.trial = 1500, .history_seq = 5000});
  CHECK(copy.rung_value_count() == 1500);
  CHECK(history.rung_value_count() == 1501);
  CHECK(copy.rung_value(1499).trial == 1499);
  CHECK(copy.seen_seq() == 752);
  CHECK(history.seen_seq() == 5000);
  CHECK(history.history_seq() == 2);
}

TEST_CASE("open trials are what was set last", "[history]") {
  History history(1);
  history.set_open({{.number = 4, .values = {1.0}}});
  REQUIRE(history.open().size() == 1);
  CHECK(history.open()[0].number == 4);
}
