// See placeholders.hpp.
#include "schema/decode/placeholders.hpp"

#include <algorithm>

#include "schema/decode/display.hpp"
#include "schema/decode/read.hpp"

namespace hpo::decode {
namespace {

bool is_name_character(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_' ||
         c == '.' || c == '-';
}

// The leading name of " lr : .3f": "lr".
std::string_view name_within(std::string_view inside) {
  inside.remove_prefix(std::min(inside.find_first_not_of(' '), inside.size()));
  const auto end = std::find_if_not(inside.begin(), inside.end(), is_name_character);
  const std::string_view name = inside.substr(0, static_cast<std::size_t>(end - inside.begin()));
  const std::string_view rest = inside.substr(name.size());
  const std::size_t next = rest.find_first_not_of(' ');
  const bool is_format = next == std::string_view::npos || rest[next] == ':' || rest[next] == '!';
  return is_format ? name : std::string_view();
}

// The caret points at the placeholder itself where the source has no escapes before it.
json::Position position_in(const json::Node& node, std::size_t offset, std::size_t length) {
  if (node.at.length != node.string.size() + 2) return node.at;
  return {.offset = node.at.offset + 1 + offset, .length = length};
}

bool is_in(std::string_view name, const Names& names) {
  return std::find(names.begin(), names.end(), name) != names.end();
}

Finding unknown(const Placeholder& placeholder, const Names& known) {
  const std::string_view near = nearest(placeholder.name, known);
  return {.code = Code::unknown_placeholder,
          .message = "{" + visible(placeholder.name) + "} is neither a parameter nor built in",
          .suggestion = near.empty() ? "add the parameter to \"space\", or write {{" +
                                           visible(placeholder.name) + "}} for the text itself"
                                     : "{" + std::string(near) + "}"};
}

// What a text holds, in its order: names, and the braces that stand for one brace.
struct Scanned {
  std::vector<Placeholder> placeholders{};
  std::vector<std::size_t> opened{};  // offsets of {{
  std::vector<std::size_t> closed{};  // offsets of }}
};

Scanned scan(std::string_view text) {
  Scanned found;
  for (std::size_t i = 0; i < text.size(); ++i) {
    const std::string_view rest = text.substr(i);
    if (rest.starts_with("{{") || rest.starts_with("}}")) {
      (rest.front() == '{' ? found.opened : found.closed).push_back(i++);
      continue;
    }
    if (rest.front() != '{') continue;
    const std::size_t end = rest.find_first_of("{}", 1);
    if (end == std::string_view::npos || rest[end] == '{') continue;
    const std::string_view inside = rest.substr(1, end - 1);
    const bool is_name = std::all_of(inside.begin(), inside.end(), is_name_character);
    const std::string_view name = is_name ? inside : name_within(inside);
    if (name.empty()) continue;
    found.placeholders.push_back({.name = name, .offset = i, .is_replaced = is_name});
    if (is_name) i += end;
  }
  return found;
}

// {{name}} is meant; JSON or a script inside of the text that ends in }} is not, and would break.
void warn_of_lost_brace(const Cursor& at, const Scanned& found) {
  if (found.opened.size() == found.closed.size()) return;
  const bool closes = found.closed.size() > found.opened.size();
  const std::string pair = closes ? "}}" : "{{";
  at.add_at(position_in(at.node(), closes ? found.closed.back() : found.opened.front(), 2), "",
            {.code = Code::lost_brace,
             .message = pair + " becomes " + pair.front() + " here",
             .suggestion = "write " + pair + pair + " for two, or put the text into a file"});
}

Finding almost(const Placeholder& placeholder) {
  return {.code = Code::almost_placeholder,
          .message = "these braces are not replaced",
          .suggestion = "write {" + std::string(placeholder.name) + "}, with nothing else inside"};
}

}  // namespace

std::vector<Placeholder> find_placeholders(std::string_view text) {
  return scan(text).placeholders;
}

std::vector<std::string_view> check_placeholders(const Cursor& at, const Names& names) {
  Names known(builtin_placeholders.begin(), builtin_placeholders.end());
  known.push_back(fidelity_placeholder);
  known.insert(known.end(), names.begin(), names.end());
  std::vector<std::string_view> used;
  bool is_reported = false;  // one problem for each text: the others are of the same kind
  const Scanned scanned = scan(at.node().string);
  warn_of_lost_brace(at, scanned);
  for (const Placeholder& placeholder : scanned.placeholders) {
    const bool is_known = is_in(placeholder.name, known);
    if (is_known) used.push_back(placeholder.name);
    if (placeholder.is_replaced == is_known || is_reported) continue;
    is_reported = true;
    const std::size_t length = placeholder.name.size() + (placeholder.is_replaced ? 2 : 1);
    at.add_at(position_in(at.node(), placeholder.offset, length), "",
              placeholder.is_replaced ? unknown(placeholder, known) : almost(placeholder));
  }
  return used;
}

}  // namespace hpo::decode
