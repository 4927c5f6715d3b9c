// The percentile rule, for `percentile` and `median`. See percentile.cpp.
#pragma once

#include <memory>

#include "schema/study.hpp"
#include "strategies/options.hpp"
#include "strategies/pruners/rule.hpp"

namespace hpo::pruning {

// `percent`: from 0 to 100. `options`: startup_trials, warmup_steps, interval_steps, min_trials
std::unique_ptr<Rule> make_percentile_rule(const StudySpec& spec, const OptionValues& options,
                                           double percent);

}  // namespace hpo::pruning
