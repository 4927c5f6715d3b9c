// The search space: which parameters a study varies, and over what.
//
// Plain values, no JSON, no Eigen. Parameter names live here and nowhere else: a trial holds its
// values in this order. Copies share one immutable list, so they are cheap. Any thread.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <string_view>
#include <vector>

#include "schema/conditions.hpp"
#include "schema/constraint.hpp"
#include "schema/parameter.hpp"
#include "schema/result.hpp"

namespace hpo {

class SearchSpace {
 public:
  static constexpr std::size_t parameters_max = 512;
  static constexpr std::size_t choices_max = 1024;              // and levels, of one parameter
  static constexpr std::size_t name_bytes_max = 64;
  static constexpr std::size_t conditions_max = 16;             // of one parameter
  static constexpr std::int64_t int_max = std::int64_t{1} << 53U;  // ± exact as a double

  SearchSpace() : SearchSpace(std::vector<Parameter>{}) {}

  // Checks names, bounds, scales, steps, defaults and conditions once, so that no other code has
  // to.
  // Error: invalid_argument; `where` is the JSON pointer below /space, as in "/lr/float/0".
  static Result<SearchSpace> make(std::vector<Parameter> parameters);

  const std::vector<Parameter>& parameters() const { return content_->parameters; }
  std::size_t size() const { return parameters().size(); }
  std::optional<std::size_t> index_of(std::string_view name) const;

  // True if there is one value per parameter, of its domain's type and within it where its
  // conditions hold, Inactive elsewhere.
  bool fits(std::span<const ParamValue> values) const;

  // True if the values are a trial's: they fit, and violate no constraint.
  bool contains(std::span<const ParamValue> values) const {
    return fits(values) && !violated(values);
  }
  bool contains(const Values& values) const { return contains(std::span(values)); }

  // The default of every parameter that has a value then; nullopt if one has none. A fixed
  // parameter's is its value.
  std::optional<Values> defaults() const;

  bool has_conditions() const { return content_->conditions.any(); }
  bool is_conditional(std::size_t parameter) const { return !parameters()[parameter].when.empty(); }

  // Whether this parameter's conditions hold. REQUIRES: those of its parents are settled in values.
  bool is_active(std::size_t parameter, std::span<const ParamValue> values) const {
    return content_->conditions.hold(parameter, values);
  }

  // All parameters, parents before those whose conditions name them.
  const std::vector<std::size_t>& order() const { return content_->conditions.order(); }

  // The same space with constraints, in place of those it has.
  // REQUIRES: parsed for these parameters
  SearchSpace constrained(std::vector<Constraint> constraints) const;
  const std::vector<Constraint>& constraints() const { return content_->constraints; }

  // The first constraint that these values violate. REQUIRES: fits(values)
  std::optional<std::size_t> violated(std::span<const ParamValue> values) const;

  // Takes the values away from parameters whose conditions do not hold.
  void settle(Values& values) const;

  friend bool operator==(const SearchSpace& a, const SearchSpace& b) {
    return a.content_ == b.content_ ||
           (a.parameters() == b.parameters() && a.constraints() == b.constraints());
  }

 private:
  struct Content {
    std::vector<Parameter> parameters{};
    Conditions conditions{};
    std::vector<Constraint> constraints{};
  };
  explicit SearchSpace(std::vector<Parameter> parameters);
  explicit SearchSpace(Content content)
      : content_(std::make_shared<const Content>(std::move(content))) {}
  std::shared_ptr<const Content> content_;
};

}  // namespace hpo
