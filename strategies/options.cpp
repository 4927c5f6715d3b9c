// One loop and one sentence for what is unknown, one for what is out of range.
#include "strategies/options.hpp"

#include <algorithm>

#include "schema/assert.hpp"
#include "schema/json/writer.hpp"
#include "schema/strategy_options.hpp"

namespace hpo {
namespace {

std::string place(std::string_view name) {
  return "study.json /strategy/options/" + std::string(name);
}

Error unknown_option(std::string_view strategy, std::string_view name, const std::string& known) {
  return {ErrorCode::invalid_argument,
          "strategy '" + std::string(strategy) + "' has no option '" + std::string(name) + "'",
          place(name), known.empty() ? "remove it: this strategy has no options" : "use: " + known};
}

std::string listed(const auto& words) {
  std::string list;
  for (const std::string_view word : words) list += (list.empty() ? "" : ", ") + std::string(word);
  return list;
}

// "an integer from 4 to 10000"
std::string range_words(const StrategyOption& option) {
  if (option.kind == StrategyOption::Kind::word) return "one of: " + listed(option.words);
  if (option.kind == StrategyOption::Kind::integer) {
    return "an integer from " + std::to_string(static_cast<std::int64_t>(option.low)) + " to " +
           std::to_string(static_cast<std::int64_t>(option.high));
  }
  return "a number from " + json::number_text(option.low) + " to " +
         json::number_text(option.high);
}

}  // namespace

Result<void> check_options(const StudySpec& spec, std::initializer_list<std::string_view> known) {
  for (const auto& [name, value] : spec.strategy.options) {
    if (std::find(known.begin(), known.end(), name) != known.end()) continue;
    return unknown_option(spec.strategy.type, name, listed(known));
  }
  return {};
}

Result<OptionValues> OptionValues::make(const StudySpec& spec, std::string_view strategy) {
  OptionValues values;
  std::vector<std::string_view> names;
  for (const StrategyOption& option : options_of(strategy)) {
    names.push_back(option.name);
    const auto given = spec.strategy.options.find(std::string(option.name));
    if (given == spec.strategy.options.end()) {
      if (option.fallback) values.values_.emplace(option.name, *option.fallback);
      continue;
    }
    if (!is_legal(option, given->second)) {
      return Error{ErrorCode::invalid_argument,
                   "option '" + given->first + "' of strategy '" + std::string(strategy) +
                       "' has no legal value",
                   place(given->first), "it takes " + range_words(option)};
    }
    values.values_.emplace(option.name, given->second);
  }
  for (const auto& [name, value] : spec.strategy.options) {
    if (std::find(names.begin(), names.end(), name) != names.end()) continue;
    return unknown_option(strategy, name, listed(names));
  }
  return values;
}

double OptionValues::number(std::string_view name) const {
  const ParamValue& value = values_.find(name)->second;
  const auto* whole = std::get_if<std::int64_t>(&value);  // 1 is a number too
  return whole ? static_cast<double>(*whole) : std::get<double>(value);
}

std::int64_t OptionValues::integer(std::string_view name) const {
  HPO_ASSERT(has(name), "an option without a default is asked for by has()");
  return std::get<std::int64_t>(values_.find(name)->second);
}

std::string_view OptionValues::word(std::string_view name) const {
  return std::get<std::string>(values_.find(name)->second);
}

}  // namespace hpo
