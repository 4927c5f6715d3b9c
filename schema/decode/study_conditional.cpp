// Placeholders of parameters that have no value in some trials: the element that names one is left
// out there, so nothing else may hang on it. See sections.hpp.
#include <algorithm>
#include <optional>

#include "schema/decode/display.hpp"
#include "schema/decode/placeholders.hpp"
#include "schema/decode/sections.hpp"

namespace hpo::decode {
namespace {

struct Named {
  std::size_t parameter = 0;
  Placeholder placeholder{};
};

// The parameters that a text asks for, by its placeholders.
std::vector<Named> named_in(const std::string& text, const SearchSpace& space) {
  std::vector<Named> named;
  for (const Placeholder& placeholder : find_placeholders(text)) {
    const auto parameter = placeholder.is_replaced ? space.index_of(placeholder.name)
                                                   : std::nullopt;
    if (parameter) named.push_back({*parameter, placeholder});
  }
  return named;
}

std::optional<Named> first_conditional(const std::vector<Named>& named, const SearchSpace& space) {
  const auto found = std::find_if(named.begin(), named.end(), [&](const Named& one) {
    return space.is_conditional(one.parameter);
  });
  return found == named.end() ? std::nullopt : std::optional(*found);
}

std::string braces(std::string_view name) { return "{" + std::string(name) + "}"; }

void add(const Cursor& at, std::string_view name, const std::string& why, std::string remedy) {
  at.add({.code = Code::conditional_placeholder,
          .message = braces(name) + " has no value in some trials, " + why,
          .suggestion = std::move(remedy)});
}

bool is_bare_option(const std::string& element) {
  return element.starts_with('-') && element.find('=') == std::string::npos && element != "--";
}

void check_element(const Cursor& at, const std::string* before, const SearchSpace& space) {
  const std::string& text = at.node().string;
  const std::vector<Named> named = named_in(text, space);
  const auto one = first_conditional(named, space);
  if (!one) return;
  const std::string_view name = one->placeholder.name;
  if (before == nullptr) {
    return add(at, name, "and the program cannot be left out", "name the program itself");
  }
  for (const Named& other : named) {
    if (space.parameters()[other.parameter].when == space.parameters()[one->parameter].when) {
      continue;
    }
    return add(at, name, "and then " + braces(other.placeholder.name) + " would be left out too",
               "give " + braces(name) + " an element of its own");
  }
  if (!is_bare_option(*before) || text.starts_with('-')) return;
  add(at, name, "and then " + quoted(*before) + " would stand alone",
      "write " + quoted(*before + "=" + text) + ", or read the value from the params file");
}

}  // namespace

void check_conditional(const Cursor& root, const StudySpec& spec) {
  if (!spec.space.has_conditions()) return;
  const auto command = root.find("command");
  const std::vector<Cursor> items = command ? command->items() : std::vector<Cursor>();
  for (std::size_t i = 0; i < items.size(); ++i) {
    check_element(items[i], i == 0 ? nullptr : &items[i - 1].node().string, spec.space);
  }
  const auto result = root.find("result");
  const auto file = result ? result->find("file") : std::nullopt;
  const auto one = file ? first_conditional(named_in(file->node().string, spec.space), spec.space)
                        : std::nullopt;
  if (one) {
    add(*file, one->placeholder.name, "and the result needs a file in each",
        "name it by {trial}, as in \"results/{trial}.json\"");
  }
}

}  // namespace hpo::decode
