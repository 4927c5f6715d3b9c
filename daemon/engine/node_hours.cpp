// How many of a study's node-hours its jobs have used, and may still use.
//
// A job that ran has used what it took. One that may run, or may have run, counts with all that it
// asked for: the bound must hold whatever becomes of it. The jobs are those of attempts, or the
// worker jobs where trials are pulled: what attempts use is theirs then.
#include <algorithm>
#include <limits>

#include "daemon/engine/apply.hpp"
#include "schema/node_time.hpp"

namespace hpo::engine {
namespace {

using std::chrono::milliseconds;
using std::chrono::nanoseconds;
using std::chrono::seconds;

// A spoiled exit.json may tell of any time.
constexpr std::int64_t node_ms_sum_max = std::numeric_limits<std::int64_t>::max() / 4;

std::int64_t node_ms_of(const StudySpec& spec, milliseconds time) {
  return is_batch(spec.executor.type) ? node_ms(spec.executor.batch.nodes, time) : 0;
}

std::int64_t node_ms_max(const Study& study) {
  const auto& hours = study.spec->budget.node_hours;
  return hours ? node_ms_of_hours(*hours) : std::numeric_limits<std::int64_t>::max();
}

// Of a worker job, or of the first attempt of any trial.
std::int64_t first_node_ms(const StudySpec& spec) {
  return node_ms_of(spec, spec.executor.time.value_or(seconds(0)));
}

// Of a job that ends so, and has asked for so much. `state`: in which it was until now.
std::int64_t used_node_ms(const StudySpec& spec, std::int64_t asked_ms, AttemptState state,
                          const Outcome& outcome) {
  const bool is_known = outcome.started_ns > 0 && outcome.ended_ns >= outcome.started_ns;
  const nanoseconds run(is_known ? outcome.ended_ns - outcome.started_ns : 0);
  const std::int64_t told_ms = node_ms_of(
      spec, std::min<milliseconds>(std::chrono::ceil<milliseconds>(run), attempt_time_max));
  if (outcome.status == OutcomeStatus::lost) return std::max(told_ms, asked_ms);  // it may go on
  if (is_known) return told_ms;
  const bool may_have_run = state == AttemptState::lost || state == AttemptState::running;
  return may_have_run ? asked_ms : 0;
}

// How many jobs as the first one fit into that.
int jobs_within(const Study& study, std::int64_t free_ms) {
  constexpr std::int64_t many = std::numeric_limits<int>::max();
  const std::int64_t each_ms = first_node_ms(*study.spec);
  if (!study.spec->budget.node_hours || each_ms == 0) return static_cast<int>(many);
  return static_cast<int>(std::clamp<std::int64_t>(free_ms / each_ms, 0, many));
}

}  // namespace

std::int64_t asked_node_ms(const StudySpec& spec, const Asked& asked) {
  return spec.is_pulled() ? 0 : node_ms_of(spec, asked.time.value_or(seconds(0)));
}

std::int64_t next_node_ms(const Study& study, const LiveTrial& live) {
  return asked_node_ms(*study.spec, next_asked(*study.spec, live));
}

std::int64_t used_node_ms(const StudySpec& spec, const Attempt& before, const Outcome& outcome) {
  if (spec.is_pulled()) return 0;
  return used_node_ms(spec, asked_node_ms(spec, before.asked), before.state, outcome);
}

std::int64_t used_node_ms(const StudySpec& spec, const WorkerJob& before,
                          const Outcome& outcome) {
  return used_node_ms(spec, first_node_ms(spec), before.attempt.state, outcome);
}

void spend(Progress& progress, std::int64_t ms) {
  progress.spent_node_ms = std::min(progress.spent_node_ms + ms, node_ms_sum_max);
}

std::int64_t unspent_node_ms(const Study& study) {
  return node_ms_max(study) - study.progress.spent_node_ms;
}

std::int64_t free_node_ms(const Study& study) {
  std::int64_t free_ms = unspent_node_ms(study);
  if (!study.spec->budget.node_hours) return free_ms;
  for (const int number : study.running) {
    free_ms -= asked_node_ms(*study.spec, study.open.at(number).attempt->asked);
  }
  return free_ms - static_cast<std::int64_t>(study.workers.size()) * first_node_ms(*study.spec);
}

int trials_within(const Study& study, std::int64_t free_ms) {
  return study.spec->is_pulled() ? std::numeric_limits<int>::max() : jobs_within(study, free_ms);
}

int workers_within(const Study& study) {
  const auto there = static_cast<int>(study.workers.size());
  return there + std::min(study.spec->workers - there, jobs_within(study, free_node_ms(study)));
}

bool may_fit(const Study& study, const LiveTrial& live) {
  return next_node_ms(study, live) <= unspent_node_ms(study);
}

bool has_spent_node_hours(const Study& study) {
  if (!study.spec->budget.node_hours || !study.workers.empty()) return false;  // these go on
  return first_node_ms(*study.spec) > unspent_node_ms(study);
}

}  // namespace hpo::engine
