// Sizes and outer form: lines, columns, functions, head comments, READMEs.
#pragma once

#include "tests/tidy/source.hpp"

namespace hpo::tidy {

inline constexpr int file_lines_max = 300;
inline constexpr int file_lines_long = 200;  // worth a look, not a finding
inline constexpr int columns_max = 100;
inline constexpr int function_lines_max = 60;
inline constexpr int readme_lines_max = 40;
inline constexpr int top_readme_lines_max = 120;

Findings check_file_length(const Source& source);
Findings check_columns(const Source& source);
Findings check_head_comment(const Source& source);
Findings check_function_lengths(const Source& source);

struct Function {
  int first_line = 0;
  int lines = 0;
};
// Functions, TEST_CASEs and namespace-level lambdas with their bodies, found by their braces.
std::vector<Function> functions_of(const Source& source);

Findings check_readme(const Source& readme);

// Every folder that holds one of these files, and no README.md among them.
Findings check_readmes_exist(const std::vector<std::string>& paths);

}  // namespace hpo::tidy
