// What a command may write, and what the schema refuses by itself.
#include "daemon/store/store.hpp"

#include <catch2/catch.hpp>

#include "fixture.hpp"

using namespace hpo;
using namespace hpo::test;

namespace {

Event created_at(std::int64_t ns) { return {.at_ns = ns, .body = StudyCreated{}}; }

}  // namespace

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

TEST_CASE("a token is found by its hash alone until it expires or is revoked, across a restart",
          "[store]") {
  TempDir dir;
  LegalHistory history(1);
  std::int64_t study = 0;
  {
    auto store = open_store(dir.db());
    study = create(history, *store, "jets");
    must(store->begin());
    must(store->keep_token(study, "good", std::chrono::seconds(3600)));
    must(store->keep_token(study, "good", std::chrono::seconds(7200)));  // an answer was lost
    must(store->keep_token(study, "old", std::chrono::seconds(-1)));
    must(store->commit());
  }
  auto store = open_store(dir.db());
  auto reader = must(store::Reader::open(dir.db()));
  const auto good = must(reader->token("good"));
  REQUIRE(good);
  CHECK(good->study == "jets");
  CHECK(good->left > std::chrono::seconds(3500));
  CHECK(good->left <= std::chrono::seconds(3600));
  CHECK(must(reader->token("old"))->left <= std::chrono::seconds(0));
  CHECK_FALSE(must(reader->token("unknown")));
  CHECK(must(store->count_tokens(study)) == 2);
  must(store->begin());
  must(store->drop_token("old"));
  must(store->drop_token("unknown"));
  CHECK(must(store->count_tokens(study)) == 1);
  must(store->revoke_tokens(study));
  must(store->commit());
  CHECK_FALSE(must(reader->token("good")));
  CHECK(must(store->count_tokens(study)) == 0);
}

TEST_CASE("where jobs were submitted is known after a restart, of studies that submitted any",
          "[store]") {
  TempDir dir;
  std::string executor;
  {
    auto store = open_store(dir.db());
    LegalHistory history(1);
    create(history, *store, "idle");
    executor = history.studies().begin()->second.spec->executor.type;
    CHECK_FALSE(must(store->has_submitted_to(executor)));
    create(history, *store, "busy");
    advance(history, *store, 200);
  }
  auto store = open_store(dir.db());
  CHECK(must(store->has_submitted_to(executor)));
  CHECK_FALSE(must(store->has_submitted_to("pbs")));
}

TEST_CASE("how long a submission was looked for in vain outlives a restart", "[store]") {
  using std::chrono::seconds;
  TempDir dir;
  {
    auto store = open_store(dir.db());
    CHECK(must(store->absence_of("job")) == seconds(0));
    must(store->begin());
    must(store->keep_absence("job", seconds(15)));
    must(store->keep_absence("job", seconds(30)));
    must(store->commit());
    must(store->begin());
    must(store->keep_absence("job", seconds(45)));
    store->rollback();
  }
  auto store = open_store(dir.db());
  CHECK(must(store->absence_of("job")) == seconds(30));
  CHECK(must(store->absence_of("other")) == seconds(0));
}
