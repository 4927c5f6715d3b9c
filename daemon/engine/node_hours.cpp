// How many of a study's node-hours its jobs have used, and may still use.
//
// An attempt that ran has used what it took. One that may run, or may have run, counts with all
// that it asked for: the bound must hold whatever becomes of it.
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
  const bool is_job = is_batch(spec.executor.type) && !spec.is_pulled();
  return is_job ? node_ms(spec.executor.batch.nodes, time) : 0;
}

std::int64_t node_ms_max(const Study& study) {
  const auto& hours = study.spec->budget.node_hours;
  return hours ? node_ms_of_hours(*hours) : std::numeric_limits<std::int64_t>::max();
}

// An attempt that asks for as much as the first one of any trial.
std::int64_t first_node_ms(const Study& study) {
  return asked_node_ms(*study.spec, {.time = study.spec->executor.time});
}

}  // namespace

std::int64_t asked_node_ms(const StudySpec& spec, const Asked& asked) {
  return node_ms_of(spec, asked.time.value_or(seconds(0)));
}

std::int64_t next_node_ms(const Study& study, const LiveTrial& live) {
  return asked_node_ms(*study.spec, next_asked(*study.spec, live));
}

std::int64_t used_node_ms(const StudySpec& spec, const Attempt& before, const Outcome& outcome) {
  const bool is_known = outcome.started_ns > 0 && outcome.ended_ns >= outcome.started_ns;
  const nanoseconds run(is_known ? outcome.ended_ns - outcome.started_ns : 0);
  const std::int64_t told_ms = node_ms_of(
      spec, std::min<milliseconds>(std::chrono::ceil<milliseconds>(run), attempt_time_max));
  const std::int64_t asked_ms = asked_node_ms(spec, before.asked);
  if (outcome.status == OutcomeStatus::lost) return std::max(told_ms, asked_ms);  // it may go on
  if (is_known) return told_ms;
  const bool may_have_run =
      before.state == AttemptState::lost || before.state == AttemptState::running;
  return may_have_run ? asked_ms : 0;
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
  return free_ms;
}

int trials_within(const Study& study, std::int64_t free_ms) {
  constexpr std::int64_t many = std::numeric_limits<int>::max();
  const std::int64_t each_ms = first_node_ms(study);
  if (!study.spec->budget.node_hours || each_ms == 0) return static_cast<int>(many);
  return static_cast<int>(std::clamp<std::int64_t>(free_ms / each_ms, 0, many));
}

bool may_fit(const Study& study, const LiveTrial& live) {
  return next_node_ms(study, live) <= unspent_node_ms(study);
}

bool has_spent_node_hours(const Study& study) {
  return study.spec->budget.node_hours && first_node_ms(study) > unspent_node_ms(study);
}

}  // namespace hpo::engine
