// Studies, trials, attempts and events as REST asks for them.
#include "daemon/store/reader.hpp"

#include <sqlite3.h>

#include <catch2/catch.hpp>
#include <chrono>
#include <map>
#include <set>

#include "daemon/store/sqlite.hpp"
#include "fixture.hpp"
#include "schema/json/node.hpp"

using namespace hpo;
using namespace hpo::test;

namespace {

struct Filled {
  TempDir dir{};
  std::unique_ptr<store::Store> store = open_store(dir.db());
  LegalHistory history{22};
  std::unique_ptr<store::Reader> reader{};
  std::int64_t a = 0;

  Filled() {
    a = create(history, *store, "alpha");
    create(history, *store, "beta");
    create(history, *store, "gamma");
    for (int batch = 0; batch < 60; ++batch) advance(history, *store, 20);
    reader = must(store::Reader::open(dir.db()));
  }
};

int count(const engine::Study& study, TrialState state) {
  int found = 0;
  for (const auto& [number, live] : study.open) found += live.trial.state == state ? 1 : 0;
  return found;
}

int queued(const engine::Study& study) {
  int found = 0;
  for (const auto& [number, live] : study.open) {
    const bool has_started = live.attempt && live.attempt->state == AttemptState::running;
    found += live.trial.state == TrialState::running && !has_started ? 1 : 0;
  }
  return found;
}

}  // namespace

TEST_CASE("a study's row has its counters, its open trials counted and its best params",
          "[store]") {
  Filled f;
  for (const auto& [id, study] : f.history.studies()) {
    const store::StudyRow row = must(f.reader->study(study.spec->name));
    CHECK(row.id == id);
    CHECK(row.progress == study.progress);
    CHECK(row.running == count(study, TrialState::running));
    CHECK(row.waiting == count(study, TrialState::waiting));
    CHECK(row.queued == queued(study));
    CHECK_THAT(row.spec, Catch::Contains("\"" + study.spec->name + "\""));
    REQUIRE(study.progress.best_trial);
    const store::TrialRow best = must(f.reader->trial(row.name, *study.progress.best_trial));
    CHECK(row.best_params == best.params);
    CHECK_THAT(row.best_params, Catch::StartsWith("{\"lr\""));
    REQUIRE(study.progress.recommended_trial);
    CHECK(row.recommended_params ==
          must(f.reader->trial(row.name, *study.progress.recommended_trial)).params);
    CHECK(row.strategies == "tpe");  // of all that a strategy proposed
  }
}

TEST_CASE("studies come by name, page by page", "[store]") {
  Filled f;
  const auto first = must(f.reader->studies("", 2));
  REQUIRE(first.size() == 2);
  CHECK(first[0].name == "alpha");
  CHECK(first[1].name == "beta");
  const auto second = must(f.reader->studies("beta", 2));
  REQUIRE(second.size() == 1);
  CHECK(second[0].name == "gamma");
}

TEST_CASE("an unknown study is not found, and the near name is offered", "[store]") {
  Filled f;
  const auto row = f.reader->study("alpah");
  REQUIRE_FALSE(row);
  CHECK(row.error().code == ErrorCode::not_found);
  CHECK_THAT(row.error().remedy, Catch::Contains("\"alpha\""));
  CHECK_THAT(f.reader->study("unlike").error().remedy, Catch::Contains("hpo status"));
  CHECK(f.reader->trials({.study = "alpah"}).error().code == ErrorCode::not_found);
  CHECK(f.reader->attempts("alpah", 0).error().code == ErrorCode::not_found);
}

TEST_CASE("a trial is shown with the slot of its latest attempt", "[store]") {
  Filled f;
  int shown = 0;
  for (const auto& [id, study] : f.history.studies()) {
    const std::string& name = study.spec->name;
    for (const auto& [number, live] : study.open) {
      const store::TrialRow row = must(f.reader->trial(name, number));
      CHECK(row.trial.state == live.trial.state);
      CHECK(row.slot.has_value() == live.attempt.has_value());
      if (live.attempt) CHECK(row.slot == live.attempt->slot);
      const auto attempts = must(f.reader->attempts(name, number));
      CHECK(attempts.size() == static_cast<std::size_t>(live.trial.attempts));
      ++shown;
    }
  }
  CHECK(shown > 0);
  CHECK(f.reader->trial("alpha", 99999).error().code == ErrorCode::not_found);
}

// What a trial ended with, if that came late; else its latest.
const Attempt* shown_of(const Trial& trial, const std::vector<Attempt>& attempts) {
  const bool may_be_late = trial.state == TrialState::completed ||
                           trial.state == TrialState::pruned ||
                           trial.state == TrialState::infeasible;
  for (const Attempt& each : attempts) {
    const OutcomeStatus status = each.outcome.status;
    const bool has_result = status <= OutcomeStatus::infeasible;
    if (may_be_late && each.state == AttemptState::late && has_result) return &each;
  }
  return attempts.empty() ? nullptr : &attempts.back();
}

