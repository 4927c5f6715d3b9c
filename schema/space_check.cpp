// What a parameter may be: names, bounds, scales, steps, choices and defaults.
//
// Checked once, when a space is made; no other code needs to ask again. Pure, any thread.
#include "schema/space_check.hpp"

#include <algorithm>
#include <charconv>
#include <cmath>
#include <set>

#include "schema/json/node.hpp"
#include "schema/json/writer.hpp"

namespace hpo {
namespace {

constexpr double whole_steps_tolerance = 1e-9;  // of the range, for (high - low) / step to be whole

// Collects what an Error of one parameter needs.
struct Complaint {
  const std::string& name;

  Error operator()(std::string_view below, std::string what, std::string remedy) const {
    return {ErrorCode::invalid_argument, "parameter '" + name + "': " + std::move(what),
            "/" + json::pointer_token(name) + std::string(below), std::move(remedy)};
  }
};

std::string text_of(const ParamValue& value) { return json::Writer().value(value).text(); }
std::string text_of(double number) { return json::number_text(number); }

// 0.9, not 0.8999999999999999: what a person would write. Well within whole_steps_tolerance.
double rounded(double number) {
  char text[32];
  const auto end = std::to_chars(text, text + sizeof text, number, std::chars_format::general, 12);
  std::from_chars(text, end.ptr, number);
  return number;
}

bool is_letter(char c) { return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_'; }

bool is_name_byte(char c) {
  return is_letter(c) || (c >= '0' && c <= '9') || c == '.' || c == '-';
}

bool is_name(std::string_view name) {
  return !name.empty() && name.size() <= SearchSpace::name_bytes_max && is_letter(name.front()) &&
         std::all_of(name.begin(), name.end(), is_name_byte);
}

Result<void> check_float_step(const FloatDomain& domain, const Complaint& complain) {
  const double step = *domain.step;
  const double range = domain.high - domain.low;
  if (domain.scale == Scale::log) {
    return complain("/step", "a step on a log scale", "drop \"step\", or drop \"log\": true");
  }
  if (!std::isfinite(step) || step <= 0) {
    return complain("/step", "step " + text_of(step) + " is not above 0", "set step > 0");
  }
  if (range == 0) return {};  // one value: any step will do
  if (step > range) {
    return complain("/step", "step " + text_of(step) + " is wider than high - low",
                    "set step to " + text_of(range) + " at most");
  }
  const double steps = std::max(1.0, std::round(range / step));
  if (std::abs(steps * step - range) <= whole_steps_tolerance * range) return {};
  return complain("/float/1", "high " + text_of(domain.high) + " is no whole number of steps " +
                      text_of(step) + " above low " + text_of(domain.low),
                  "set high to " + text_of(rounded(domain.low + steps * step)));
}

Result<void> check(const FloatDomain& domain, const Complaint& complain) {
  if (!std::isfinite(domain.low)) return complain("/float/0", "low is not finite", "set a number");
  if (!std::isfinite(domain.high) || !std::isfinite(domain.high - domain.low)) {
    return complain("/float/1", "high - low is not finite", "narrow the bounds");
  }
  if (domain.low > domain.high) {
    return complain("/float/0", "low " + text_of(domain.low) + " is above high " +
                        text_of(domain.high), "write [low, high]");
  }
  if (domain.scale == Scale::log && domain.low <= 0) {
    return complain("/float/0", "low " + text_of(domain.low) + " is not above 0 on a log scale",
                    "set low > 0, or drop \"log\": true");
  }
  if (domain.step) return check_float_step(domain, complain);
  return {};
}

Result<void> check_int_step(const IntDomain& domain, const Complaint& complain) {
  const std::int64_t range = domain.high - domain.low;
  if (domain.step < 1) {
    return complain("/step", "step " + std::to_string(domain.step) + " is not above 0",
                    "set step to 1 or more");
  }
  if (domain.scale == Scale::log && domain.step != 1) {
    return complain("/step", "a step on a log scale", "drop \"step\", or drop \"log\": true");
  }
  if (range == 0) return {};  // one value: any step will do
  if (domain.step > range) {
    return complain("/step", "step " + std::to_string(domain.step) + " is wider than high - low",
                    "set step to " + std::to_string(range) + " at most");
  }
  if (range % domain.step == 0) return {};
  const std::int64_t steps = (range + domain.step / 2) / domain.step;
  return complain("/int/1", "high " + std::to_string(domain.high) +
                      " is no whole number of steps " + std::to_string(domain.step) +
                      " above low " + std::to_string(domain.low),
                  "set high to " + std::to_string(domain.low + steps * domain.step));
}

bool is_int_bound(std::int64_t bound) {
  return bound >= -SearchSpace::int_max && bound <= SearchSpace::int_max;
}

Result<void> check(const IntDomain& domain, const Complaint& complain) {
  if (!is_int_bound(domain.low) || !is_int_bound(domain.high)) {
    return complain(is_int_bound(domain.low) ? "/int/1" : "/int/0", "a bound beyond ±2^53",
                    "narrow the bounds: beyond 2^53 a double cannot tell integers apart");
  }
  if (domain.low > domain.high) {
    return complain("/int/0", "low " + std::to_string(domain.low) + " is above high " +
                        std::to_string(domain.high), "write [low, high]");
  }
  if (domain.scale == Scale::log && domain.low < 1) {
    return complain("/int/0", "low " + std::to_string(domain.low) + " is below 1 on a log scale",
                    "set low to 1 or more, or drop \"log\": true");
  }
  return check_int_step(domain, complain);
}

bool is_finite(const ParamValue& value) {
  const double* number = std::get_if<double>(&value);
  return number == nullptr || std::isfinite(*number);
}

Result<void> check_list(const std::vector<ParamValue>& list, std::string_view below,
                        const Complaint& complain) {
  if (list.empty()) return complain(below, "the list is empty", "give at least one value");
  if (list.size() > SearchSpace::choices_max) {
    return complain(below, std::to_string(list.size()) + " values",
                    "give at most " + std::to_string(SearchSpace::choices_max) +
                        ", or use int or float");
  }
  std::set<ParamValue> seen;
  for (std::size_t i = 0; i < list.size(); ++i) {
    const std::string at = std::string(below) + "/" + std::to_string(i);
    if (!is_finite(list[i])) return complain(at, "a number that is not finite", "remove it");
    if (!seen.insert(list[i]).second) {
      return complain(at, text_of(list[i]) + " occurs twice", "keep one of the two");
    }
  }
  return {};
}

Result<void> check(const ChoiceDomain& domain, const Complaint& complain) {
  return check_list(domain.choices, "/choice", complain);
}

Result<void> check(const OrdinalDomain& domain, const Complaint& complain) {
  for (std::size_t i = 0; i < domain.levels.size(); ++i) {
    const bool is_text = std::holds_alternative<std::string>(domain.levels[i]);
    if (std::holds_alternative<bool>(domain.levels[i]) ||
        is_text != std::holds_alternative<std::string>(domain.levels.front())) {
      return complain("/ordinal/" + std::to_string(i), "levels are all numbers or all strings",
                      "make them alike, or use choice if they have no order");
    }
  }
  return check_list(domain.levels, "/ordinal", complain);
}

Result<void> check(const BoolDomain&, const Complaint&) { return {}; }

Result<void> check(const FixedDomain& domain, const Complaint& complain) {
  if (is_finite(domain.value)) return {};
  return complain("/fixed", "the value is not finite", "set a number");
}

}  // namespace

Result<void> check_parameter(const Parameter& parameter) {
  const Complaint complain{parameter.name};
  if (!is_name(parameter.name)) {
    return complain("", "not a name",
                    "begin with a letter or '_', go on with letters, digits, '_', '.', '-'; at "
                    "most " + std::to_string(SearchSpace::name_bytes_max) + " in all");
  }
  const auto checked =
      std::visit([&](const auto& domain) { return check(domain, complain); }, parameter.domain);
  if (!checked) return checked.error();
  if (parameter.default_value && !contains(parameter.domain, *parameter.default_value)) {
    return complain("/default", "the default " + text_of(*parameter.default_value) +
                        " is not in the domain", "choose one of its values");
  }
  return {};
}

}  // namespace hpo
