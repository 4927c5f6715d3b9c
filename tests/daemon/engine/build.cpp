// See build.hpp.
#include "tests/daemon/engine/build.hpp"

#include <catch2/catch.hpp>

#include <chrono>
#include <memory>
#include <utility>
#include <variant>

namespace hpo::engine {

Study study_of(StudySpec spec) {
  return Study{.id = 1, .spec = std::make_shared<const StudySpec>(std::move(spec))};
}

StudySpec spec_of(int trials, int parallel) {
  StudySpec spec;
  spec.budget.trials = trials;
  spec.parallel = parallel;
  return spec;
}

StudySpec batch_spec(int trials, int parallel, std::optional<double> node_hours) {
  StudySpec spec = spec_of(trials, parallel);
  spec.executor = {.type = "slurm", .time = std::chrono::minutes(30),
                   .batch = {.nodes = 2, .memory_bytes = std::int64_t{1} << 30U}};
  spec.budget.node_hours = node_hours;
  spec.retry = {.max = 5, .on = {FailureClass::timeout, FailureClass::out_of_memory,
                                 FailureClass::lost},
                .scale = {.memory = 1.5, .time = 2.0}};
  return spec;
}

Event event_of(const Study& study, Body body) {
  return Event{.at_ns = 1, .history_seq = study.progress.finished() + 1, .body = std::move(body)};
}

Changes happens(Study& study, Body body) {
  auto changes = apply(study, event_of(study, std::move(body)));
  INFO((changes ? "" : changes.error().what));
  REQUIRE(changes);
  return *changes;
}

std::string objection(Study& study, Body body) {
  const Study before = study;
  const auto changes = apply(study, event_of(study, std::move(body)));
  if (changes) return "";
  CHECK(study == before);
  CHECK(changes.error().code == ErrorCode::corrupt);
  return changes.error().what;
}

bool is_refused(Study& study, Body body) {
  return !objection(study, std::move(body)).empty();
}

void add_trials(Study& study, int count) {
  for (int i = 0; i < count; ++i) happens(study, TrialCreated{.trial = study.progress.created});
}

void start(Study& study, int trial) {
  const int attempt = study.open.at(trial).trial.attempts + 1;
  const std::string job = "job" + std::to_string(trial) + "." + std::to_string(attempt);
  happens(study, AttemptSubmitting{.trial = trial, .attempt = attempt, .job = job});
  happens(study, AttemptSubmitted{.trial = trial, .attempt = attempt, .job = job,
                                  .native_id = "id-" + job, .is_running = true});
}

Study study_with(StudySpec spec, int running) {
  Study study = study_of(std::move(spec));
  add_trials(study, running);
  for (int trial = 0; trial < running; ++trial) start(study, trial);
  return study;
}

Outcome completed(double value) {
  return {.status = OutcomeStatus::completed, .exit_code = 0, .value = value};
}
Outcome failed(FailureClass failure) {
  return {.status = OutcomeStatus::failed, .failure = failure};
}
Outcome exited(int code) {
  return {.status = OutcomeStatus::failed, .failure = FailureClass::exit_code,
          .retry_asked = code == 75, .exit_code = code};
}
Outcome lost() { return {.status = OutcomeStatus::lost, .failure = FailureClass::lost}; }
Outcome cancelled() { return {.status = OutcomeStatus::cancelled}; }

Changes ends(Study& study, int trial, const Outcome& outcome) {
  return happens(study, AttemptEnded{trial, study.open.at(trial).trial.attempts, outcome});
}

void run_to_end(Study& study, const Outcome& outcome) {
  add_trials(study, 1);
  start(study, study.progress.created - 1);
  ends(study, study.progress.created - 1, outcome);
}

namespace {

std::string text(const Ask& a) {
  return "ask " + std::to_string(a.first_number) + " +" + std::to_string(a.count);
}
std::string text(const Start& a) {
  return "start " + std::to_string(a.trial) + "/" + std::to_string(a.attempt);
}
std::string text(const Locate& a) {
  return "locate " + std::to_string(a.trial) + "/" + std::to_string(a.attempt);
}
std::string text(const Cancel& a) {
  return "cancel " + std::to_string(a.trial) + "/" + std::to_string(a.attempt);
}
std::string text(const Pause& a) { return "pause " + std::string(word(a.reason)); }
std::string text(const End& a) {
  return "end " + std::string(word(a.state)) + " " + std::string(word(a.reason));
}
std::string text(const Drop& a) { return "drop " + std::to_string(a.trial); }
std::string text(const TakeUpPaused& a) {
  return std::string("take up a paused one") + (a.is_last ? ", or prune all" : "");
}
std::string text(const Prune& a) { return "prune " + std::to_string(a.trial); }
std::string text(const StartWorker& a) { return "start worker " + std::to_string(a.worker); }
std::string text(const LocateWorker& a) { return "locate worker " + std::to_string(a.worker); }
std::string text(const CancelWorker& a) { return "cancel worker " + std::to_string(a.worker); }
std::string text(const DropWorker& a) { return "drop worker " + std::to_string(a.worker); }
std::string text(const Recommend& a) { return "recommend of " + std::to_string(a.finished); }

}  // namespace

Lines due(const Study& study) {
  Lines lines;
  for (const Action& action : plan(study)) {
    lines.push_back(std::visit([](const auto& a) { return text(a); }, action));
  }
  return lines;
}

}  // namespace hpo::engine
