// Transactions: what commit() keeps, and what undo() and rollback() take back.
#include "daemon/store/store.hpp"

#include <catch2/catch.hpp>

#include "fixture.hpp"
#include "fold.hpp"

using namespace hpo;
using namespace hpo::test;

TEST_CASE("fold(events) equals the tables after a long random legal history", "[store]") {
  const auto seed = GENERATE(1U, 2U, 3U);
  INFO("seed " << seed);
  TempDir dir;
  auto store = open_store(dir.db());
  LegalHistory history(seed);
  for (const char* name : {"a", "b", "c"}) create(history, *store, name);
  for (int batch = 0; batch < 200; ++batch) advance(history, *store, 20);
  const Folded folded = fold(dir.db(), *store);
  CHECK(folded.difference == "");
  CHECK(folded.last_seq == 4003);
  CHECK(store->last_event_seq() == 4003);
  for (std::size_t kind = 0; kind < event_kinds.size(); ++kind) {
    INFO(event_kinds[kind]);
    CHECK(history.seen()[kind] > 0);
  }
  store.reset();
  store = open_store(dir.db());
  CHECK(fold(dir.db(), *store).difference == "");
  CHECK(integrity(dir.db()) == "ok");
}

TEST_CASE("what the daemon holds in memory is what a restart loads", "[store]") {
  TempDir dir;
  LegalHistory history(7);
  auto store = open_store(dir.db());
  create(history, *store, "a");
  create(history, *store, "b");
  for (int batch = 0; batch < 50; ++batch) advance(history, *store, 10);
  const std::int64_t last = store->last_history_seq();
  store.reset();
  store = open_store(dir.db());
  CHECK(store->last_history_seq() == last);
  std::size_t unfinished = 0;
  for (const auto& [id, study] : history.studies()) {
    unfinished += is_ended(study.progress.state) ? 0U : 1U;
    const engine::Study loaded = must(store->load(id));
    CHECK(loaded.progress == study.progress);
    CHECK(loaded.open.size() == study.open.size());
  }
  CHECK(must(store->load_unfinished()).size() == unfinished);
}

SCENARIO("undo() forgets one command, and the batch goes on", "[store]") {
  TempDir dir;
  LegalHistory history(3);
  auto store = open_store(dir.db());
  const std::int64_t id = create(history, *store, "jets");
  GIVEN("a batch in which the second command is undone") {
    must(store->begin());
    must(store->savepoint());
    for (int i = 0; i < 50; ++i) must(history.advance(*store));
    must(store->release());
    const auto kept = history.studies();
    const std::int64_t kept_seq = store->last_history_seq();
    must(store->savepoint());
    for (int i = 0; i < 50; ++i) must(history.advance(*store));
    REQUIRE(must(store->find_study("jets")).has_value());
    must(store->undo());
    history.put_back(kept);
    THEN("its rows, its study's counters and its numbers are gone, the first command's stay") {
      CHECK(store->last_history_seq() == kept_seq);
      CHECK(must(store->load(id)).progress == kept.at(id).progress);
      must(store->savepoint());
      for (int i = 0; i < 20; ++i) must(history.advance(*store));
      must(store->release());
      must(store->commit());
      const Folded folded = fold(dir.db(), *store);
      CHECK(folded.difference == "");
      CHECK(folded.last_seq == 1 + 50 + 20);
    }
  }
}

TEST_CASE("rollback() leaves the file as it was before begin()", "[store]") {
  TempDir dir;
  LegalHistory history(4);
  auto store = open_store(dir.db());
  const std::int64_t id = create(history, *store, "jets");
  advance(history, *store, 100);
  const auto before = history.studies();
  const std::int64_t last = store->last_history_seq();
  must(store->begin());
  must(store->savepoint());
  for (int i = 0; i < 100; ++i) must(history.advance(*store));
  must(store->release());
  store->rollback();
  CHECK(store->last_history_seq() == last);
  CHECK(store->last_event_seq() == 101);
  CHECK(must(store->load(id)).progress == before.at(id).progress);
  CHECK(fold(dir.db(), *store).difference == "");
}

TEST_CASE("a state that waits for the commit is already what find_study() says", "[store]") {
  TempDir dir;
  auto store = open_store(dir.db());
  LegalHistory history(1);
  const std::int64_t id = create(history, *store, "jets");
  engine::Study study = history.studies().at(id);
  const Event paused{.at_ns = 5, .body = StudyPaused{}};
  const auto changes = must(engine::apply(study, paused));
  must(store->begin());
  must(store->savepoint());
  must(store->write(study, changes, paused));
  CHECK(must(store->find_study("jets"))->state == StudyState::paused);
  must(store->undo());
  CHECK(must(store->find_study("jets"))->state == StudyState::running);
  store->rollback();
}
