// A resolved test is a plain comparison; the names are looked up once.
#include "schema/conditions.hpp"

#include <algorithm>
#include <limits>
#include <map>

#include "schema/json/writer.hpp"

namespace hpo {
namespace {

constexpr double infinity = std::numeric_limits<double>::infinity();
constexpr double range_slack = 1e-6;  // of the parent's step: low + k step is rounded
constexpr std::size_t values_shown = 8;

using Indices = std::map<std::string_view, std::size_t>;

Indices indices_of(const std::vector<Parameter>& parameters) {
  Indices indices;
  for (std::size_t i = 0; i < parameters.size(); ++i) indices.emplace(parameters[i].name, i);
  return indices;
}

// "sgd" or "adam".
std::string either_of(const std::vector<ParamValue>& values) {
  std::string words;
  for (std::size_t i = 0; i < values.size() && i < values_shown; ++i) {
    words += (i == 0 ? "" : " or ") + json::Writer().value(values[i]).text();
  }
  return values.size() > values_shown ? words + " or …" : words;
}

// 3 as people write it, not 3.0.
std::string bound_text(double bound) {
  const std::string text = json::number_text(bound);
  return text.ends_with(".0") ? text.substr(0, text.size() - 2) : text;
}

std::string words_of(const Condition& condition) {
  const std::string& parent = condition.parent;
  if (!condition.values.empty()) return parent + " is " + either_of(condition.values);
  const std::string low = bound_text(condition.min.value_or(0.0));
  const std::string high = bound_text(condition.max.value_or(0.0));
  if (condition.min && condition.max) return parent + " is " + low + " to " + high;
  return parent + " is " + (condition.min ? low + " or more" : high + " or less");
}

}  // namespace

Interval interval_of(const Condition& condition, const Domain& parent) {
  const auto* d = std::get_if<FloatDomain>(&parent);
  const double slack = d != nullptr && d->step ? range_slack * *d->step : 0.0;
  return {condition.min.value_or(-infinity) - slack, condition.max.value_or(infinity) + slack};
}

std::vector<std::size_t> parents_first(const std::vector<Parameter>& parameters) {
  const Indices indices = indices_of(parameters);
  std::vector<std::size_t> order;
  std::vector<bool> is_placed(parameters.size());
  const auto is_ready = [&](const Condition& condition) {
    const auto parent = indices.find(condition.parent);
    return parent == indices.end() || is_placed[parent->second];
  };
  for (bool has_grown = true; has_grown;) {
    has_grown = false;
    for (std::size_t i = 0; i < parameters.size(); ++i) {
      const std::vector<Condition>& when = parameters[i].when;
      if (is_placed[i] || !std::all_of(when.begin(), when.end(), is_ready)) continue;
      order.push_back(i);
      is_placed[i] = has_grown = true;
    }
  }
  return order;
}

Conditions::Conditions(const std::vector<Parameter>& parameters) : tests_(parameters.size()) {
  const Indices indices = indices_of(parameters);
  for (std::size_t i = 0; i < parameters.size(); ++i) {
    for (const Condition& condition : parameters[i].when) {
      const std::size_t parent = indices.at(condition.parent);
      tests_[i].push_back({.parent = parent, .values = condition.values,
                           .range = interval_of(condition, parameters[parent].domain)});
      any_ = true;
    }
  }
  order_ = parents_first(parameters);
}

bool Conditions::hold(std::size_t parameter, std::span<const ParamValue> values) const {
  for (const Test& test : tests_[parameter]) {
    const ParamValue& value = values[test.parent];
    if (!test.values.empty()) {
      const auto end = test.values.end();
      if (std::find(test.values.begin(), end, value) == end) return false;
      continue;
    }
    const auto number = as_number(value);
    if (!number || *number < test.range.low || *number > test.range.high) return false;
  }
  return true;
}

std::string condition_words(const std::vector<Condition>& when) {
  std::string words;
  for (const Condition& condition : when) {
    words += (words.empty() ? "" : " and ") + words_of(condition);
  }
  return words;
}

}  // namespace hpo