// A completed trial of the study that has, behind its first attempt, which was late, another one.
int add_newer_attempt(Filled& f, const engine::Study& study) {
  const auto page = must(f.reader->trials({.study = study.spec->name,
                                           .state = TrialState::completed, .limit = 1}));
  const int number = page.trials.at(0).trial.number;
  Attempt first = must(f.reader->attempts(study.spec->name, number)).at(0);
  first.state = AttemptState::late;
  first.outcome = {.status = OutcomeStatus::completed, .value = 0.5, .started_ns = 7};
  Attempt second{.trial = number, .number = 2, .state = AttemptState::succeeded, .job = "second",
                 .outcome = first.outcome};
  second.outcome.started_ns = 9;
  must(f.store->begin());
  for (const Attempt& each : {first, second}) {
    must(f.store->write(study, {.attempt = each},
                        {.body = AttemptIncident{number, each.number, "", each.job}}));
  }
  must(f.store->commit());
  return number;
}

TEST_CASE("a trial is shown with the attempt that it ended with, or its latest", "[store]") {
  Filled f;
  int timed = 0;
  const engine::Study& beta = std::ranges::find_if(f.history.studies(), [](const auto& entry) {
    return entry.second.spec->name == "beta";
  })->second;
  const int late = add_newer_attempt(f, beta);
  CHECK(must(f.reader->trial("beta", late)).attempt == 1);
  const auto page = must(f.reader->trials({.study = "beta", .limit = 1000}));
  for (const store::TrialRow& row : page.trials) {
    const auto attempts = must(f.reader->attempts("beta", row.trial.number));
    const Attempt* shown = shown_of(row.trial, attempts);
    CHECK(row.attempt == (shown ? std::optional(shown->number) : std::nullopt));
    CHECK(row.started_ns.value_or(0) == (shown ? shown->outcome.started_ns : 0));
    CHECK(row.ended_ns.value_or(0) == (shown ? shown->outcome.ended_ns : 0));
    timed += row.started_ns ? 1 : 0;
  }
  CHECK(timed > 0);
}

TEST_CASE("a trial's doubts and incidents are told in order, and nothing else", "[store]") {
  Filled f;
  std::map<int, std::vector<std::int64_t>> wanted;
  std::set<std::string> kinds;
  for (const store::EventRow& event : must(f.reader->events(0, "beta", 100'000))) {
    const bool is_doubt = event.kind == "attempt_unknown" || event.kind == "attempt_absent" ||
                          event.kind == "attempt_incident";
    if (!is_doubt) continue;
    kinds.insert(event.kind);
    const auto data = must(json::parse_own(event.data, "event"));
    wanted[static_cast<int>(json::integer_at(data, "trial"))].push_back(event.seq);
  }
  CHECK(kinds.size() == 3);
  for (const auto& [trial, seqs] : wanted) {
    std::vector<std::int64_t> told;
    for (const auto& event : must(f.reader->doubts("beta", trial))) told.push_back(event.seq);
    CHECK(told == seqs);
  }
  CHECK(must(f.reader->doubts("beta", 99999)).empty());
}

TEST_CASE("events come in order after a number, of all studies or of one", "[store]") {
  Filled f;
  const std::int64_t last = must(f.reader->last_event_seq());
  CHECK(last == f.store->last_event_seq());
  std::int64_t after = 0;
  std::size_t of_alpha = 0;
  while (after < last) {
    const auto events = must(f.reader->events(after, "", 100));
    REQUIRE_FALSE(events.empty());
    for (const store::EventRow& event : events) {
      CHECK(event.seq == ++after);
      of_alpha += event.study == "alpha" ? 1U : 0U;
    }
  }
  CHECK(must(f.reader->events(last, "", 100)).empty());
  const auto alpha = must(f.reader->events(0, "alpha", 100'000));
  CHECK(alpha.size() == of_alpha);
  CHECK(alpha.front().kind == "study_created");
}

TEST_CASE("a reader sees whole transactions, and keeps up with the writer", "[store]") {
  Filled f;
  const std::int64_t before = must(f.reader->last_event_seq());
  must(f.store->begin());
  must(f.history.advance(*f.store));
  CHECK(must(f.reader->last_event_seq()) == before);
  must(f.store->commit());
  CHECK(must(f.reader->last_event_seq()) == before + 1);
}

TEST_CASE("a read that takes longer than 2 s is stopped", "[store]") {
  TempDir dir;
  auto store = open_store(dir.db());
  const NoteOpened noted;
  auto reader = must(store::Reader::open(dir.db()));
  must(reader->last_event_seq());  // its deadline holds for what follows on its connection
  const auto start = std::chrono::steady_clock::now();
  const int rc = sqlite3_exec(noted.last(), "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL "
                                            "SELECT i + 1 FROM n) SELECT count(*) FROM n",
                              nullptr, nullptr, nullptr);
  const auto took = std::chrono::steady_clock::now() - start;
  CHECK(rc == SQLITE_INTERRUPT);
  CHECK(took > std::chrono::milliseconds(1500));
  CHECK(took < std::chrono::seconds(20));
}

TEST_CASE("a reader cannot write", "[store]") {
  Filled f;
  auto database =
      must(store::Database::open(f.dir.db(), "unix-excl", store::Database::Access::read));
  CHECK_FALSE(database.execute("DELETE FROM events"));
}
