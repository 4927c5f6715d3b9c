// Reads the words of the tests.cmake files: paths relative to tests/, and patterns with one star.
#include "tests/tidy/lists.hpp"

#include <algorithm>

namespace hpo::tidy {
namespace {

constexpr std::string_view separators = " \t()\"";
constexpr std::string_view tests_folder = "${CMAKE_CURRENT_SOURCE_DIR}/";

std::vector<std::string_view> words_of(const Source& list) {
  std::vector<std::string_view> words;
  for (std::string_view line : lines_of(list.text)) {
    line = line.substr(0, line.find('#'));
    while (true) {
      const std::size_t begin = line.find_first_not_of(separators);
      if (begin == std::string_view::npos) break;
      line.remove_prefix(begin);
      const std::size_t end = std::min(line.find_first_of(separators), line.size());
      const std::string_view word = line.substr(0, end);
      words.push_back(word.substr(word.starts_with(tests_folder) ? tests_folder.size() : 0));
      line.remove_prefix(end);
    }
  }
  return words;
}

// A star stands for a part of one name, as in CMake's GLOB.
bool matches(std::string_view path, std::string_view word) {
  const std::size_t star = word.find('*');
  if (star == std::string_view::npos) return path == word;
  const std::string_view before = word.substr(0, star);
  const std::string_view after = word.substr(star + 1);
  if (path.size() < before.size() + after.size()) return false;
  const std::string_view part = path.substr(before.size(), path.size() - before.size() -
                                                               after.size());
  return path.starts_with(before) && path.ends_with(after) &&
         part.find('/') == std::string_view::npos;
}

bool is_test(const std::string& path) {
  return is_below(path, "tests") && (path.ends_with("_test.cpp") || path.ends_with("_test.py"));
}

}  // namespace

Findings check_lists(const std::vector<std::string>& paths, const std::vector<Source>& lists) {
  std::vector<std::string_view> words;
  for (const Source& list : lists) {
    for (const std::string_view word : words_of(list)) words.push_back(word);
  }
  Findings findings;
  for (const std::string& path : paths) {
    if (!is_test(path)) continue;
    const std::string_view name = std::string_view(path).substr(std::string_view("tests/").size());
    const bool is_named = std::any_of(words.begin(), words.end(), [name](std::string_view word) {
      return matches(name, word);
    });
    if (is_named) continue;
    findings.push_back({path, 0, "never runs: name it in the tests.cmake of its folder"});
  }
  return findings;
}

Findings check_fault_list(const Source& list, const std::vector<Source>& tests) {
  constexpr std::string_view before = "  `";
  constexpr std::string_view between = "`: ";
  Findings findings;
  int number = 0;
  for (const std::string_view line : lines_of(list.text)) {
    ++number;
    const std::size_t middle = line.find(between);
    if (!line.starts_with(before) || middle == std::string_view::npos) continue;
    const std::string path =
        "tests/" + std::string(line.substr(before.size(), middle - before.size()));
    const std::string_view name = line.substr(middle + between.size());
    const bool is_there = std::any_of(tests.begin(), tests.end(), [&](const Source& test) {
      return test.path == path && test.text.find(name) != std::string::npos;
    });
    if (!is_there) findings.push_back({list.path, number, "no such test: correct file or name"});
  }
  return findings;
}

}  // namespace hpo::tidy
