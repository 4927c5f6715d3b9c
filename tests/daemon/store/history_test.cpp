// A study's history as its strategy gets it.
#include "schema/history.hpp"

#include <catch2/catch.hpp>

#include "fixture.hpp"

using namespace hpo;
using namespace hpo::test;

TEST_CASE("a history holds the finished trials of one study in the order of history_seq",
          "[store]") {
  TempDir dir;
  auto store = open_store(dir.db());
  LegalHistory legal(9);
  const std::int64_t id = create(legal, *store, "jets");
  create(legal, *store, "other");
  for (int batch = 0; batch < 100; ++batch) advance(legal, *store, 40);
  const engine::Study& study = legal.studies().at(id);
  auto reader = must(store::Reader::open(dir.db()));

  const std::int64_t last = store->last_history_seq();
  const History whole = must(reader->history(id, study.spec->space, last));
  REQUIRE(whole.finished_count() == static_cast<std::size_t>(study.progress.finished()));
  std::int64_t before = 0;
  for (std::size_t i = 0; i < whole.finished_count(); ++i) {
    const FinishedTrial& finished = whole.finished(i);
    CHECK(finished.history_seq > before);
    before = finished.history_seq;
    const Trial trial = must(store->load_trial(id, finished.number));
    const auto values = whole.values(i);
    CHECK(Values(values.begin(), values.end()) == trial.values);
    CHECK(finished.state == trial.state);
    CHECK(finished.origin == trial.origin);
    CHECK(finished.value == trial.value.value_or(0.0));
  }

  const std::int64_t half = whole.finished(whole.finished_count() / 2).history_seq;
  const History part = must(reader->history(id, study.spec->space, half));
  CHECK(part.finished_count() == whole.finished_count() / 2 + 1);
  CHECK(part.history_seq() == half);
}
