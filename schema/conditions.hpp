// Which parameters have a value in a trial: conditions, resolved once to indices.
//
// A parameter's conditions all have to hold; so conditions chain, and "or" is a list of values.
// Immutable, any thread.
#pragma once

#include <span>
#include <string>
#include <vector>

#include "schema/parameter.hpp"

namespace hpo {

struct Interval {
  double low = 0.0;
  double high = 0.0;  // included
};

// The range of a condition; wider by a little where the parent's own values are rounded.
Interval interval_of(const Condition& condition, const Domain& parent);

// Parents before their children. Shorter than the list if conditions go round in a circle.
std::vector<std::size_t> parents_first(const std::vector<Parameter>& parameters);

class Conditions {
 public:
  Conditions() = default;
  // REQUIRES: condition_faults(parameters) is empty
  explicit Conditions(const std::vector<Parameter>& parameters);

  bool any() const { return any_; }
  bool hold(std::size_t parameter, std::span<const ParamValue> values) const;
  const std::vector<std::size_t>& order() const { return order_; }  // see parents_first

 private:
  struct Test {
    std::size_t parent = 0;
    std::vector<ParamValue> values{};  // empty: the range counts
    Interval range{};
  };
  std::vector<std::vector<Test>> tests_{};  // of each parameter
  std::vector<std::size_t> order_{};
  bool any_ = false;
};

// "optimizer is \"sgd\" and layers is 3 or more", for a sentence.
std::string condition_words(const std::vector<Condition>& when);

}  // namespace hpo
