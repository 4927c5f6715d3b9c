// Reports: kept once for each step, read as they came, undone with their transaction.
#include <catch2/catch.hpp>

#include <cmath>

#include "fixture.hpp"

using namespace hpo;
using namespace hpo::test;

namespace {

JudgedReport row_of(int trial, std::int64_t step, std::int64_t seq, double value) {
  return {.report = {.trial = trial, .step = step, .value = value, .metrics = {{"auc", 0.5}},
                     .seq = seq}};
}

// What retell() says, a word each: "r1/3" is step 3 of trial 1, "e0" the end of trial 0.
std::string retold(store::Store& store, std::int64_t study) {
  std::string text;
  must(store.retell(study, {
      .report = [&](const JudgedReport& row) {
        const Report& report = row.report;
        text += "r" + std::to_string(report.trial) + "/" + std::to_string(report.step) + " ";
      },
      .end = [&](int trial, TrialState, double) { text += "e" + std::to_string(trial) + " "; }}));
  return text;
}

}  // namespace

TEST_CASE("a report reads back as it was told, with what the pruner said of it", "[store]") {
  TempDir dir;
  auto store = open_store(dir.db());
  LegalHistory history(1);
  const std::int64_t id = create(history, *store, "jets");
  JudgedReport judged = row_of(0, 3, 8, std::nan(""));
  judged.decision = {Verdict::stop, 2, "rank 3 of 3"};
  judged.report.is_late = true;
  must(store->begin());
  must(store->write_report(id, row_of(0, 1, 7, 0.25)));
  must(store->write_report(id, judged));
  must(store->commit());
  CHECK(store->last_history_seq() == 8);
  auto reader = must(store::Reader::open(dir.db()));
  const auto rows = must(reader->reports({.study = "jets", .trial = 0}));
  REQUIRE(rows.size() == 2);
  CHECK(rows[0].report == row_of(0, 1, 7, 0.25).report);
  CHECK(rows[0].decision == Decision{});
  CHECK(std::isnan(rows[1].report.value));
  CHECK(rows[1].decision == judged.decision);
  CHECK(rows[1].report.is_late);
  must(store->retell(id, {.report = [&](const JudgedReport& row) {
                            CHECK(row.report.is_late == (row.report.step == 3));
                          },
                          .end = [](int, TrialState, double) { FAIL("no trial has ended"); }}));
  CHECK(must(reader->reports({.study = "jets", .trial = 0, .after = 1})).size() == 1);
  CHECK(must(reader->reports({.study = "jets", .after = 7})).size() == 1);
  CHECK(must(reader->reports({.study = "jets", .trial = 1})).empty());
}

TEST_CASE("a step is there once, and the tail knows the last one", "[store]") {
  TempDir dir;
  auto store = open_store(dir.db());
  LegalHistory history(1);
  const std::int64_t id = create(history, *store, "jets");
  CHECK(must(store->report_tail(id, 0)).last_step == -1);
  must(store->begin());
  must(store->write_report(id, row_of(0, 5, 1, 0.5)));
  must(store->write_report(id, row_of(0, 2, 2, 0.5)));
  CHECK_FALSE(store->write_report(id, row_of(0, 5, 3, 0.5)));
  must(store->commit());
  CHECK(must(store->report_tail(id, 0)).last_step == 5);
  CHECK(must(store->report_tail(id, 0)).count == 2);
  const auto found = must(store->find_report(id, 0, 2));
  REQUIRE(found);
  CHECK(found->value == 0.5);
  CHECK(found->attempt == row_of(0, 2, 2, 0.5).report.attempt);
  CHECK_FALSE(must(store->find_report(id, 0, 3)));
}

TEST_CASE("what is undone was never told, and its number is free again", "[store]") {
  TempDir dir;
  auto store = open_store(dir.db());
  LegalHistory history(1);
  const std::int64_t id = create(history, *store, "jets");
  must(store->begin());
  must(store->savepoint());
  must(store->write_report(id, row_of(0, 1, 1, 0.5)));
  must(store->undo());
  CHECK(store->last_history_seq() == 0);
  must(store->commit());
  CHECK(retold(*store, id).empty());
}

TEST_CASE("reports and ends are told again in the order of their numbers", "[store]") {
  TempDir dir;
  auto store = open_store(dir.db());
  LegalHistory history(3);
  const std::int64_t id = create(history, *store, "jets");
  while (store->last_history_seq() < 2) advance(history, *store, 1);
  const std::int64_t seq = store->last_history_seq();
  must(store->begin());
  must(store->write_report(id, row_of(90, 1, seq + 1, 0.5)));
  must(store->commit());
  while (store->last_history_seq() < seq + 2) advance(history, *store, 1);
  const std::string text = retold(*store, id);
  const auto place = text.find("r90/1 ");
  REQUIRE(place != std::string::npos);
  CHECK(std::count(text.begin(), text.begin() + static_cast<std::ptrdiff_t>(place), 'e') == 2);
  CHECK(std::count(text.begin(), text.end(), 'e') == 3);
}

TEST_CASE("a history has what trials told at rungs, by the first step that reached each",
          "[store]") {
  TempDir dir;
  auto store = open_store(dir.db());
  LegalHistory legal(1);
  const std::int64_t id = create(legal, *store, "jets");
  const std::int64_t other = create(legal, *store, "other");
  must(store->begin());
  must(store->write_report(id, row_of(0, 2, 1, 0.5)));             // rung 0, at 1
  must(store->write_report(other, row_of(0, 9, 2, 0.1)));
  must(store->write_report(id, row_of(1, 20, 3, std::nan(""))));   // all three at once
  must(store->write_report(id, row_of(0, 1, 4, 0.4)));             // goes back: nothing new
  must(store->write_report(id, row_of(0, 3, 5, 0.3)));             // rung 1, at 3
  must(store->write_report(id, row_of(0, 5, 6, 0.2)));
  must(store->write_report(id, row_of(0, 9, 7, 0.1)));             // rung 2, at 9, beyond the limit
  must(store->commit());
  auto reader = must(store::Reader::open(dir.db()));
  History history(1);
  must(reader->add_rungs(id, {1, 3, 9}, 6, history));
  std::string text;
  for (std::size_t i = 0; i < history.rung_value_count(); ++i) {
    const RungValue& value = history.rung_value(i);
    text += std::to_string(value.trial) + "/" + std::to_string(value.rung) + "@" +
            std::to_string(value.history_seq) + " ";
  }
  CHECK(text == "0/0@1 1/0@3 1/1@3 1/2@3 0/1@5 ");
  CHECK(history.rung_value(0).value == 0.5);
  CHECK(std::isnan(history.rung_value(1).value));
  CHECK(history.seen_seq() == 5);
  CHECK(must(reader->study("jets")).history_seq == 7);
}
