// One parameter: {"float": [1e-5, 1e-1], "log": true, "default": 1e-3}. See sections.hpp.
#include <algorithm>
#include <array>

#include "schema/codec/codec.hpp"
#include "schema/decode/display.hpp"
#include "schema/decode/keys.hpp"
#include "schema/decode/read.hpp"
#include "schema/decode/sections.hpp"

namespace hpo::decode {
namespace {

constexpr std::size_t description_characters_max = 4096;
constexpr std::size_t unit_characters_max = 64;
constexpr std::string_view stand_in = "it";  // what is wrong with its own name is said already

using Decode = std::optional<Domain> (*)(const Cursor& object, const Cursor& type);

struct Type {
  std::string_view key{};
  Decode decode = nullptr;
  bool has_scale = false;    // takes "log" and "step"
  bool has_default = true;
};

// A new type is a row here, a domain in search_space.hpp and a variant in study.schema.json.
constexpr Type parameter_types[] = {
    {"float", decode_float, true},  {"int", decode_int, true},
    {"choice", decode_choice},      {"ordinal", decode_ordinal},
    {"bool", decode_bool},          {"fixed", decode_fixed, false, false},
};
constexpr std::array<std::string_view, 6> type_keys{"float", "int",  "choice",
                                                    "ordinal", "bool", "fixed"};
constexpr std::array<std::string_view, 6> modifier_keys{"log", "step", "default", "when",
                                                        "unit", "description"};
constexpr std::array<std::string_view, 12> parameter_keys{"float", "int", "choice", "ordinal",
    "bool", "fixed", "log", "step", "default", "when", "unit", "description"};

bool is_modifier(std::string_view key) {
  return std::find(modifier_keys.begin(), modifier_keys.end(), key) != modifier_keys.end();
}

std::string shape_remedy(const json::Node& node) {
  if (node.kind == json::Kind::array) {
    const bool is_range = node.items.size() == 2 && node.items[0].is_number();
    return is_range ? "write {\"float\": [low, high]} or {\"int\": [low, high]}"
                    : "write {\"choice\": [ … ]}";
  }
  return "write {\"fixed\": " + value_words(node) + "}";
}

// No type key at all: the first key that means nothing to us was probably meant to be it.
void add_no_type(const Cursor& at) {
  for (const Cursor& member : at.members()) {
    if (is_modifier(member.key()) || find_later(Section::parameter, member.key())) continue;
    std::string_view near = nearest(member.key(), {type_keys.begin(), type_keys.end()});
    if (near.empty()) near = find_familiar(Section::parameter, member.key());
    at.add_at(member.key_at(), "",
              {.code = Code::unknown_parameter_type,
               .message = "unknown parameter type " + quoted(member.key()),
               .suggestion = std::string(near),
               .note = "known types: " + joined(type_keys)});
    return;
  }
  at.add({.code = Code::one_of_keys,
          .message = "the parameter " + at.label() + " has no type",
          .suggestion = "add one, as in \"float\": [low, high]",
          .note = "known types: " + joined(type_keys)});
}

// The one type of the parameter; nullptr after a problem.
const Type* find_type(const Cursor& at) {
  const Type* type = nullptr;
  for (const Type& candidate : parameter_types) {
    const auto member = at.find(candidate.key);
    if (!member) continue;
    if (type != nullptr) {
      member->add_to_key({.code = Code::one_of_keys,
                          .message = "the parameter " + at.label() + " has two types, " +
                                     quoted(type->key) + " and " + quoted(candidate.key),
                          .suggestion = "remove one of them, or make two parameters"});
      return nullptr;
    }
    type = &candidate;
  }
  if (type == nullptr) add_no_type(at);
  return type;
}

void check_modifiers(const Cursor& at, const Type& type) {
  for (const std::string_view key : modifier_keys) {
    const auto member = at.find(key);
    const bool is_scale = key == "log" || key == "step";
    const bool belongs = is_scale ? type.has_scale : key != "default" || type.has_default;
    if (!member || belongs) continue;
    member->add_to_key({.code = Code::key_not_here,
                        .message = quoted(key) + " does not belong to a parameter of type " +
                                   quoted(type.key),
                        .suggestion = is_scale ? "remove it; it is for float and int"
                                               : "remove it; the value is always the same"});
  }
}

// The rules that the space itself keeps: steps and widths.
void add_domain_problem(const Cursor& at, const Error& error) {
  const std::string own = "/" + std::string(stand_in);
  std::string_view below = error.where;
  if (below.starts_with(own)) below.remove_prefix(own.size());
  std::string_view what = error.what;
  const std::string prefix = "parameter '" + std::string(stand_in) + "': ";
  if (what.starts_with(prefix)) what.remove_prefix(prefix.size());
  at.below(below).add({.code = at.find("step") ? Code::bad_step : Code::range_too_wide,
                       .message = std::string(what),
                       .suggestion = error.remedy});
}

// By the rules for params that people give: 3 is a legal float, 3.0 a legal int.
void read_default(const Cursor& at, const SearchSpace& alone, Parameter& parameter) {
  const auto member = at.find("default");
  if (!member || std::holds_alternative<FixedDomain>(parameter.domain)) return;
  json::Node params(json::Kind::object);
  params.members.push_back({.key = std::string(stand_in), .value = member->node()});
  Result<Values> values = params_from_node(alone, params);
  if (values) {
    parameter.default_value = std::move(values->front());
    return;
  }
  member->add({.code = Code::bad_default,
               .message = "the default " + value_words(member->node()) + " is no value of " +
                          at.label(),
               .suggestion = values.error().remedy});
}

void complete(const Cursor& at, Parameter& parameter) {
  Parameter copy = parameter;
  copy.name = stand_in;
  const Result<SearchSpace> alone = SearchSpace::make({std::move(copy)});
  if (alone) read_default(at, *alone, parameter);
  else add_domain_problem(at, alone.error());
}

void read_texts(const Cursor& at, Parameter& parameter) {
  if (const auto unit = at.find("unit")) {
    assign(read_text(*unit, {.low = 0, .high = unit_characters_max}), parameter.unit);
  }
  if (const auto text = at.find("description")) {
    assign(read_text(*text, {.low = 0, .high = description_characters_max}),
           parameter.description);
  }
}

}  // namespace

std::optional<Parameter> decode_parameter(const Cursor& at) {
  if (at.node().kind != json::Kind::object) {
    add_wrong_type(at, "an object with a type", shape_remedy(at.node()));
    return std::nullopt;
  }
  const std::size_t errors = at.errors();
  const Type* type = find_type(at);
  if (type == nullptr) {
    return std::nullopt;
  }
  check_keys(at, Section::parameter, parameter_keys);
  check_modifiers(at, *type);
  Parameter parameter{.name = std::string(at.key())};
  read_texts(at, parameter);
  const std::size_t errors_beside = at.errors();
  auto domain = type->decode(at, *at.find(type->key));
  if (!domain) return std::nullopt;
  parameter.domain = *std::move(domain);
  if (at.errors() == errors_beside) complete(at, parameter);
  return at.errors() == errors ? std::optional(std::move(parameter)) : std::nullopt;
}

}  // namespace hpo::decode
