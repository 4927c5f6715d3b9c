// See placeholders.hpp.
#include "executors/runner/placeholders.hpp"

#include <algorithm>

#include "schema/decode/decode.hpp"

namespace hpo::runner {
namespace {

using Names = std::map<std::string, std::string>;

bool is_name_character(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_' ||
         c == '.' || c == '-';
}

// The name in "{name}…"; empty if the text starts with no placeholder.
std::string_view name_at(std::string_view text) {
  const std::size_t end = text.find('}');
  if (end == std::string_view::npos) return {};
  const std::string_view name = text.substr(1, end - 1);
  return std::all_of(name.begin(), name.end(), is_name_character) ? name : std::string_view();
}

Error unknown_name(std::string_view name, std::string_view element, const Names& values) {
  std::vector<std::string_view> known;
  std::string list;
  for (const auto& [key, value] : values) {
    known.push_back(key);
    list += (list.empty() ? "" : ", ") + key;
  }
  const std::string_view near = nearest(name, known);
  const std::string hint = near.empty() ? "known names: " + list
                                        : "write {" + std::string(near) + "}";
  return Error{ErrorCode::invalid_argument,
               "the command has an unknown placeholder {" + std::string(name) + "}",
               "command element \"" + std::string(element) + "\"",
               hint + "; for a literal brace write {{"};
}

}  // namespace

Result<std::string> fill(std::string_view element, const Names& values) {
  std::string filled;
  for (std::size_t i = 0; i < element.size();) {
    const std::string_view rest = element.substr(i);
    if (rest.starts_with("{{") || rest.starts_with("}}")) {
      filled += rest.front();
      i += 2;
      continue;
    }
    const std::string_view name = rest.front() == '{' ? name_at(rest) : std::string_view();
    if (name.empty()) {
      filled += rest.front();
      ++i;
      continue;
    }
    const auto found = values.find(std::string(name));
    if (found == values.end()) return unknown_name(name, element, values);
    filled += found->second;
    i += name.size() + 2;
  }
  return filled;
}

std::vector<std::string> fill_known(const std::vector<std::string>& command,
                                    const Names& values) {
  std::vector<std::string> words;
  for (const std::string& element : command) {
    auto filled = fill(element, values);
    words.push_back(filled ? *std::move(filled) : element);
  }
  return words;
}

}  // namespace hpo::runner
