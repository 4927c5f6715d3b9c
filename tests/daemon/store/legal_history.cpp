// Candidates are drawn with weights that let trials end about as fast as they begin.
#include "legal_history.hpp"

#include <iterator>

#include "schema/assert.hpp"

namespace hpo::test {
namespace {

constexpr int draws_max = 10'000;  // a running study always has some legal event
constexpr std::size_t open_max = 12;  // so that studies can end, too

SearchSpace space() {
  auto made = SearchSpace::make({
      {.name = "lr", .domain = FloatDomain{.low = 1e-5, .high = 0.1, .scale = Scale::log}},
      {.name = "width", .domain = IntDomain{.low = 1, .high = 512}},
      {.name = "kind", .domain = ChoiceDomain{{std::string("a\"b"), std::string("ü"), true}}},
      {.name = "bias", .domain = BoolDomain{}}});
  HPO_ASSERT(made.has_value(), "the tests' search space is sound");
  return *made;
}

StudySpec pulled_spec(const std::string& name) {
  StudySpec spec = spec_of(name);
  spec.executor = {.type = "local", .slots = 4};
  spec.dispatch = Dispatch::workers;
  spec.workers = 2;
  spec.retry.scale = {};
  return spec;
}

}  // namespace

StudySpec spec_of(const std::string& name, int trials) {
  StudySpec spec;
  spec.name = name;
  spec.space = space();
  spec.objective.metric = "loss";
  spec.command = {"/bin/true", "{lr}"};
  spec.workdir = "/tmp";
  spec.budget.trials = trials;
  spec.parallel = 8;
  spec.executor = {.type = "slurm", .time = std::chrono::hours(1),
                   .batch = {.nodes = 2, .memory_bytes = std::int64_t{1} << 30U}};
  spec.retry.on.push_back(FailureClass::timeout);
  spec.retry.scale.time = 2.0;
  return spec;
}

// Every third study's trials are pulled.
Result<std::int64_t> LegalHistory::create(store::Store& store, const std::string& name) {
  const StudySpec spec = studies_.size() % 3 != 2 ? spec_of(name) : pulled_spec(name);
  const Event event{.at_ns = ++clock_ns_, .body = StudyCreated{}};
  auto id = store.create_study(spec, "hash of " + name, event);
  if (!id) return id;
  engine::Study study{.id = *id, .spec = std::make_shared<const StudySpec>(spec)};
  auto applied = engine::apply(study, event);
  if (!applied) return applied.error();
  ++seen_[event.body.index()];
  studies_[*id] = std::move(study);
  return id;
}

Outcome LegalHistory::outcome() {
  Outcome o{.exit_code = 0, .started_ns = clock_ns_, .ended_ns = clock_ns_ + 5};
  o.status = static_cast<OutcomeStatus>(below(words<OutcomeStatus>.size()));
  if (o.status == OutcomeStatus::completed) {
    o.value = static_cast<double>(below(1000)) / 7.0 - 50.0;
    o.metrics = {{"loss", *o.value}, {"auc", 0.1}};
  }
  if (o.status == OutcomeStatus::failed || o.status == OutcomeStatus::lost) {
    o.failure = static_cast<FailureClass>(below(words<FailureClass>.size()));
    o.exit_code = 3;
    o.message = "it said: \"no\"\n";
    o.retry_asked = below(4) == 0;
    o.is_unwanted = below(4) == 0;
  }
  if (o.status == OutcomeStatus::lost) o.failure = FailureClass::lost;
  return o;
}

Event LegalHistory::of_study(const engine::Study& study) {
  const bool is_cancelling = study.progress.state == StudyState::cancelling;
  switch (below(24)) {
    case 0: return {.body = StudyCancelling{}};
    case 1: return {.body = SpaceExhausted{}};
    case 2: return {.body = TimePassed{}};
    case 17: case 18: {
      const auto trial = static_cast<int>(below(static_cast<std::uint64_t>(
          study.progress.created + 1)));
      return {.body = TrialRecommended{trial, 0.25, study.progress.finished()}};
    }
    case 3: case 4: return {.body = StudyPaused{StudyReason::strategy_slow, "38 s"}};
    case 5: case 6: case 7: case 8: case 9: case 10: case 11: return {.body = StudyReopened{}};
    case 12: case 13: case 14: case 15: case 16: return {.body = StudyResumed{}};
    default:
      return {.body = is_cancelling ? StudyEnded{StudyState::cancelled, StudyReason::user}
                                    : StudyEnded{StudyState::finished, StudyReason::trials}};
  }
}

Event LegalHistory::of_trial(const engine::Study& study) {
  TrialCreated e{.trial = study.progress.created, .origin = Origin::strategy};
  const double lr = 1e-5 + static_cast<double>(below(1000)) / 12345.0;
  const ParamValue kind = below(2) == 0 ? ParamValue(std::string("a\"b")) : ParamValue(true);
  e.values = {lr, static_cast<std::int64_t>(1 + below(512)), kind, below(2) == 0};
  e.suggestion = {.strategy = "tpe", .version = 2, .build = "abc", .history_seq = 7,
                  .model_seq = 5, .first_number = e.trial, .count = 1};
  if (below(4) == 0) e.suggestion.instead_of = "gp", e.suggestion.deadline_ms = 50;
  if (below(5) == 0) e.origin = Origin::enqueued, e.suggestion = {};
  if (below(9) == 0 && e.trial > 0) {
    e.origin = Origin::retry;
    e.retry_of = static_cast<int>(below(static_cast<std::uint64_t>(e.trial)));
  }
  return {.body = std::move(e)};
}

Event LegalHistory::of_worker(const engine::Study& study) {
  const bool is_new = study.workers.empty() || below(4) == 0;
  const auto skip = static_cast<std::ptrdiff_t>(is_new ? 0 : below(study.workers.size()));
  const auto job = std::next(study.workers.begin(), skip);
  const int number = is_new ? study.progress.workers : job->first;
  const std::string name = is_new ? "" : job->second.attempt.job;
  switch (below(12)) {
    case 0: case 9: return {.body = WorkerSubmitted{number, name, "12:34:ab", below(4) == 0}};
    case 1: return {.body = WorkerUnknown{number, "timed out", name}};
    case 2: return {.body = WorkerAbsent{number, "put off", name}};
    case 3: return {.body = WorkerRejected{number, "no account"}};
    case 4: case 10: return {.body = WorkerRunning{number}};
    case 5: return {.body = WorkerAsked{number}};
    case 6: return {.body = WorkerEnded{number, outcome()}};
    default:
      return {.body = WorkerSubmitting{number, "w" + std::to_string(number),
                                       "hpo" + std::to_string(random_()), {1}}};
  }
}

Event LegalHistory::of_lease(const engine::LiveTrial& live) {
  const int trial = live.trial.number;
  const std::int64_t fence = live.trial.lease.fence;
  const std::string worker = live.trial.lease.worker.empty() ? "node-1" : live.trial.lease.worker;
  const std::int64_t next = live.trial.lease.worker.empty() ? fence + 1 : fence;
  switch (below(4)) {
    case 0: return {.body = TrialReturned{trial, fence}};
    case 1: return {.body = TrialLeased{trial, worker, fence + 1}};
    default:
      return {.body = AttemptStarted{trial, live.trial.attempts + 1, worker, next,
                                     "hpo" + std::to_string(random_()), 0}};
  }
}

Event LegalHistory::of_attempt(const engine::LiveTrial& live) {
  const int trial = live.trial.number;
  const int number = live.attempt ? live.attempt->number : 0;
  const std::string job = live.attempt ? live.attempt->job : "";
  switch (below(20)) {
    case 17: {
      const auto verdict = static_cast<Verdict>(below(words<Verdict>.size()));
      return {.body = TrialPruning{trial, number, {verdict, 2, "worse than \"others\""}}};
    }
    case 18: return {.body = TrialTakenUp{trial}};
    case 19: return {.body = TrialPruned{trial}};
    case 16: return {.body = AttemptIncident{trial, std::max(number, 1), "twice", job}};
    case 0: return {.body = TrialCancelling{trial}};
    case 1: return {.body = TrialCancelled{trial}};
    case 2: return {.body = AttemptRejected{trial, number, FailureClass::rejected, "no account"}};
    case 3: return {.body = AttemptUnknown{trial, number, "timed out"}};
    case 4: return {.body = AttemptAbsent{trial, number, ""}};
    case 5: return {.body = AttemptRunning{trial, number}};
    case 6: case 7: case 8:
      return {.body = AttemptSubmitted{trial, number, job, "12:34:ab", below(2) == 0}};
    case 9: case 10: case 11: {
      const int next = static_cast<int>(below(2)) + number;
      return {.body = AttemptSubmitting{trial, next, "hpo" + std::to_string(random_()),
                                        static_cast<int>(below(8)), {0, 1}}};
    }
    case 12: return {.body = AttemptEnded{trial, number - 1, outcome()}};  // a late one
    default: return {.body = AttemptEnded{trial, number, outcome()}};
  }
}

Event LegalHistory::candidate(const engine::Study& study, std::int64_t history_seq) {
  Event event;
  const std::uint64_t choice = below(100);
  if (choice < 5) {
    event = of_study(study);
  } else if (study.spec->has_worker_jobs() && below(5) == 0) {
    event = of_worker(study);
  } else if (study.open.empty() || (choice < 20 && study.open.size() < open_max)) {
    event = of_trial(study);
  } else {
    const auto skip = static_cast<std::ptrdiff_t>(below(study.open.size()));
    const engine::LiveTrial& live = std::next(study.open.begin(), skip)->second;
    event = study.spec->is_pulled() && below(2) == 0 ? of_lease(live) : of_attempt(live);
  }
  event.at_ns = clock_ns_ + 1000;
  event.elapsed_ns = static_cast<std::int64_t>(below(1'000'000));
  event.history_seq = history_seq;
  return event;
}

Result<void> LegalHistory::advance(store::Store& store) {
  for (int draw = 0; draw < draws_max; ++draw) {
    const auto skip = static_cast<std::ptrdiff_t>(below(studies_.size()));
    engine::Study& study = std::next(studies_.begin(), skip)->second;
    const Event event = candidate(study, store.last_history_seq() + 1);
    const auto changes = engine::apply(study, event);
    if (!changes) continue;
    clock_ns_ = event.at_ns;
    ++seen_[event.body.index()];
    const auto written = store.write(study, *changes, event);
    if (!written) return written.error();
    return {};
  }
  HPO_ASSERT(false, "a legal event is always found");
}

}  // namespace hpo::test
