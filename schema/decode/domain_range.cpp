// {"float": [low, high]} and {"int": [low, high]}, with "log" and "step". See sections.hpp.
#include <cmath>
#include <limits>

#include "schema/decode/read.hpp"
#include "schema/decode/sections.hpp"

namespace hpo::decode {
namespace {

constexpr double double_max = std::numeric_limits<double>::max();
constexpr std::int64_t int64_max = std::numeric_limits<std::int64_t>::max();
constexpr std::int64_t int64_min = std::numeric_limits<std::int64_t>::min();

template <class T>
struct Bounds { T low{}; T high{}; };

bool expect_bounds(const Cursor& type) {
  return expect_list(type, {.low = 2, .high = 2}, "write [low, high]");
}

// The words are the user's own; the numbers were compared before.
void add_not_below(const Cursor& type, bool is_equal) {
  const std::string low = value_words(type.node().items[0]);
  const std::string high = value_words(type.node().items[1]);
  type.add({.code = Code::low_not_below_high,
            .message = "low " + low + " is not below high " + high,
            .suggestion = is_equal ? "for a single value write \"fixed\": " + low
                                   : "write [" + high + ", " + low + "]"});
}

Scale read_scale(const Cursor& object) {
  const auto log = object.find("log");
  return log && read_bool(*log).value_or(false) ? Scale::log : Scale::linear;
}

void check_log(const Cursor& type, bool is_positive) {
  if (is_positive) return;
  const Cursor low = type.items()[0];
  low.add({.code = Code::log_needs_positive,
           .message = "low " + value_words(low.node()) + " is not above 0 on a log scale",
           .suggestion = "set low above 0, or remove \"log\": true"});
}

void add_log_step(const Cursor& step) {
  step.add_to_key({.code = Code::bad_step,
                   .message = "a log scale has no step",
                   .suggestion = "remove \"step\" or \"log\", or list the values as \"ordinal\""});
}

std::optional<Bounds<double>> read_float_bounds(const Cursor& type) {
  if (!expect_bounds(type)) return std::nullopt;
  const std::vector<Cursor> items = type.items();
  const auto low = read_number(items[0], {.low = -double_max, .high = double_max});
  const auto high = read_number(items[1], {.low = -double_max, .high = double_max});
  if (!low || !high) return std::nullopt;
  if (*low < *high) return Bounds<double>{*low, *high};
  add_not_below(type, *low == *high);
  return std::nullopt;
}

// Integers of any size: a bound beyond 2^53 is refused for its meaning, not for its type.
std::optional<std::int64_t> read_bound(const Cursor& at) {
  const bool is_huge = at.node().kind == json::Kind::number && !whole_value(at.node()) &&
                       std::trunc(at.node().number) == at.node().number;
  if (is_huge) return at.node().number < 0 ? int64_min : int64_max;
  return read_integer(at, {.low = int64_min, .high = int64_max});
}

bool check_width(const Cursor& at, std::int64_t bound) {
  if (bound >= -SearchSpace::int_max && bound <= SearchSpace::int_max) return true;
  at.add({.code = Code::range_too_wide,
          .message = value_words(at.node()) + " is beyond 2^53, where strategies cannot count",
          .suggestion = "narrow the range to ±" + std::to_string(SearchSpace::int_max)});
  return false;
}

std::optional<Bounds<std::int64_t>> read_int_bounds(const Cursor& type) {
  if (!expect_bounds(type)) return std::nullopt;
  const std::vector<Cursor> items = type.items();
  const auto low = read_bound(items[0]);
  const auto high = read_bound(items[1]);
  if (!low || !high) return std::nullopt;
  if (*low >= *high) {
    add_not_below(type, *low == *high);
    return std::nullopt;
  }
  const bool is_low_fine = check_width(items[0], *low);
  if (!check_width(items[1], *high) || !is_low_fine) return std::nullopt;
  return Bounds<std::int64_t>{*low, *high};
}

std::optional<double> read_float_step(const Cursor& step) {
  if (step.node().is_number() && step.node().number <= 0) {
    step.add({.code = Code::out_of_range, .message = "\"step\" must be above 0"});
    return std::nullopt;
  }
  return read_number(step, {.low = 0.0, .high = double_max});
}

// Strategies number the values.
void check_step(const Cursor& at, const Bounds<double>& bounds, std::optional<double> step) {
  constexpr auto values_max = static_cast<double>(SearchSpace::int_max);
  if (!step || (bounds.high - bounds.low) / *step <= values_max) return;
  at.add({.code = Code::range_too_wide,
          .message = "more than 2^53 steps of " + value_words(at.node()) + " from low to high",
          .suggestion = "remove \"step\": so fine a one changes nothing, or make it larger"});
}

}  // namespace

std::optional<Domain> decode_float(const Cursor& object, const Cursor& type) {
  const Scale scale = read_scale(object);
  const auto step_at = object.find("step");
  const auto step = step_at ? read_float_step(*step_at) : std::nullopt;
  if (step_at && scale == Scale::log) add_log_step(*step_at);
  const auto bounds = read_float_bounds(type);
  if (!bounds) return std::nullopt;
  if (scale == Scale::log) check_log(type, bounds->low > 0);
  if (step_at) check_step(*step_at, *bounds, step);
  return FloatDomain{.low = bounds->low, .high = bounds->high, .scale = scale, .step = step};
}

std::optional<Domain> decode_int(const Cursor& object, const Cursor& type) {
  const Scale scale = read_scale(object);
  const auto step_at = object.find("step");
  const auto step = step_at ? read_integer(*step_at, {.low = 1, .high = SearchSpace::int_max})
                            : std::nullopt;
  if (step && *step != 1 && scale == Scale::log) add_log_step(*step_at);
  const auto bounds = read_int_bounds(type);
  if (!bounds) return std::nullopt;
  if (scale == Scale::log) check_log(type, bounds->low > 0);
  return IntDomain{.low = bounds->low, .high = bounds->high, .scale = scale,
                   .step = step.value_or(1)};
}

}  // namespace hpo::decode
