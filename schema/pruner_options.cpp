// The table.
#include "schema/pruner_options.hpp"

#include <utility>

namespace hpo {
namespace {

using Kind = Option::Kind;

constexpr double steps_max = 1e9;
constexpr double trials_max = 1e7;
constexpr std::string_view optuna = "Akiba et al. (2019), Optuna";

Option type_of(std::string_view owner) {
  return {.owner = owner, .name = "type", .kind = Kind::word,
          .words = {halving_stopping, halving_promotion},
          .fallback = std::string(halving_stopping),
          .meaning = "a trial that is not good enough ends; or it pauses, and goes on from its "
                     "checkpoint when it turns out to be",
          .source = "Salinas et al. (2022), Syne Tune"};
}

// What median and percentile share.
void add_peers(std::vector<Option>& table, std::string_view owner) {
  const auto integer = [&](std::string_view name, double low, double high, int fallback,
                           std::string_view meaning) {
    table.push_back({.owner = owner, .name = name, .kind = Kind::integer, .low = low, .high = high,
                     .fallback = std::int64_t{fallback}, .meaning = meaning, .source = optuna});
  };
  integer("startup_trials", 0, trials_max, 5, "so many trials complete before one is stopped");
  integer("warmup_steps", 0, steps_max, 0, "no trial stops before this step");
  integer("interval_steps", 1, steps_max, 1, "a trial is judged once in so many steps");
  integer("min_trials", 1, trials_max, 1, "so many completed trials have reported the step");
}

std::vector<Option> make_table() {
  std::vector<Option> table;
  table.push_back(type_of("asha"));
  table.push_back(type_of("hyperband"));
  table.push_back({.owner = "hyperband", .name = "brackets", .kind = Kind::integer, .low = 1,
                   .high = 32,
                   .meaning = "how many first rungs there are; default: as many as fit between "
                              "min and max",
                   .source = "Li et al. (2018), algorithm 1"});
  add_peers(table, "median");
  table.push_back({.owner = "percentile", .name = "percentile", .kind = Kind::number, .low = 0.0,
                   .high = 100.0, .fallback = 25.0,
                   .meaning = "the share of the completed trials that a trial has to be among, "
                              "in percent",
                   .source = optuna});
  add_peers(table, "percentile");
  table.push_back({.owner = "wilcoxon", .name = "p_threshold", .kind = Kind::number, .low = 0.0,
                   .high = 1.0, .fallback = 0.1,
                   .meaning = "a trial stops where the test's p is below; each report is a test, "
                              "so good trials stop more often than that",
                   .source = optuna});
  table.push_back({.owner = "wilcoxon", .name = "startup_steps", .kind = Kind::integer, .low = 0,
                   .high = 1024, .fallback = std::int64_t{2},
                   .meaning = "so many common steps before the first test", .source = optuna});
  return table;
}

}  // namespace

std::span<const Option> pruner_options() {
  static const std::vector<Option> table = make_table();
  return table;
}

}  // namespace hpo
