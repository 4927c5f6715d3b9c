// Faults of conditions, all of them, since people mend them together. Pure, any thread.
#include "schema/condition_check.hpp"

#include <algorithm>
#include <cmath>
#include <map>

#include "schema/conditions.hpp"
#include "schema/decode/decode.hpp"
#include "schema/json/node.hpp"
#include "schema/json/writer.hpp"
#include "schema/search_space.hpp"

namespace hpo {
namespace {

using Parents = std::map<std::string_view, std::size_t>;

Parents by_name(const std::vector<Parameter>& parameters) {
  Parents indices;
  for (std::size_t i = 0; i < parameters.size(); ++i) indices.emplace(parameters[i].name, i);
  return indices;
}

std::string shown(const ParamValue& value) { return json::Writer().value(value).text(); }

constexpr double step_slack = 1e-6;  // of a step: low + k step is rounded

// Whether a value of low, low + step, … high lies in the interval.
bool meets(const Interval& wanted, double low, double high, double step) {
  const double first = std::max(0.0, std::ceil((wanted.low - low) / step - step_slack));
  const double value = wanted.low <= low ? low : low + first * step;
  return value <= std::min(high, wanted.high) + step_slack * step;
}

bool any_within(const std::vector<ParamValue>& values, const Interval& wanted) {
  return std::any_of(values.begin(), values.end(), [&](const ParamValue& value) {
    const auto number = as_number(value);
    return number && *number >= wanted.low && *number <= wanted.high;
  });
}

struct AnyWithin {
  const Interval& wanted;
  bool operator()(const FloatDomain& d) const {
    if (d.step) return meets(wanted, d.low, d.high, *d.step);
    return wanted.low <= d.high && wanted.high >= d.low;
  }
  bool operator()(const IntDomain& d) const {
    return meets(wanted, static_cast<double>(d.low), static_cast<double>(d.high),
                 static_cast<double>(d.step));
  }
  bool operator()(const ChoiceDomain& d) const { return any_within(d.choices, wanted); }
  bool operator()(const OrdinalDomain& d) const { return any_within(d.levels, wanted); }
  bool operator()(const BoolDomain&) const { return false; }
  bool operator()(const FixedDomain& d) const { return any_within({d.value}, wanted); }
};

// Looks at one condition whose parent exists.
class Check {
 public:
  Check(const Condition& condition, const Parameter& parent, std::string where)
      : condition_(condition), parent_(parent), where_(std::move(where)) {}

  std::vector<ConditionFault> faults() && {
    if (!condition_.values.empty()) check_values();
    else check_range();
    return std::move(faults_);
  }

 private:
  void add(std::string what, std::string remedy, const std::string& below = {}) {
    faults_.push_back({.rule = ConditionRule::never_holds, .what = std::move(what),
                       .where = where_ + below, .remedy = std::move(remedy)});
  }

  void check_values() {
    if (std::holds_alternative<FloatDomain>(parent_.domain)) {
      return add("'" + parent_.name + "' is a float, which hardly ever has exactly one value",
                 "give a range, as in {\"min\": 0.1, \"max\": 0.5}");
    }
    for (const ParamValue& value : condition_.values) {
      if (contains(parent_.domain, value)) continue;
      add(shown(value) + " is no value of '" + parent_.name + "'", "name one of its values");
    }
  }

  void check_range() {
    if (!condition_.min && !condition_.max) {
      return add("the condition on '" + parent_.name + "' names neither values nor a range",
                 "write a value, a list of values or {\"min\": …, \"max\": …}");
    }
    const Interval wanted = interval_of(condition_, parent_.domain);
    if (wanted.low > wanted.high) return add("min is above max", "write the smaller one as min");
    if (std::visit(AnyWithin{wanted}, parent_.domain)) return;
    add("no value of '" + parent_.name + "' lies in the range", "widen the range; if it has no "
        "numbers, list its values");
  }

  const Condition& condition_;
  const Parameter& parent_;
  std::string where_;
  std::vector<ConditionFault> faults_{};
};

std::string pointer_of(const Parameter& parameter) {
  return "/" + json::pointer_token(parameter.name) + "/when";
}

ConditionFault unknown_parent(const Condition& condition, const Parents& indices,
                              std::string where) {
  std::vector<std::string_view> names;
  for (const auto& [name, index] : indices) names.push_back(name);
  const std::string_view near = nearest(condition.parent, names);
  return {.rule = ConditionRule::unknown_parent,
          .what = "the space has no parameter '" + condition.parent + "'",
          .where = std::move(where),
          .remedy = near.empty() ? "name another parameter of the space" : std::string(near)};
}

void add_faults(const Parameter& parameter, const std::vector<Parameter>& parameters,
                const Parents& indices, std::vector<ConditionFault>& out) {
  if (parameter.when.size() > SearchSpace::conditions_max) {
    out.push_back({.rule = ConditionRule::never_holds,
                   .what = "'" + parameter.name + "' has " +
                           std::to_string(parameter.when.size()) + " conditions",
                   .where = pointer_of(parameter),
                   .remedy = "give at most " + std::to_string(SearchSpace::conditions_max)});
  }
  for (const Condition& condition : parameter.when) {
    const std::string where =
        pointer_of(parameter) + "/" + json::pointer_token(condition.parent);
    const auto parent = indices.find(condition.parent);
    if (parent == indices.end()) {
      out.push_back(unknown_parent(condition, indices, where));
      continue;
    }
    auto found = Check(condition, parameters[parent->second], where).faults();
    std::move(found.begin(), found.end(), std::back_inserter(out));
  }
}

// Follows parents that were not placed until one comes again.
ConditionFault circle(const std::vector<Parameter>& parameters, const Parents& indices,
                      const std::vector<std::size_t>& order) {
  const auto is_left = [&](std::size_t i) {
    return std::find(order.begin(), order.end(), i) == order.end();
  };
  std::size_t at = 0;
  while (!is_left(at)) ++at;
  std::vector<std::size_t> path;
  while (std::find(path.begin(), path.end(), at) == path.end()) {
    path.push_back(at);
    for (const Condition& condition : parameters[at].when) {
      const auto parent = indices.find(condition.parent);
      if (parent == indices.end() || !is_left(parent->second)) continue;
      at = parent->second;
      break;
    }
  }
  path.erase(path.begin(), std::find(path.begin(), path.end(), at));
  std::string words;
  for (const std::size_t i : path) words += parameters[i].name + " → ";
  return {.rule = ConditionRule::cycle,
          .what = "conditions go round in a circle: " + words + parameters[at].name,
          .where = pointer_of(parameters[at]),
          .remedy = "take one of these conditions away: the first parent has none"};
}

}  // namespace

std::vector<ConditionFault> condition_faults(const std::vector<Parameter>& parameters) {
  const Parents indices = by_name(parameters);
  std::vector<ConditionFault> faults;
  for (const Parameter& parameter : parameters) {
    add_faults(parameter, parameters, indices, faults);
  }
  const std::vector<std::size_t> order = parents_first(parameters);
  if (order.size() < parameters.size()) faults.push_back(circle(parameters, indices, order));
  return faults;
}

}  // namespace hpo
