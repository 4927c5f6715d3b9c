// Reading the daemon's JSON, and writing a tree back as text.
#include "cli/json_view.hpp"

#include "cli/text.hpp"
#include "schema/json/writer.hpp"

namespace hpo::cli {
namespace {

constexpr std::size_t line_width_max = 96;

std::string quoted(std::string_view text) {
  json::Writer writer;
  writer.value(text);
  return std::move(writer).text();
}

// One line as people write it: {"a": 1, "b": [1, 2]}.
std::string spaced(const json::Node& node) {
  if (node.kind == json::Kind::array) {
    std::string text = "[";
    for (const json::Node& item : node.items) text += (text.size() > 1 ? ", " : "") + spaced(item);
    return text + "]";
  }
  if (node.kind != json::Kind::object) return to_json(node);
  std::string text = "{";
  for (const json::Member& each : node.members) {
    text += (text.size() > 1 ? ", " : "") + quoted(each.key) + ": " + spaced(each.value);
  }
  return text + "}";
}

std::string pretty(const json::Node& node, std::size_t indent, std::size_t used, bool is_top) {
  const bool is_nested = node.kind == json::Kind::array || node.kind == json::Kind::object;
  const std::string line = spaced(node);
  const bool fits = indent + used + line.size() <= line_width_max && !is_top;
  if (!is_nested || fits || line.size() == 2) return line;
  const std::string margin(indent + 2, ' ');
  const bool is_array = node.kind == json::Kind::array;
  std::string text = is_array ? "[" : "{";
  const auto begin_item = [&] { text += (text.size() > 1 ? ",\n" : "\n") + margin; };
  for (const json::Node& item : node.items) {
    begin_item();
    text += pretty(item, indent + 2, 0, false);
  }
  for (const json::Member& each : node.members) {
    begin_item();
    const std::string key = quoted(each.key) + ": ";
    text += key + pretty(each.value, indent + 2, key.size(), false);
  }
  return text + "\n" + std::string(indent, ' ') + (is_array ? "]" : "}");
}

}  // namespace

const json::Node& member(const json::Node& node, std::string_view key) {
  static const json::Node missing;
  const json::Node* found = node.find(key);
  return found != nullptr ? *found : missing;
}

const json::Node& member(const json::Node& node, std::string_view key, std::string_view inner) {
  return member(member(node, key), inner);
}

bool is_null(const json::Node& node) { return node.kind == json::Kind::null; }

std::string text_of(const json::Node& node) {
  return node.kind == json::Kind::string ? node.string : std::string();
}

std::int64_t integer_of(const json::Node& node) {
  return node.kind == json::Kind::integer ? node.integer : 0;
}

std::optional<double> number_of(const json::Node& node) {
  if (node.kind == json::Kind::integer) return static_cast<double>(node.integer);
  if (node.kind == json::Kind::number) return node.number;
  return std::nullopt;
}

std::string plain_text(const json::Node& node) {
  return node.kind == json::Kind::string ? node.string : to_json(node);
}

std::string short_text(const json::Node& node) {
  return node.kind == json::Kind::number ? short_number(node.number) : plain_text(node);
}

std::string to_json(const json::Node& node) { return json::node_text(node); }

std::string to_pretty_json(const json::Node& node) { return pretty(node, 0, 0, true); }

}  // namespace hpo::cli
