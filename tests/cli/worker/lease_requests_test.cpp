// What a worker says, and when: a request, an answer that comes or does not, an instant.
#include "tests/cli/worker/lease_book_support.hpp"

using namespace hpo;
using namespace hpo::cli::worker;

TEST_CASE("an idle worker asks for its slots, and a quarter of them ahead, and waits", "[worker]") {
  const auto [slots, ahead] = GENERATE(table<int, int>({{1, 1}, {4, 1}, {8, 2}, {16, 4}}));
  LeaseBook book = book_of({.slots = slots});
  const auto request = book.next_request(1s);
  REQUIRE(request);
  CHECK(request->start == slots);
  CHECK(request->ahead == ahead);
  CHECK(request->wait == 20s);
  CHECK(book.is_waiting());
  CHECK_FALSE(book.next_request(1s));  // one at a time
}

TEST_CASE("a worker does not wait longer than a quarter of the lease", "[worker]") {
  LeaseBook book({.slots = 1}, StudyState::running, 8s);
  CHECK(book.next_request(1s)->wait == 2s);
}

TEST_CASE("a trial is said to load for as long as its script does", "[worker]") {
  LeaseBook book = book_with({.slots = 2}, {leased(0, true), leased(1, true)});
  book.loading({key(1)});
  auto request = book.next_request(200s);
  REQUIRE(request);
  CHECK(to_json(*request).find(
            R"("holds":[{"trial":0,"fence":1},{"trial":1,"fence":1,"is_loading":true}])") !=
        std::string::npos);
  book.answered(reply_with({}), 200s);
  book.loading({});
  request = book.next_request(300s);
  REQUIRE(request);
  CHECK(to_json(*request).find("is_loading") == std::string::npos);
}

TEST_CASE("what an unanswered request said is said again, and what was answered is not",
          "[worker]") {
  LeaseBook book = book_with({.slots = 1}, {leased(0, true)});
  book.reported(key(0), {.step = 1, .metrics = {{"auc", 0.5}}});
  book.ended(key(0), completed, 2s);
  auto request = book.next_request(2s);
  REQUIRE(request);
  CHECK(request->reports.size() == 1);
  book.unanswered(2s, 0.0);
  CHECK_FALSE(book.next_request(2s));
  const Instant again = book.wake_at(2s);
  CHECK(again == 2s + 50ms);
  request = book.next_request(again);
  REQUIRE(request);
  CHECK(request->reports.size() == 1);
  CHECK(request->ended.size() == 1);
  book.answered(reply_with({}), again);
  request = book.next_request(again + 1s);
  REQUIRE(request);
  CHECK_FALSE(request->says_something());
  CHECK(request->holds.empty());
}

TEST_CASE("the back-off grows to a quarter of the lease and no further", "[worker]") {
  LeaseBook book = book_with({.slots = 1}, {leased(0, true)});
  Instant now = 100s;
  for (int failure = 0; failure < 20; ++failure) {
    REQUIRE(book.next_request(now));
    book.unanswered(now, 1.0);
    const Instant next = book.wake_at(now);
    CHECK(next > now);
    CHECK(next - now <= 30s);
    now = next;
  }
  CHECK(now - 100s > 5min);
}

TEST_CASE("after two quiet seconds a busy worker listens, which renews its leases", "[worker]") {
  LeaseBook book = book_with({.slots = 1}, {leased(0, true), leased(1, false)});
  CHECK_FALSE(book.next_request(2s));
  CHECK(book.wake_at(2s) == 3s);
  const auto request = book.next_request(3s);
  REQUIRE(request);
  CHECK(request->holds.size() == 2);
  CHECK(request->wait == 20s);
  CHECK_FALSE(request->says_something());
}

