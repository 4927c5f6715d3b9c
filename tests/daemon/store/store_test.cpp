// Transactions: what commit() keeps, what undo() and rollback() take back, what the schema refuses.
#include "daemon/store/store.hpp"

#include "daemon/store/sqlite.hpp"
#include "fixture.hpp"
#include "fold.hpp"

using namespace hpo;
using namespace hpo::test;

namespace {

Event created_at(std::int64_t ns) { return {.at_ns = ns, .body = StudyCreated{}}; }

}  // namespace

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

TEST_CASE("a name is taken once, and the failed command can be undone", "[store]") {
  TempDir dir;
  auto store = open_store(dir.db());
  must(store->begin());
  must(store->savepoint());
  must(store->create_study(spec_of("jets"), "h1", created_at(1)));
  must(store->release());
  must(store->savepoint());
  const auto again = store->create_study(spec_of("jets"), "h2", created_at(2));
  REQUIRE_FALSE(again);
  CHECK(again.error().code == ErrorCode::conflict);
  must(store->undo());
  must(store->commit());
  const auto found = must(store->find_study("jets"));
  REQUIRE(found);
  CHECK(found->content_hash == "h1");
  CHECK_FALSE(must(store->find_study("nets")));
}

TEST_CASE("a double dispatch is refused by the database itself", "[store]") {
  TempDir dir;
  auto store = open_store(dir.db());
  LegalHistory history(1);
  const std::int64_t id = create(history, *store, "jets");
  engine::Study study = history.studies().at(id);
  const Event made{.at_ns = 5, .body = TrialCreated{.values = {0.1, std::int64_t{3}, true, false}}};
  const auto created = must(engine::apply(study, made));
  const auto write_attempt = [&](int number, AttemptState state) {
    const Attempt attempt{.number = number, .state = state, .job = "j" + std::to_string(number)};
    Event event{.at_ns = 6, .body = AttemptSubmitting{.attempt = number}};
    if (!is_live(state)) event.body = AttemptEnded{.attempt = number};
    return store->write(study, {.attempt = attempt}, event);
  };
  must(store->begin());
  must(store->write(study, created, made));
  must(store->savepoint());
  must(write_attempt(1, AttemptState::running));
  const auto second = write_attempt(2, AttemptState::submitting);
  REQUIRE_FALSE(second);
  CHECK(second.error().code == ErrorCode::conflict);
  must(store->undo());
  must(write_attempt(1, AttemptState::lost));
  must(write_attempt(2, AttemptState::submitting));
  must(store->commit());
}

TEST_CASE("a trial that was never created cannot be changed", "[store]") {
  TempDir dir;
  auto store = open_store(dir.db());
  LegalHistory history(1);
  const engine::Study study = history.studies().at(create(history, *store, "jets"));
  must(store->begin());
  const auto written = store->write(study, {.trial = Trial{.number = 8}},
                                    {.body = TrialCancelled{.trial = 8}});
  REQUIRE_FALSE(written);
  CHECK(written.error().code == ErrorCode::corrupt);
}

TEST_CASE("a write outside a transaction is refused", "[store]") {
  TempDir dir;
  auto store = open_store(dir.db());
  CHECK(store->remember("k", "r", {}).error().code == ErrorCode::internal);
  CHECK(store->commit().error().code == ErrorCode::internal);
  CHECK(store->undo().error().code == ErrorCode::internal);
}

TEST_CASE("a reply is remembered by key and route, across a restart", "[store]") {
  TempDir dir;
  {
    auto store = open_store(dir.db());
    must(store->begin());
    must(store->remember("key", "POST /v1/studies", {"hash", true, "{\"name\":\"jets\"}"}));
    must(store->commit());
  }
  auto store = open_store(dir.db());
  const auto reply = must(store->recall("key", "POST /v1/studies"));
  REQUIRE(reply);
  CHECK(reply->body_hash == "hash");
  CHECK(reply->created);
  CHECK(reply->body == "{\"name\":\"jets\"}");
  CHECK_FALSE(must(store->recall("key", "POST /v1/other")));
  CHECK_FALSE(must(store->recall("other", "POST /v1/studies")));
}
