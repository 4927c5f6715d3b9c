// Params as a person or a program gives them: REST's "enqueue", and `initial` of a study.
//
// Friendlier than our own text: 3 is a legal float and 3.0 a legal int, since many languages
// write them so; missing names take their defaults. Pure, any thread.
#include <cmath>

#include "schema/codec/codec.hpp"
#include "schema/decode/display.hpp"
#include "schema/json/writer.hpp"

namespace hpo {
namespace {

constexpr std::size_t names_shown = 8;  // in the remedy for an unknown name

Error refused(std::string what, const std::string& name, std::string remedy) {
  return {ErrorCode::invalid_argument, std::move(what), "/" + json::pointer_token(name),
          std::move(remedy)};
}

std::string known_names(const SearchSpace& space) {
  std::string names;
  for (std::size_t i = 0; i < space.size() && i < names_shown; ++i) {
    names += (i == 0 ? "" : ", ") + space.parameters()[i].name;
  }
  return space.size() > names_shown ? names + ", …" : names;
}

bool is_same(const ParamValue& value, const json::Node& node) {
  switch (node.kind) {
    case json::Kind::boolean: return value == ParamValue(node.boolean);
    case json::Kind::integer: return value == ParamValue(node.integer);
    case json::Kind::number: return value == ParamValue(node.number);
    case json::Kind::string: return value == ParamValue(node.string);
    default: return false;
  }
}

// The entry that is meant: the one of the same type, else the one of the same number.
std::optional<ParamValue> entry(const std::vector<ParamValue>& list, const json::Node& node) {
  for (const ParamValue& value : list) {
    if (is_same(value, node)) return value;
  }
  if (!node.is_number()) return std::nullopt;
  for (const ParamValue& value : list) {
    if (as_number(value) == node.number) return value;
  }
  return std::nullopt;
}

std::optional<ParamValue> convert(const FloatDomain&, const json::Node& node) {
  if (!node.is_number()) return std::nullopt;
  return ParamValue(node.number);
}

std::optional<ParamValue> convert(const IntDomain&, const json::Node& node) {
  if (node.kind == json::Kind::integer) return ParamValue(node.integer);
  constexpr auto limit = static_cast<double>(SearchSpace::int_max);
  const bool is_whole = node.kind == json::Kind::number && std::abs(node.number) <= limit &&
                        std::trunc(node.number) == node.number;
  if (!is_whole) return std::nullopt;
  return ParamValue(static_cast<std::int64_t>(node.number));
}

std::optional<ParamValue> convert(const ChoiceDomain& domain, const json::Node& node) {
  return entry(domain.choices, node);
}

std::optional<ParamValue> convert(const OrdinalDomain& domain, const json::Node& node) {
  return entry(domain.levels, node);
}

std::optional<ParamValue> convert(const BoolDomain&, const json::Node& node) {
  if (node.kind != json::Kind::boolean) return std::nullopt;
  return ParamValue(node.boolean);
}

std::optional<ParamValue> convert(const FixedDomain& domain, const json::Node& node) {
  return entry({domain.value}, node);
}

std::string domain_words(const FloatDomain& domain) {
  std::string words = "a number from " + json::number_text(domain.low) + " to " +
                      json::number_text(domain.high);
  if (domain.step) words += " in steps of " + json::number_text(*domain.step);
  return words;
}

std::string domain_words(const IntDomain& domain) {
  std::string words = "an integer from " + std::to_string(domain.low) + " to " +
                      std::to_string(domain.high);
  if (domain.step != 1) words += " in steps of " + std::to_string(domain.step);
  return words;
}

std::string list_words(const std::vector<ParamValue>& list) {
  std::string words = "one of ";
  for (std::size_t i = 0; i < list.size() && i < names_shown; ++i) {
    words += (i == 0 ? "" : ", ") + json::Writer().value(list[i]).text();
  }
  return list.size() > names_shown ? words + ", …" : words;
}

std::string domain_words(const ChoiceDomain& domain) { return list_words(domain.choices); }
std::string domain_words(const OrdinalDomain& domain) { return list_words(domain.levels); }
std::string domain_words(const BoolDomain&) { return "true or false"; }
std::string domain_words(const FixedDomain& domain) {
  return "the fixed value " + json::Writer().value(domain.value).text();
}

}  // namespace

Result<ParamValue> param_from_node(const Parameter& parameter, const json::Node& node) {
  std::optional<ParamValue> value =
      std::visit([&](const auto& domain) { return convert(domain, node); }, parameter.domain);
  if (value && contains(parameter.domain, *value)) return *std::move(value);
  return refused("the value is not in the domain of '" + parameter.name + "'", parameter.name,
                 "give " + std::visit([](const auto& domain) { return domain_words(domain); },
                                      parameter.domain));
}

namespace {

Error refused_as_inactive(const Parameter& parameter) {
  return refused("'" + parameter.name + "' has no value in this trial", parameter.name,
                 "leave it out; it has one when " + condition_words(parameter.when));
}

Error refused_as_violating(const Constraint& constraint) {
  return {ErrorCode::invalid_argument,
          "the params violate the constraint " + decode::quoted(constraint.text()), "",
          "give values that fulfil it"};
}

Result<ParamValue> default_value(const Parameter& parameter) {
  const FixedDomain* fixed = std::get_if<FixedDomain>(&parameter.domain);
  if (fixed != nullptr) return fixed->value;
  if (parameter.default_value) return *parameter.default_value;
  return refused("'" + parameter.name + "' has neither a value nor a default", parameter.name,
                 "give it a value, or a default in the study");
}

}  // namespace

Result<Values> params_from_node(const SearchSpace& space, const json::Node& object) {
  if (object.kind != json::Kind::object) {
    return Error{ErrorCode::invalid_argument, "params are no object", "",
                 "write {\"name\": value, …}"};
  }
  for (const json::Member& member : object.members) {
    if (space.index_of(member.key)) continue;
    return refused("no parameter is called '" + member.key + "'", member.key,
                   "the study has " + known_names(space));
  }
  Values values(space.size(), Inactive{});
  for (const std::size_t i : space.order()) {
    const Parameter& parameter = space.parameters()[i];
    const json::Node* node = object.find(parameter.name);
    if (!space.is_active(i, values)) {
      if (node != nullptr) return refused_as_inactive(parameter);
      continue;
    }
    Result<ParamValue> value = node != nullptr ? param_from_node(parameter, *node)
                                               : default_value(parameter);
    if (!value) return value.error();
    values[i] = *std::move(value);
  }
  if (const auto violated = space.violated(values)) {
    return refused_as_violating(space.constraints()[*violated]);
  }
  return values;
}

}  // namespace hpo
