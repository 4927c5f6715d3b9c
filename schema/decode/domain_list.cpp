// "choice", "ordinal", "bool" and "fixed". See sections.hpp.
#include <set>

#include "schema/decode/read.hpp"
#include "schema/decode/sections.hpp"

namespace hpo::decode {
namespace {

constexpr std::size_t text_characters_max = 8192;  // of one value

constexpr std::string_view scalar_words = "a string, a number, true or false";

// Equal for 1, 1.0 and 1e0, and for nothing else.
std::string identity(const json::Node& node) {
  if (const auto whole = whole_value(node)) return "n" + std::to_string(*whole);
  const bool is_text = node.kind == json::Kind::string;
  return (is_text ? "s" : "v") + (is_text ? node.string : value_words(node));
}

std::optional<ParamValue> scalar_of(const json::Node& node) {
  switch (node.kind) {
    case json::Kind::boolean: return node.boolean;
    case json::Kind::integer: return node.integer;
    case json::Kind::number: return node.number;
    case json::Kind::string: return node.string;
    default: return std::nullopt;
  }
}

std::optional<ParamValue> read_scalar(const Cursor& at) {
  const auto value = scalar_of(at.node());
  if (!value) {
    add_wrong_type(at, scalar_words);
    return std::nullopt;
  }
  const bool is_text = at.node().kind == json::Kind::string;
  if (is_text && !read_text(at, {.low = 0, .high = text_characters_max})) return std::nullopt;
  return value;
}

bool check_duplicate(const Cursor& item, std::set<std::string>& seen) {
  if (seen.insert(identity(item.node())).second) return true;
  item.add({.code = Code::duplicate_choice,
            .message = value_words(item.node()) + " is listed twice",
            .suggestion = "remove one of the two"});
  return false;
}

bool expect_values(const Cursor& type) {
  const auto& items = type.node().items;
  if (type.node().kind == json::Kind::array && items.size() == 1) {
    type.add({.code = Code::bad_length,
              .message = type.label() + " has 1 item, but takes 2 to " +
                         std::to_string(SearchSpace::choices_max),
              .suggestion = "for a single value write \"fixed\": " + value_words(items[0])});
    return false;
  }
  return expect_list(type, {.low = 2, .high = SearchSpace::choices_max},
                     "write a list, as in [\"adam\", \"sgd\"]");
}

std::optional<std::vector<ParamValue>> read_values(const Cursor& type) {
  if (!expect_values(type)) return std::nullopt;
  std::vector<ParamValue> values;
  std::set<std::string> seen;
  bool is_fine = true;
  for (const Cursor& item : type.items()) {
    auto value = read_scalar(item);
    is_fine = value && check_duplicate(item, seen) && is_fine;
    if (value) values.push_back(*std::move(value));
  }
  return is_fine ? std::optional(std::move(values)) : std::nullopt;
}

// Levels have an order, so they are all numbers or all strings.
bool check_levels(const Cursor& type) {
  const bool is_text = type.node().items.front().kind == json::Kind::string;
  for (const Cursor& item : type.items()) {
    const json::Kind kind = item.node().kind;
    if (is_text ? kind == json::Kind::string : item.node().is_number()) continue;
    add_wrong_type(item, is_text ? "a string, like the first one" : "a number",
                   "use \"choice\" for values without an order");
    return false;
  }
  return true;
}

}  // namespace

std::optional<Domain> decode_choice(const Cursor&, const Cursor& type) {
  auto values = read_values(type);
  if (!values) return std::nullopt;
  return ChoiceDomain{.choices = *std::move(values)};
}

std::optional<Domain> decode_ordinal(const Cursor&, const Cursor& type) {
  auto values = read_values(type);
  if (!values || !check_levels(type)) return std::nullopt;
  return OrdinalDomain{.levels = *std::move(values)};
}

std::optional<Domain> decode_bool(const Cursor&, const Cursor& type) {
  if (type.node().kind == json::Kind::boolean && type.node().boolean) return BoolDomain{};
  const bool is_false = type.node().kind == json::Kind::boolean;
  add_wrong_type(type, "true", is_false ? "for a value that is always false write \"fixed\": false"
                                        : "write \"bool\": true");
  return std::nullopt;
}

std::optional<Domain> decode_fixed(const Cursor&, const Cursor& type) {
  const auto value = read_scalar(type);
  return value ? std::optional<Domain>(FixedDomain{.value = *value}) : std::nullopt;
}

}  // namespace hpo::decode
