// See kept_steps.hpp. Follows daemon/loop/reports.cpp word by word; a test compares the two.
#include "cli/worker/kept_steps.hpp"

#include <cmath>
#include <utility>

namespace hpo::cli::worker {

bool KeptSteps::must_tell(const StepTold& told) {
  const bool is_crowded = told.left_out > 0 && !std::exchange(has_told_crowded_, true);
  return must_tell_step(told) || is_crowded;
}

bool KeptSteps::must_tell_step(const StepTold& told) {
  if (!told.is_step()) return true;
  const auto objective = told.metrics.find(metric_);
  if (objective == told.metrics.end()) return !std::exchange(has_told_without_, true);
  if (told.step < last_step_) return true;
  if (told.step == last_step_) return must_tell_again(objective->second);
  const bool is_beyond = step_max_ && told.step > *step_max_;
  const bool is_first_beyond = is_beyond && !std::exchange(has_told_beyond_, true);
  if (is_near(last_step_, told.step, step_max_)) {
    return !std::exchange(has_told_near_, true) || is_first_beyond;
  }
  last_step_ = told.step;
  last_value_ = objective->second;
  return true;
}

// The first value of a step counts; that another one came is said once.
bool KeptSteps::must_tell_again(double value) {
  const bool is_finite = std::isfinite(value) || std::isfinite(last_value_);
  const bool is_same = value == last_value_ || !is_finite;
  return !is_same && !std::exchange(has_told_twice_, true);
}

}  // namespace hpo::cli::worker
