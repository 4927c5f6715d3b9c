// The walk itself: a random spec, steps that the plan asks for, and what is checked after each.
#include "tests/daemon/engine/walk.hpp"

#include <catch2/catch.hpp>

#include <variant>

namespace hpo::engine {
namespace {

constexpr int steps_max = 2000;  // far more than any of these studies needs to end

StudySpec random_spec(std::mt19937_64& bits) {
  StudySpec spec = spec_of(3 + static_cast<int>(bits() % 12), 1 + static_cast<int>(bits() % 4));
  spec.budget.max_failures = static_cast<int>(bits() % 6);
  if (bits() % 3 == 0) spec.budget.patience = 1 + static_cast<int>(bits() % 4);
  if (bits() % 4 == 0) spec.budget.time = std::chrono::seconds(1 + bits() % 20);
  spec.retry.max = static_cast<int>(bits() % 4);
  if (bits() % 2 == 0) spec.retry.on.push_back(FailureClass::rejected);
  const auto kind = bits() % 5;
  if (kind == 0) {
    spec.executor.type = "external";
    spec.dispatch = Dispatch::workers;
  }
  if (kind == 4) {
    spec.executor.slots = 1 + static_cast<int>(bits() % 2);
    spec.dispatch = Dispatch::workers;
    spec.workers = 1 + static_cast<int>(bits() % 3);
    if (bits() % 2 == 0) {
      spec.executor.type = "slurm";
      spec.executor.time = job_time;
      if (bits() % 4 != 0) spec.budget.node_hours = static_cast<double>(1 + bits() % 6);
    }
  }
  if (kind == 1) {
    spec.executor = {.type = "slurm", .time = job_time,
                     .batch = {.nodes = 2, .memory_bytes = 1 << 20U}};
    if (bits() % 2 == 0) spec.budget.node_hours = static_cast<double>(2 + bits() % 20);
    spec.retry.on.push_back(FailureClass::timeout);
    spec.retry.scale.time = 1.0 + static_cast<double>(bits() % 3);
  }
  spec.objective.direction = bits() % 2 == 0 ? Direction::minimize : Direction::maximize;
  if (spec.budget.trials % 3 == 0) spec.objective.noise = Noise::high;
  return spec;
}

}  // namespace

Walk::Walk(std::uint64_t seed, Fired& fired)
    : bits_(seed), fired_(fired), rows_(fired), study_(study_of(random_spec(bits_))),
      is_broken_(bits_() % 8 == 0) {
  must(StudyCreated{});
}

void Walk::live() {
  const auto actions = plan(study_);
  if (!actions.empty() && chance(60)) return carry_out(any_of(actions));
  if (chance(30)) return worker_acts();
  if (chance(10)) return pruner_acts();
  if (chance(30)) return worker_job_news();
  if (chance(60)) return job_news();
  if (chance(30)) return user_acts();
  if (chance(10)) must(TimePassed{});
}

void Walk::try_anything() { tell(anything(), false); }

void Walk::finish() {
  for (int steps = 0; !is_ended(study_.progress.state); ++steps) {
    REQUIRE(steps < steps_max);
    const auto actions = plan(study_);
    if (study_.progress.state == StudyState::paused) must(StudyResumed{});
    else if (!actions.empty() && chance(50)) carry_out(any_of(actions));
    else if (chance(50)) worker_acts();
    else if (chance(50)) worker_job_news();
    else job_news();
  }
  REQUIRE(plan(study_).empty());
}

void Walk::tell(Body body, bool is_legal) {
  const Study before = study_;
  const auto kind = event_kinds[body.index()];
  const Event event{.at_ns = ++clock_, .elapsed_ns = below(200'000'000),
                    .history_seq = clock_, .body = std::move(body)};
  const auto changes = apply(study_, event);
  INFO(kind << " of step " << clock_ << ": " << (changes ? "" : changes.error().what));
  if (!changes) {
    REQUIRE_FALSE(is_legal);
    REQUIRE(study_ == before);
    ++fired_["refused " + std::string(kind)];
    return;
  }
  ++fired_["event " + std::string(kind)];
  rows_.write(study_, *changes);
  rows_.check(study_);
  REQUIRE(due(study_) == due(rows_.load(study_)));
}

void Walk::carry_out(const Action& action) {
  std::visit([this](const auto& a) { carry(a); }, action);
}

void Walk::carry(const Ask& a) {
  REQUIRE(a.first_number == study_.progress.created);
  if (chance(3)) return must(SpaceExhausted{});
  for (int i = 0; i < a.count; ++i) must(TrialCreated{.trial = a.first_number + i});
}
void Walk::carry(const Start& a) {
  must(AttemptSubmitting{.trial = a.trial, .attempt = a.attempt, .job = new_job()});
}
void Walk::carry(const Cancel& a) {
  must(AttemptEnded{a.trial, a.attempt, chance(70) ? cancelled() : any_outcome()});
}
void Walk::carry(const Pause& a) {
  ++fired_["pause " + std::string(word(a.reason))];
  must(StudyPaused{a.reason, a.detail});
}
void Walk::carry(const End& a) {
  ++fired_["end " + std::string(word(a.reason))];
  must(StudyEnded{a.state, a.reason});
}
void Walk::carry(const Recommend& a) {
  std::optional<int> trial;
  for (const auto& [number, row] : rows_.trials()) {
    if (row.state == TrialState::completed && chance(50)) trial = number;
  }
  must(TrialRecommended{.trial = trial, .value = 1.0, .finished = a.finished});
}
void Walk::carry(const TakeUpPaused& a) {
  const std::set<int> paused = study_.paused;
  if (chance(50)) return must(TrialTakenUp{*paused.begin()});
  if (!a.is_last) return;
  for (const int trial : paused) must(TrialPruned{trial});
}
void Walk::carry(const Prune& a) { must(TrialPruned{a.trial}); }
void Walk::carry(const Locate& a) { submission_news(study_.open.at(a.trial)); }
void Walk::carry(const Drop& a) { must(TrialCancelled{a.trial}); }

}  // namespace hpo::engine
