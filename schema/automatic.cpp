// The table. What it prefers, and from where on, was decided on the tuning problems of
// tests/bench/search; strategies/README.md has the same table, which a test holds to this one.
#include "schema/automatic.hpp"

#include <algorithm>
#include <array>
#include <chrono>

#include "schema/assert.hpp"

namespace hpo {
namespace {

constexpr double listed_max = 4096;     // combinations; beyond, a list of all takes too long
constexpr int trials_many = 5000;
constexpr int trials_some = 1000;       // that a model takes in without leaving some out
constexpr double seconds_cheap = 0.1;   // a trial that costs no more than a model's suggestion

bool has_nothing_to_vary(const StudyShape& s) { return s.varied == 0; }

bool is_listed(const StudyShape& s) {
  return s.combinations <= std::min<double>(s.trials, listed_max) && !s.is_noisy &&
         !s.may_end_early;
}

bool starts_at_once(const StudyShape& s) { return s.trials <= s.at_once; }

bool has_cheap_trials(const StudyShape& s) {
  return s.trials > trials_many || (s.trials > trials_some && s.seconds < seconds_cheap);
}

bool always(const StudyShape&) { return true; }

constexpr std::array rules{
    AutoRule{has_nothing_to_vary, "no parameter varies", "random",
             "there is nothing to choose"},
    AutoRule{is_listed, "at most 4,096 combinations of values and no more than trials; `noise` is "
                        "not high, neither `time` nor `patience` is set", "grid",
             "each combination is tried once"},
    AutoRule{starts_at_once, "no more trials than run at a time", "sobol",
             "all may start before one has ended, so they cover the space evenly"},
    AutoRule{has_cheap_trials, "more than 5,000 trials, or more than 1,000 of less than 0.1 s each",
             "cma_es", "trials are so many or so cheap that a model would take longer than they"},
    AutoRule{always, "otherwise", "gp", "a model of the values needs the fewest trials"}};

std::string counted(int count, const std::string& noun) {
  return std::to_string(count) + " " + noun + (count == 1 ? "" : "s");
}

}  // namespace

StudyShape shape_of(const StudySpec& spec) {
  StudyShape shape{.trials = spec.budget.trials, .at_once = spec.slots(),
                   .is_noisy = spec.objective.noise == Noise::high,
                   .may_end_early = spec.budget.time || spec.budget.patience};
  for (const Parameter& parameter : spec.space.parameters()) {
    const double count = count_of_values(parameter.domain);
    shape.combinations *= count;
    if (count > 1.0) ++shape.varied;
  }
  if (spec.budget.time && shape.trials > 0) {
    const auto time = std::chrono::duration<double>(*spec.budget.time);
    shape.seconds = time.count() * shape.at_once / shape.trials;
  }
  return shape;
}

std::span<const AutoRule> auto_rules() { return rules; }

const AutoRule& auto_rule(const StudyShape& shape) {
  const auto found = std::ranges::find_if(rules, [&](const AutoRule& r) { return r.fits(shape); });
  HPO_ASSERT(found != rules.end(), "the last rule always fits");
  return *found;
}

std::string auto_words(const StudyShape& shape) {
  return counted(shape.varied, "parameter") + ", " + counted(shape.trials, "trial") + ", " +
         std::to_string(shape.at_once) + " at a time: " + std::string(auto_rule(shape).because);
}

}  // namespace hpo
