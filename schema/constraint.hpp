// A hard constraint of a search space: "width * depth <= 384 or kind == 'small'".
//
// Arithmetic (+ - * /), comparison (< <= > >= == !=), and, or, not, min max abs log exp sqrt over
// parameter names, numbers and texts in quotes. It is read once, into steps for a small stack, and
// then costs some nanoseconds a step. Numbers that differ by less than same_within of their size
// are equal, since steps are rounded: 3 × 0.1 <= 0.3 holds. Every comparison with what is no
// number (log(-1), or x/y where both are 0) is false; a constant 0 is no divisor. A parameter
// without a value switches the constraint off.
// Immutable, any thread.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "schema/parameter.hpp"

namespace hpo {

struct ConstraintFault {
  std::string what{};
  std::string remedy{};  // a word to write instead, or a sentence
  std::size_t offset = 0;
  std::size_t length = 0;  // bytes of the text; 0 at its end
};

class Constraint {
 public:
  static constexpr std::size_t bytes_max = 2048;  // of the text
  static constexpr int depth_max = 32;            // brackets, "not" and signs within each other
  static constexpr double same_within = 1e-9;

  // Names mean these parameters, in this order, from then on.
  static std::variant<Constraint, ConstraintFault> parse(std::string_view text,
                                                         const std::vector<Parameter>& parameters);

  const std::string& text() const { return text_; }
  const std::vector<std::size_t>& parameters() const { return parameters_; }  // each once, sorted

  // REQUIRES: values are of the parameters' domains, or Inactive
  bool holds(std::span<const ParamValue> values) const;

  // True if it counts there and compares what is not finite: log(-1), 1/(n - n), exp(1000).
  // REQUIRES: as holds
  bool is_not_finite(std::span<const ParamValue> values) const;

  friend bool operator==(const Constraint& a, const Constraint& b) { return a.text_ == b.text_; }

  // What follows is for the parser.
  enum class Op : std::uint8_t {
    number, parameter, text_is,  // push
    negate, logical_not, absolute, logarithm, exponential, square_root,
    add, subtract, multiply, divide, minimum, maximum,
    less, less_equal, greater, greater_equal, equal, not_equal, logical_and, logical_or
  };
  struct Step {
    Op op = Op::number;
    double number = 0.0;
    std::size_t parameter = 0;
    std::string text{};  // of text_is, which compares the parameter with it
  };
  Constraint(std::string text, std::vector<Step> steps);
  // Of postfix steps without parameters.
  static double value_of(std::span<const Step> steps);

 private:
  struct Computed {
    double value = 0.0;  // 1 is true
    bool is_finite = true;  // whatever it compared
  };
  static Computed compute(std::span<const Step> steps, std::span<const ParamValue> values);
  bool counts(std::span<const ParamValue> values) const;

  std::string text_;
  std::vector<Step> steps_;                // in postfix order
  std::vector<std::size_t> parameters_{};
};

}  // namespace hpo
