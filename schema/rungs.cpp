// See rungs.hpp. Powers by multiplication: exact for whole eta, and the same everywhere.
#include "schema/rungs.hpp"

#include <algorithm>
#include <cmath>

namespace hpo {
namespace {

std::size_t reached_by(const std::vector<std::int64_t>& steps, std::int64_t step) {
  return static_cast<std::size_t>(std::ranges::upper_bound(steps, step) - steps.begin());
}

}  // namespace

std::vector<std::int64_t> rung_steps(const FidelitySpec& fidelity) {
  std::vector<std::int64_t> steps;
  double level = static_cast<double>(fidelity.min);
  for (; std::round(level) < static_cast<double>(fidelity.max); level *= fidelity.eta) {
    steps.push_back(static_cast<std::int64_t>(std::round(level)));
  }
  return steps;
}

int bracket_count(const FidelitySpec& fidelity) {
  const double ratio = static_cast<double>(fidelity.max) / static_cast<double>(fidelity.min);
  int count = 1;
  for (double power = fidelity.eta; power <= ratio; power *= fidelity.eta) ++count;
  return count;
}

RungRange rungs_reached(const std::vector<std::int64_t>& steps, std::int64_t last_step,
                        std::int64_t step) {
  const std::size_t begin = reached_by(steps, last_step);
  return {begin, std::max(begin, reached_by(steps, step))};
}

std::vector<RungValue> values_at_rungs(const std::vector<std::int64_t>& steps,
                                       std::int64_t last_step, const Report& report) {
  const RungRange reached = rungs_reached(steps, last_step, report.step);
  std::vector<RungValue> values;
  for (std::size_t rung = reached.begin; rung < reached.end; ++rung) {
    values.push_back({.trial = report.trial, .rung = static_cast<int>(rung),
                      .value = report.value, .history_seq = report.seq});
  }
  return values;
}

}  // namespace hpo
