// The list of strategies, expanded from strategies.def. What `auto` stands for, the spec tells.
#include <algorithm>
#include <array>

#include "schema/automatic.hpp"
#include "schema/rungs.hpp"
#include "schema/strategy_list.hpp"
#include "strategies/allowed.hpp"
#include "strategies/distinct.hpp"
#include "strategies/strategy.hpp"

namespace hpo {

#define HPO_STRATEGY(name, version) Result<std::unique_ptr<Strategy>> make_##name(const StudySpec&);
#include "strategies/strategies.def"
#undef HPO_STRATEGY

namespace {

constexpr std::string_view instant[] = {"random", "sobol", "grid"};
constexpr Pace pace_of(std::string_view name) {
  return std::ranges::count(instant, name) > 0 ? Pace::instant : Pace::computing;
}

// Who learns at rungs, the list for users says.
constexpr bool looks_at_rungs(std::string_view name) {
  const auto found = std::ranges::find(strategy_list, name, &StrategyText::name);
  return found != strategy_list.end() && found->needs_fidelity;
}

// The one way to a strategy, so that none can forget the constraints, or what was tried before.
template <Result<std::unique_ptr<Strategy>> (*make)(const StudySpec&)>
Result<std::unique_ptr<Strategy>> make_checked(const StudySpec& spec) {
  auto strategy = make(spec);
  if (!strategy) return strategy;
  return with_layers(spec, *std::move(strategy));
}

}  // namespace

std::unique_ptr<Strategy> with_layers(const StudySpec& spec, std::unique_ptr<Strategy> strategy) {
  if (!spec.space.constraints().empty()) strategy = make_constrained(spec, std::move(strategy));
  if (spec.objective.noise != Noise::none) return strategy;
  return make_distinct(spec, std::move(strategy));
}

std::span<const StrategyEntry> strategies() {
#define HPO_STRATEGY(name, version) \
  StrategyEntry{#name, version, make_checked<make_##name>, pace_of(#name), looks_at_rungs(#name)},
  static const std::array entries{
#include "strategies/strategies.def"
  };
#undef HPO_STRATEGY
  return entries;
}

Result<StrategyEntry> find_strategy(const StudySpec& spec) {
  const std::string_view wanted = spec.strategy.type == "auto"
                                      ? auto_rule(shape_of(spec)).strategy
                                      : std::string_view(spec.strategy.type);
  std::string known = "auto";
  for (const StrategyEntry& entry : strategies()) {
    if (entry.name == wanted) return entry;
    known += ", " + std::string(entry.name);
  }
  return Error{ErrorCode::invalid_argument, "no strategy is called '" + spec.strategy.type + "'",
               "study.json /strategy", "use one of: " + known};
}

std::vector<std::int64_t> rungs_of(const StrategyEntry& entry, const StudySpec& spec) {
  if (!entry.learns_from_reports || !spec.fidelity) return {};
  return rung_steps(*spec.fidelity);
}

std::size_t Strategy::kept_bytes(const History& history) const {
  return history.finished_count() * (sizeof(FinishedTrial) +
                                     history.dimension() * sizeof(ParamValue));
}

Result<std::unique_ptr<Strategy>> make_strategy(const StudySpec& spec) {
  const auto entry = find_strategy(spec);
  if (!entry) return entry.error();
  return entry->make(spec);
}

StudySpec with_strategy(StudySpec spec, std::string_view type) {
  spec.strategy = {};
  spec.strategy.type = std::string(type);
  return spec;
}

}  // namespace hpo
