// A source file as the tidy rules see it: its path in the repository and three views of its text.
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace hpo::tidy {

struct Source {
  std::string path{};   // from the repository's root, as in "schema/trial.hpp"
  std::string text{};   // as it is
  std::string prose{};  // strings blanked: code and comments
  std::string code{};   // strings, comments and preprocessor lines blanked; same length as text
};

struct Finding {
  std::string path{};
  int line = 0;            // 0: the file as a whole
  std::string message{};   // what is wrong, and what to do instead
};
using Findings = std::vector<Finding>;

Source make_source(std::string path, std::string text);

// Every file below the source folders of the repository whose name ends so.
std::vector<Source> read_tree(const std::string& root, const std::vector<std::string>& endings);

int line_of(std::string_view text, std::size_t offset);
std::vector<std::string_view> lines_of(std::string_view text);
bool is_below(std::string_view path, std::string_view folder);  // "a/b.cpp" is below "a" and "a/"

// A rule with its exceptions: whole folders ("tests/") or single files.
bool is_listed(std::string_view path, const std::vector<std::string_view>& places);

}  // namespace hpo::tidy
