// What the engine strand reads: trials to retry, and every job name of a trial.
#include "daemon/store/store.hpp"

#include <catch2/catch.hpp>

#include "fixture.hpp"

using namespace hpo;
using namespace hpo::test;

namespace {

// A study whose events are written one by one.
struct Driven {
  store::Store& store;
  engine::Study study{};

  explicit Driven(store::Store& s, const std::string& name) : store(s) {
    const StudySpec spec = spec_of(name);
    const Event event{.at_ns = 1, .body = StudyCreated{}};
    must(store.begin());
    study.id = must(store.create_study(spec, "h", event));
    must(store.commit());
    study.spec = std::make_shared<const StudySpec>(spec);
    must(engine::apply(study, event));
  }

  void happen(Event event) {
    event.at_ns = 5;
    event.history_seq = store.last_history_seq() + 1;
    const auto changes = must(engine::apply(study, event));
    must(store.begin());
    must(store.write(study, changes, event));
    must(store.commit());
  }

  void fail(int trial) {
    happen({.body = TrialCreated{.trial = trial, .values = values()}});
    const std::string job = "j" + std::to_string(trial);
    happen({.body = AttemptSubmitting{.trial = trial, .job = job}});
    happen({.body = AttemptSubmitted{.trial = trial, .job = job, .native_id = "1"}});
    Outcome outcome{.failure = FailureClass::exit_code, .exit_code = 1};
    happen({.body = AttemptEnded{.trial = trial, .outcome = outcome}});
  }

  static Values values() { return {0.01, std::int64_t{8}, true, false}; }
};

}  // namespace

TEST_CASE("failed trials are those that no later trial retries", "[store]") {
  TempDir dir;
  auto store = open_store(dir.db());
  Driven jets(*store, "jets");
  for (int trial = 0; trial < 3; ++trial) jets.fail(trial);
  CHECK(must(store->failed_trials(jets.study.id)) == std::vector<int>{0, 1, 2});
  jets.happen({.body = TrialCreated{.trial = 3, .values = Driven::values(),
                                    .origin = Origin::retry, .retry_of = 1}});
  CHECK(must(store->failed_trials(jets.study.id)) == std::vector<int>{0, 2});
}

TEST_CASE("a finished trial comes back with its values and its failure", "[store]") {
  TempDir dir;
  auto store = open_store(dir.db());
  Driven jets(*store, "jets");
  jets.fail(0);
  const Trial trial = must(store->load_trial(jets.study.id, 0));
  CHECK(trial.values == Driven::values());
  CHECK(trial.state == TrialState::failed);
  CHECK(trial.failure == FailureClass::exit_code);
  CHECK(trial.history_seq == 1);
  CHECK(store->load_trial(jets.study.id, 9).error().code == ErrorCode::not_found);
}

TEST_CASE("a trial's jobs are listed oldest first, those never submitted too", "[store]") {
  TempDir dir;
  auto store = open_store(dir.db());
  Driven jets(*store, "jets");
  jets.happen({.body = TrialCreated{.trial = 0, .values = Driven::values()}});
  jets.happen({.body = AttemptSubmitting{.job = "zz"}});
  jets.happen({.body = AttemptAbsent{}});
  jets.happen({.body = AttemptSubmitting{.job = "aa"}});
  CHECK(must(store->jobs_of(jets.study.id, 0)) == std::vector<std::string>{"zz", "aa"});
  CHECK(must(store->jobs_of(jets.study.id, 1)).empty());
}

TEST_CASE("a restart finds the lost attempts of open trials", "[store]") {
  TempDir dir;
  auto store = open_store(dir.db());
  Driven jets(*store, "jets");
  jets.happen({.body = TrialCreated{.trial = 0, .values = Driven::values()}});
  jets.happen({.body = AttemptSubmitting{.job = "a"}});
  jets.happen({.body = AttemptSubmitted{.job = "a", .native_id = "1", .is_running = true}});
  const Outcome lost{.status = OutcomeStatus::lost, .failure = FailureClass::lost};
  jets.happen({.body = AttemptEnded{.outcome = lost}});
  jets.happen({.body = AttemptSubmitting{.attempt = 2, .job = "b"}});
  const engine::Study loaded = must(store->load(jets.study.id));
  REQUIRE(loaded.open.size() == 1);
  CHECK(loaded.open.at(0).attempt->job == "b");
  CHECK(loaded.open.at(0).lost == jets.study.open.at(0).lost);
  CHECK(loaded.running == jets.study.running);
}

TEST_CASE("a restart finds what attempts asked for and what the study's jobs have used",
          "[store]") {
  TempDir dir;
  auto store = open_store(dir.db());
  Driven jets(*store, "jets");
  jets.happen({.body = TrialCreated{.trial = 0, .values = Driven::values()}});
  jets.happen({.body = AttemptSubmitting{.job = "a"}});
  const Outcome timeout{.failure = FailureClass::timeout, .started_ns = 1,
                        .ended_ns = 1 + std::chrono::nanoseconds(std::chrono::hours(1)).count()};
  jets.happen({.body = AttemptEnded{.outcome = timeout}});
  jets.happen({.body = AttemptSubmitting{.attempt = 2, .job = "b"}});
  const engine::Study loaded = must(store->load(jets.study.id));
  CHECK(loaded.progress == jets.study.progress);
  CHECK(loaded.open == jets.study.open);
  CHECK(loaded.open.at(0).attempt->asked ==
        Asked{.time = std::chrono::hours(2), .memory_bytes = std::int64_t{1} << 30U});
  CHECK(loaded.progress.spent_node_ms == 2 * 3'600'000);
  const auto reader = must(store::Reader::open(dir.db()));
  CHECK(must(reader->attempts("jets", 0)).at(0).asked.time == std::chrono::hours(1));
}

TEST_CASE("the tables know every reason of a study", "[store]") {
  TempDir dir;
  auto store = open_store(dir.db());
  for (const std::string_view reason : words<StudyReason>) {
    Driven study(*store, std::string(reason));
    study.happen({.body = StudyEnded{StudyState::finished, *from_word<StudyReason>(reason)}});
    CHECK(word(must(store->load(study.study.id)).progress.reason) == reason);
  }
}
