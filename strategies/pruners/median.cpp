// The median rule: a trial stops whose best value so far is worse than the median of what completed
// trials had at the same step. The percentile rule at 50 %: see percentile.cpp.
#include "strategies/pruners/percentile_rule.hpp"

namespace hpo {

Result<std::unique_ptr<Rule>> make_median(const StudySpec& spec) {
  constexpr double half = 50.0;
  const auto options = OptionValues::of_pruner(spec);
  if (!options) return options.error();
  return pruning::make_percentile_rule(spec, *options, half);
}

}  // namespace hpo
