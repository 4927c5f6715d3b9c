// One loop and one sentence for what is unknown, one for what is out of range.
#include "strategies/options.hpp"

#include <algorithm>

#include "schema/assert.hpp"
#include "schema/json/writer.hpp"
#include "schema/pruner_list.hpp"
#include "schema/pruner_options.hpp"
#include "schema/strategy_list.hpp"
#include "schema/strategy_options.hpp"

namespace hpo {
namespace {

Error unknown_option(std::string_view kind, std::string_view owner, std::string_view name,
                     const std::string& known) {
  const std::string what(kind);
  return {ErrorCode::invalid_argument,
          what + " '" + std::string(owner) + "' has no option '" + std::string(name) + "'",
          "study.json /" + what + "/options/" + std::string(name),
          known.empty() ? "remove it: this " + what + " has no options" : "use: " + known};
}

std::string listed(const auto& words) {
  std::string list;
  for (const std::string_view word : words) list += (list.empty() ? "" : ", ") + std::string(word);
  return list;
}

// "an integer from 4 to 10000"
std::string range_words(const Option& option) {
  if (option.kind == Option::Kind::word) return "one of: " + listed(option.words);
  if (option.kind == Option::Kind::integer) {
    return "an integer from " + std::to_string(static_cast<std::int64_t>(option.low)) + " to " +
           std::to_string(static_cast<std::int64_t>(option.high));
  }
  return "a number from " + json::number_text(option.low) + " to " +
         json::number_text(option.high);
}

Error no_fidelity(std::string_view kind, std::string_view owner) {
  const std::string what(kind);
  return {ErrorCode::invalid_argument, what + " '" + std::string(owner) + "' needs a fidelity",
          "study.json /" + what,
          "add \"fidelity\": {\"name\": \"epochs\", \"min\": 1, \"max\": 81}"};
}

}  // namespace

Result<void> check_options(const StudySpec& spec, std::initializer_list<std::string_view> known) {
  for (const auto& [name, value] : spec.strategy.options) {
    if (std::find(known.begin(), known.end(), name) != known.end()) continue;
    return unknown_option("strategy", spec.strategy.type, name, listed(known));
  }
  return {};
}

struct OptionValues::Owner {
  std::string_view kind{};  // "strategy" or "pruner"
  std::string_view name{};
  std::span<const Option> options{};
};

Result<OptionValues> OptionValues::read(const Owner& owner,
                                        const std::map<std::string, ParamValue>& given) {
  OptionValues values;
  std::vector<std::string_view> names;
  for (const Option& option : owner.options) {
    names.push_back(option.name);
    const auto found = given.find(std::string(option.name));
    if (found == given.end()) {
      if (option.fallback) values.values_.emplace(option.name, *option.fallback);
      continue;
    }
    if (!is_legal(option, found->second)) {
      const std::string kind(owner.kind);
      return Error{ErrorCode::invalid_argument,
                   "option '" + found->first + "' of " + kind + " '" + std::string(owner.name) +
                       "' has no legal value",
                   "study.json /" + kind + "/options/" + found->first,
                   "it takes " + range_words(option)};
    }
    values.values_.emplace(option.name, found->second);
  }
  for (const auto& [name, value] : given) {
    if (std::find(names.begin(), names.end(), name) != names.end()) continue;
    return unknown_option(owner.kind, owner.name, name, listed(names));
  }
  return values;
}

Result<OptionValues> OptionValues::make(const StudySpec& spec, std::string_view strategy) {
  const auto is_by_rungs = [&](const StrategyText& text) {
    return text.name == strategy && text.needs_fidelity;
  };
  if (!spec.fidelity && std::ranges::any_of(strategy_list, is_by_rungs)) {
    return no_fidelity("strategy", strategy);
  }
  return read({.kind = "strategy", .name = strategy, .options = options_of(strategy)},
              spec.strategy.options);
}

Result<OptionValues> OptionValues::of_pruner(const StudySpec& spec) {
  const std::string& type = spec.pruner.type;
  const auto is_halving = [&](const PrunerText& pruner) {
    return pruner.name == type && pruner.needs_fidelity;
  };
  if (!spec.fidelity && std::ranges::any_of(pruner_list, is_halving)) {
    return no_fidelity("pruner", type);
  }
  return read({.kind = "pruner", .name = type, .options = options_of(pruner_options(), type)},
              spec.pruner.options);
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
