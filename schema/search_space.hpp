// The search space: which parameters a study varies, and over what.
//
// Plain values, no JSON, no Eigen. Parameter names live here and nowhere else: a trial holds its
// values in this order. Copies share one immutable list, so they are cheap. Any thread.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "schema/result.hpp"

namespace hpo {

using ParamValue = std::variant<bool, std::int64_t, double, std::string>;
using Values = std::vector<ParamValue>;  // one per parameter, in the space's order

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

struct Parameter {
  std::string name{};
  Domain domain{};
  std::optional<ParamValue> default_value{};
  std::string unit{};
  std::string description{};
  friend bool operator==(const Parameter&, const Parameter&) = default;
};

class SearchSpace {
 public:
  static constexpr std::size_t parameters_max = 512;
  static constexpr std::size_t choices_max = 1024;              // and levels, of one parameter
  static constexpr std::size_t name_bytes_max = 64;
  static constexpr std::int64_t int_max = std::int64_t{1} << 53U;  // ± exact as a double

  SearchSpace() : SearchSpace(std::vector<Parameter>{}) {}

  // Checks names, bounds, scales, steps and defaults once, so that no other code has to.
  // Error: invalid_argument; `where` is the JSON pointer below /space, as in "/lr/float/0".
  static Result<SearchSpace> make(std::vector<Parameter> parameters);

  const std::vector<Parameter>& parameters() const { return *parameters_; }
  std::size_t size() const { return parameters_->size(); }
  std::optional<std::size_t> index_of(std::string_view name) const;

  // True if there is one value per parameter, each of its domain's type and within it.
  bool contains(const Values& values) const;

  // The default of every parameter; nullopt if one has none. A fixed parameter's is its value.
  std::optional<Values> defaults() const;

  friend bool operator==(const SearchSpace& a, const SearchSpace& b) {
    return a.parameters_ == b.parameters_ || *a.parameters_ == *b.parameters_;
  }

 private:
  explicit SearchSpace(std::vector<Parameter> parameters)
      : parameters_(std::make_shared<const std::vector<Parameter>>(std::move(parameters))) {}
  std::shared_ptr<const std::vector<Parameter>> parameters_;
};

// True if the value has the domain's type and lies in it.
bool contains(const Domain& domain, const ParamValue& value);

}  // namespace hpo
