// SearchSpace: made once from checked parameters, then only asked.
//
// Pure, any thread.
#include "schema/search_space.hpp"

#include <algorithm>
#include <cmath>
#include <limits>
#include <set>

#include "schema/condition_check.hpp"
#include "schema/json/node.hpp"
#include "schema/space_check.hpp"

namespace hpo {
namespace {

// low + k step is rounded: a value may miss its place by that, and by no more.
constexpr double step_tolerance = 1e-6;  // of a step

bool is_on_grid(const FloatDomain& domain, double value) {
  const double step = *domain.step;
  const double size = std::max(std::abs(domain.low), std::abs(domain.high));
  const double tolerance =
      step_tolerance * step + 4 * std::numeric_limits<double>::epsilon() * size;
  const double nearest = domain.low + std::round((value - domain.low) / step) * step;
  return std::abs(value - nearest) <= tolerance && value >= domain.low - tolerance &&
         value <= domain.high + tolerance;
}

bool holds(const FloatDomain& domain, const ParamValue& value) {
  const double* number = std::get_if<double>(&value);
  if (number == nullptr || !std::isfinite(*number)) return false;
  if (domain.step) return is_on_grid(domain, *number);
  return *number >= domain.low && *number <= domain.high;
}

bool holds(const IntDomain& domain, const ParamValue& value) {
  const std::int64_t* number = std::get_if<std::int64_t>(&value);
  if (number == nullptr || *number < domain.low || *number > domain.high) return false;
  return (*number - domain.low) % domain.step == 0;
}

bool is_in(const std::vector<ParamValue>& list, const ParamValue& value) {
  return std::find(list.begin(), list.end(), value) != list.end();
}

bool holds(const ChoiceDomain& domain, const ParamValue& value) {
  return is_in(domain.choices, value);
}

bool holds(const OrdinalDomain& domain, const ParamValue& value) {
  return is_in(domain.levels, value);
}

bool holds(const BoolDomain&, const ParamValue& value) {
  return std::holds_alternative<bool>(value);
}

bool holds(const FixedDomain& domain, const ParamValue& value) { return value == domain.value; }

struct CountOf {
  double operator()(const FloatDomain& d) const {
    if (!d.step) return std::numeric_limits<double>::infinity();
    return std::round((d.high - d.low) / *d.step) + 1.0;
  }
  double operator()(const IntDomain& d) const {
    return static_cast<double>((d.high - d.low) / d.step) + 1.0;
  }
  double operator()(const ChoiceDomain& d) const { return static_cast<double>(d.choices.size()); }
  double operator()(const OrdinalDomain& d) const { return static_cast<double>(d.levels.size()); }
  double operator()(const BoolDomain&) const { return 2.0; }
  double operator()(const FixedDomain&) const { return 1.0; }
};

Error too_many(std::size_t count) {
  return {ErrorCode::invalid_argument, std::to_string(count) + " parameters", "",
          "give at most " + std::to_string(SearchSpace::parameters_max) +
              ", or vary the important ones only"};
}

Error fault_of(const ConditionFault& fault) {
  return {ErrorCode::invalid_argument, fault.what, fault.where, fault.remedy};
}

Error named_twice(const std::string& name) {
  return {ErrorCode::invalid_argument, "two parameters are called '" + name + "'",
          "/" + json::pointer_token(name), "rename one of them"};
}

}  // namespace

bool contains(const Domain& domain, const ParamValue& value) {
  return std::visit([&](const auto& held) { return holds(held, value); }, domain);
}

double count_of_values(const Domain& domain) { return std::visit(CountOf{}, domain); }

Result<SearchSpace> SearchSpace::make(std::vector<Parameter> parameters) {
  if (parameters.size() > parameters_max) return too_many(parameters.size());
  std::set<std::string_view> names;
  for (const Parameter& parameter : parameters) {
    const Result<void> checked = check_parameter(parameter);
    if (!checked) return checked.error();
    if (!names.insert(parameter.name).second) return named_twice(parameter.name);
  }
  if (const auto faults = condition_faults(parameters); !faults.empty()) {
    return fault_of(faults.front());
  }
  return SearchSpace(std::move(parameters));
}

SearchSpace::SearchSpace(std::vector<Parameter> parameters) {
  Content content{.conditions = Conditions(parameters)};
  content.parameters = std::move(parameters);
  content_ = std::make_shared<const Content>(std::move(content));
}

SearchSpace SearchSpace::constrained(std::vector<Constraint> constraints) const {
  Content content = *content_;
  content.constraints = std::move(constraints);
  return SearchSpace(std::move(content));
}

std::optional<std::size_t> SearchSpace::violated(std::span<const ParamValue> values) const {
  for (std::size_t i = 0; i < constraints().size(); ++i) {
    if (!constraints()[i].holds(values)) return i;
  }
  return std::nullopt;
}

std::optional<std::size_t> SearchSpace::index_of(std::string_view name) const {
  for (std::size_t i = 0; i < size(); ++i) {
    if (parameters()[i].name == name) return i;
  }
  return std::nullopt;
}

bool SearchSpace::fits(std::span<const ParamValue> values) const {
  if (values.size() != size()) return false;
  for (std::size_t i = 0; i < size(); ++i) {
    const bool is_right = is_active(i, values) ? hpo::contains(parameters()[i].domain, values[i])
                                               : !hpo::is_active(values[i]);
    if (!is_right) return false;
  }
  return true;
}

std::optional<Values> SearchSpace::defaults() const {
  Values values(size(), Inactive{});
  for (const std::size_t i : order()) {
    const Parameter& parameter = parameters()[i];
    if (!is_active(i, values)) continue;
    const FixedDomain* fixed = std::get_if<FixedDomain>(&parameter.domain);
    if (fixed != nullptr) values[i] = fixed->value;
    else if (parameter.default_value) values[i] = *parameter.default_value;
    else return std::nullopt;
  }
  return values;
}

void SearchSpace::settle(Values& values) const {
  if (!has_conditions()) return;
  for (const std::size_t i : order()) {
    if (!is_active(i, values)) values[i] = Inactive{};
  }
}

}  // namespace hpo