TEST_CASE("a drained worker does not leave before it knows what was granted to it", "[worker]") {
  LeaseBook book = book_of({.slots = 1});
  REQUIRE(book.next_request(1s));  // waits for a trial
  book.drain("told to");
  REQUIRE(book.interrupts_wait());
  book.withdrawn();
  CHECK_FALSE(book.is_done(2s));
  auto request = book.next_request(2s);
  REQUIRE(request);
  CHECK(request->wait == 0s);
  book.answered(reply_with({leased(0, false), leased(1, true)}), 2s);  // of the withdrawn request
  CHECK(begun(book.take_actions(2s)).empty());
  request = book.next_request(2s);
  REQUIRE(request);
  CHECK(request->returned == std::vector{key(0)});
  CHECK(request->ended.at(0).outcome.failure == FailureClass::preempted);
  book.answered(reply_with({}), 2s);
  CHECK(book.is_done(2s));
}

TEST_CASE("a waiting request is withdrawn for a result, not for nothing", "[worker]") {
  LeaseBook book = book_with({.slots = 2}, {leased(0, true)});
  REQUIRE(book.next_request(2s));
  REQUIRE(book.is_waiting());
  CHECK_FALSE(book.interrupts_wait());
  book.ended(key(0), completed, 3s);
  CHECK(book.interrupts_wait());
}

TEST_CASE("of many steps a request takes so many, and the end follows the last", "[worker]") {
  LeaseBook book = book_with({.slots = 1, .reports_max = 3}, {leased(0, true)});
  for (int step = 0; step < 5; ++step) book.reported(key(0), {step, {{"auc", 0.5}}});
  book.ended(key(0), completed, 2s);
  auto request = book.next_request(2s);
  REQUIRE(request);
  CHECK(request->reports.size() == 3);
  CHECK(request->ended.empty());
  CHECK(request->holds == std::vector{key(0)});
  book.answered(reply_with({}), 2s);
  request = book.next_request(2s);
  REQUIRE(request);
  CHECK(request->reports.size() == 2);
  CHECK(request->reports.at(0).report.step == 3);
  CHECK(request->ended.size() == 1);
}

TEST_CASE("results that are too large for one request go in several", "[worker]") {
  LeaseBook book = book_with({.slots = 3, .bytes_max = 1000},
                             {leased(0, true), leased(1, true), leased(2, true)});
  Outcome outcome = completed;
  outcome.message = std::string(700, 'x');
  for (int trial = 0; trial < 3; ++trial) book.ended(key(trial), outcome, 2s);
  const auto first = book.next_request(2s);
  REQUIRE(first);
  CHECK(first->ended.size() == 2);
  CHECK(first->holds == std::vector{key(2)});
  book.answered(reply_with({}), 2s);
  const auto second = book.next_request(2s);
  REQUIRE(second);
  CHECK(second->ended.size() == 1);
  CHECK(second->holds.empty());
}

TEST_CASE("steps that the daemon refuses are left out, the result is told", "[worker]") {
  LeaseBook book = book_with({.slots = 1}, {leased(0, true)});
  book.reported(key(0), {1, {{"auc", 0.5}}});
  book.ended(key(0), completed, 2s);
  REQUIRE(book.next_request(2s));
  CHECK(book.refused());
  const auto request = book.next_request(2s);
  REQUIRE(request);
  CHECK(request->reports.empty());
  CHECK(request->ended.size() == 1);
  CHECK_FALSE(book.refused());
  CHECK(book.reports_refused() == 1);
}

TEST_CASE("a daemon that answers at once and has nothing is not asked in a loop", "[worker]") {
  LeaseBook book = book_of({.slots = 1});
  Reply reply = reply_with({});
  reply.wait = 5s;
  REQUIRE(book.next_request(1s));
  book.answered(reply, 1s);
  CHECK_FALSE(book.next_request(1s));
  CHECK(book.wake_at(1s) == 6s);
  REQUIRE(book.next_request(6s));
  book.answered(reply_with({}), 6s);
  CHECK_FALSE(book.next_request(6s));
  CHECK(book.wake_at(6s) == 6s + 20ms);
}
