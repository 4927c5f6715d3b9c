// "when" of a parameter: in which trials it has a value. See sections.hpp.
//
// Read when all parameters are known: a value means what it means to the parent.
#include <algorithm>
#include <array>
#include <limits>

#include "schema/codec/codec.hpp"
#include "schema/condition_check.hpp"
#include "schema/decode/display.hpp"
#include "schema/decode/keys.hpp"
#include "schema/decode/read.hpp"
#include "schema/decode/sections.hpp"

namespace hpo::decode {
namespace {

constexpr std::size_t condition_text_max = 8192;  // of one value
constexpr double double_max = std::numeric_limits<double>::max();
constexpr std::string_view when_example =
    "write {\"optimizer\": \"sgd\"}, a list of values, or {\"layers\": {\"min\": 3}}";
constexpr std::array<std::string_view, 2> range_keys{"min", "max"};

bool is_scalar(const json::Node& node) {
  return node.kind == json::Kind::boolean || node.kind == json::Kind::string || node.is_number();
}

// A range is about numbers and needs no parent to be read.
void read_range(const Cursor& at, Condition& out) {
  check_keys(at, Section::condition, range_keys);
  if (at.node().members.empty()) {
    at.add({.code = Code::bad_length, .message = "the range has neither \"min\" nor \"max\"",
            .suggestion = "write {\"min\": 3}, {\"max\": 5} or both"});
  }
  const Range<double> all{.low = -double_max, .high = double_max};
  if (const auto low = at.find("min")) out.min = read_number(*low, all);
  if (const auto high = at.find("max")) out.max = read_number(*high, all);
}

void read_value(const Cursor& at, const Parameter* parent, Condition& out) {
  if (!is_scalar(at.node())) return add_wrong_type(at, "a string, a number, true or false");
  const bool is_text = at.node().kind == json::Kind::string;
  if (is_text && !read_text(at, {.low = 0, .high = condition_text_max})) return;
  if (parent == nullptr) return;
  if (std::holds_alternative<FloatDomain>(parent->domain)) {
    out.values.emplace_back(at.node().number);  // the space's own check says what to write instead
    return;
  }
  Result<ParamValue> value = param_from_node(*parent, at.node());
  if (value) {
    out.values.push_back(*std::move(value));
    return;
  }
  at.add({.code = Code::condition_never_holds,
          .message = value_words(at.node()) + " is no value of " + quoted(parent->name),
          .suggestion = value.error().remedy});
}

Condition read_condition(const Cursor& at, const Parameter* parent) {
  Condition condition{.parent = std::string(at.key())};
  if (at.node().kind == json::Kind::object) {
    read_range(at, condition);
  } else if (at.node().kind == json::Kind::array) {
    if (!expect_list(at, {.low = 1, .high = SearchSpace::choices_max})) return condition;
    for (const Cursor& item : at.items()) read_value(item, parent, condition);
  } else {
    read_value(at, parent, condition);
  }
  return condition;
}

const Parameter* find(std::string_view name, const std::vector<Parameter>& parameters) {
  const auto found = std::find_if(parameters.begin(), parameters.end(),
                                  [&](const Parameter& p) { return p.name == name; });
  return found == parameters.end() ? nullptr : &*found;
}

// A parent that the text has, but that has problems of its own, is not reported as missing.
void read_when(const Cursor& space, const Cursor& at, const std::vector<Parameter>& parameters,
               Parameter& out) {
  if (!expect_object(at, when_example)) return;
  const std::size_t count = at.node().members.size();
  if (count < 1 || count > SearchSpace::conditions_max) {
    return at.add({.code = Code::bad_length,
                   .message = "\"when\" names " + std::to_string(count) +
                              " parameters, but takes 1 to " +
                              std::to_string(SearchSpace::conditions_max),
                   .suggestion = count == 0 ? "remove it, or " + std::string(when_example) : ""});
  }
  for (const Cursor& member : at.members()) {
    const Parameter* parent = find(member.key(), parameters);
    const std::size_t errors = at.errors();
    Condition condition = read_condition(member, parent);
    const bool is_kept = parent != nullptr || !space.find(member.key());
    if (is_kept && at.errors() == errors) out.when.push_back(std::move(condition));
  }
}

Code code_of(ConditionRule rule) {
  switch (rule) {
    case ConditionRule::unknown_parent: return Code::unknown_parent;
    case ConditionRule::never_holds: return Code::condition_never_holds;
    case ConditionRule::cycle: break;
  }
  return Code::condition_circle;
}

}  // namespace

void decode_conditions(const Cursor& space, std::vector<Parameter>& parameters) {
  for (Parameter& parameter : parameters) {
    const auto own = space.find(parameter.name);
    if (const auto when = own->find("when")) read_when(space, *when, parameters, parameter);
  }
  for (const ConditionFault& fault : condition_faults(parameters)) {
    const Cursor at = space.below(fault.where);
    const Finding finding{.code = code_of(fault.rule), .message = fault.what,
                          .suggestion = fault.remedy};
    if (fault.rule == ConditionRule::unknown_parent) at.add_to_key(finding);
    else at.add(finding);
  }
}

}  // namespace hpo::decode
