// Evaluation: a stack of numbers on which true is 1 and false 0.
#include "schema/constraint.hpp"

#include <algorithm>
#include <array>
#include <cmath>

#include "schema/assert.hpp"

namespace hpo {
namespace {

using Op = Constraint::Op;

// Each level of nesting has at most seven operands waiting: or, and, comparison, sum, product, two
// of a function.
constexpr std::size_t stack_max = 7 * (Constraint::depth_max + 2);

bool is_same(double a, double b) {
  if (a == b) return true;
  if (!std::isfinite(a) || !std::isfinite(b)) return false;
  return std::abs(a - b) <= Constraint::same_within * std::max(std::abs(a), std::abs(b));
}

double apply(Op op, double a) {
  switch (op) {
    case Op::negate: return -a;
    case Op::logical_not: return a == 0.0 ? 1.0 : 0.0;
    case Op::absolute: return std::abs(a);
    case Op::logarithm: return std::log(a);
    case Op::exponential: return std::exp(a);
    default: return std::sqrt(a);
  }
}

bool compare(Op op, double a, double b) {
  if (std::isnan(a) || std::isnan(b)) return false;
  switch (op) {
    case Op::less: return a < b && !is_same(a, b);
    case Op::less_equal: return a < b || is_same(a, b);
    case Op::greater: return a > b && !is_same(a, b);
    case Op::greater_equal: return a > b || is_same(a, b);
    case Op::equal: return is_same(a, b);
    default: return !is_same(a, b);
  }
}

bool is_comparison(Op op) { return op >= Op::less && op <= Op::not_equal; }

double apply(Op op, double a, double b) {
  switch (op) {
    case Op::add: return a + b;
    case Op::subtract: return a - b;
    case Op::multiply: return a * b;
    case Op::divide: return a / b;
    case Op::minimum: return std::isnan(a) || a < b ? a : b;
    case Op::maximum: return std::isnan(a) || a > b ? a : b;
    case Op::logical_and: return a != 0.0 && b != 0.0 ? 1.0 : 0.0;
    case Op::logical_or: return a != 0.0 || b != 0.0 ? 1.0 : 0.0;
    default: return compare(op, a, b) ? 1.0 : 0.0;
  }
}

double number_of_value(const ParamValue& value) {
  if (const auto* flag = std::get_if<bool>(&value)) return *flag ? 1.0 : 0.0;
  return as_number(value).value_or(std::nan(""));
}

double pushed(const Constraint::Step& step, std::span<const ParamValue> values) {
  if (step.op == Op::number) return step.number;
  if (step.op == Op::parameter) return number_of_value(values[step.parameter]);
  const auto* text = std::get_if<std::string>(&values[step.parameter]);
  return text != nullptr && *text == step.text ? 1.0 : 0.0;
}

}  // namespace

Constraint::Constraint(std::string text, std::vector<Step> steps)
    : text_(std::move(text)), steps_(std::move(steps)) {
  for (const Step& step : steps_) {
    if (step.op == Op::parameter || step.op == Op::text_is) parameters_.push_back(step.parameter);
  }
  std::sort(parameters_.begin(), parameters_.end());
  parameters_.erase(std::unique(parameters_.begin(), parameters_.end()), parameters_.end());
}

bool Constraint::counts(std::span<const ParamValue> values) const {
  return std::all_of(parameters_.begin(), parameters_.end(),
                     [&](std::size_t parameter) { return is_active(values[parameter]); });
}

Constraint::Computed Constraint::compute(std::span<const Step> steps,
                                         std::span<const ParamValue> values) {
  std::array<double, stack_max> stack;
  std::size_t size = 0;
  Computed computed;
  for (const Step& step : steps) {
    if (step.op <= Op::text_is) {
      HPO_ASSERT(size < stack.size(), "the parser bounds the depth");
      stack[size++] = pushed(step, values);
    } else if (step.op <= Op::square_root) {
      stack[size - 1] = apply(step.op, stack[size - 1]);
    } else {
      --size;
      double& a = stack[size - 1];
      const double b = stack[size];
      const bool are_finite = std::isfinite(a) && std::isfinite(b);
      if (is_comparison(step.op) && !are_finite) computed.is_finite = false;
      a = apply(step.op, a, b);
    }
  }
  computed.value = stack[0];
  return computed;
}

bool Constraint::holds(std::span<const ParamValue> values) const {
  return !counts(values) || compute(steps_, values).value != 0.0;
}

bool Constraint::is_not_finite(std::span<const ParamValue> values) const {
  return counts(values) && !compute(steps_, values).is_finite;
}

double Constraint::value_of(std::span<const Step> steps) { return compute(steps, {}).value; }

}  // namespace hpo
