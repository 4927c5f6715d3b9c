// A parameter of a study: what values it may take, and in which trials it has one.
//
// Plain values, checked when a SearchSpace is made of them. Any thread.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <variant>
#include <vector>

namespace hpo {

// What a parameter has in a trial in which its conditions do not hold.
struct Inactive {
  friend auto operator<=>(const Inactive&, const Inactive&) = default;
};

using ParamValue = std::variant<bool, std::int64_t, double, std::string, Inactive>;
using Values = std::vector<ParamValue>;  // one per parameter, in the space's order

inline bool is_active(const ParamValue& value) { return !std::holds_alternative<Inactive>(value); }

// nullopt for what is no number; integers below 2^53 are exact.
inline std::optional<double> as_number(const ParamValue& value) {
  if (const auto* integer = std::get_if<std::int64_t>(&value)) return static_cast<double>(*integer);
  if (const auto* number = std::get_if<double>(&value)) return *number;
  return std::nullopt;
}

enum class Scale { linear, log };

struct FloatDomain {
  double low = 0.0;
  double high = 1.0;  // included
  Scale scale = Scale::linear;
  std::optional<double> step{};  // values are low + k step; never together with log
  friend bool operator==(const FloatDomain&, const FloatDomain&) = default;
};

struct IntDomain {
  std::int64_t low = 0;
  std::int64_t high = 1;  // included
  Scale scale = Scale::linear;
  std::int64_t step = 1;  // values are low + k step; 1 on a log scale
  friend bool operator==(const IntDomain&, const IntDomain&) = default;
};

struct ChoiceDomain {  // no order
  std::vector<ParamValue> choices{};
  friend bool operator==(const ChoiceDomain&, const ChoiceDomain&) = default;
};
struct OrdinalDomain {  // in the order of the list
  std::vector<ParamValue> levels{};
  friend bool operator==(const OrdinalDomain&, const OrdinalDomain&) = default;
};
struct BoolDomain {
  friend bool operator==(const BoolDomain&, const BoolDomain&) = default;
};
struct FixedDomain {  // never varied, still handed over
  ParamValue value{};
  friend bool operator==(const FixedDomain&, const FixedDomain&) = default;
};

using Domain =
    std::variant<FloatDomain, IntDomain, ChoiceDomain, OrdinalDomain, BoolDomain, FixedDomain>;

// One value of a list, or a number of a range; never fulfilled by a parent without a value.
struct Condition {
  std::string parent{};              // another parameter
  std::vector<ParamValue> values{};  // empty: the range counts
  std::optional<double> min{};       // included, like max
  std::optional<double> max{};
  friend bool operator==(const Condition&, const Condition&) = default;
};

struct Parameter {
  std::string name{};
  Domain domain{};
  std::optional<ParamValue> default_value{};
  std::string unit{};
  std::string description{};
  std::vector<Condition> when{};  // it has a value only in trials in which all of them hold
  friend bool operator==(const Parameter&, const Parameter&) = default;
};

// True if the value has the domain's type and lies in it.
bool contains(const Domain& domain, const ParamValue& value);

// How many values the domain has; infinite for a float without a step. REQUIRES: a checked domain
double count_of_values(const Domain& domain);

}  // namespace hpo
