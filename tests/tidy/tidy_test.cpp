// Style is a test: reads the source tree of $HPO_SOURCE and applies every rule to it.
#include <cstdlib>
#include <iostream>

#include <catch2/catch.hpp>

#include "tests/tidy/includes.hpp"
#include "tests/tidy/lists.hpp"
#include "tests/tidy/shape.hpp"
#include "tests/tidy/twins.hpp"
#include "tests/tidy/words.hpp"

namespace hpo::tidy {
namespace {

std::string root() {
  const char* path = std::getenv("HPO_SOURCE");
  if (path == nullptr) FAIL("set HPO_SOURCE to the repository's root; ctest does");
  return path;
}

const std::vector<Source>& sources() {
  static const std::vector<Source> all = read_tree(root(), {".hpp", ".cpp"});
  return all;
}

const std::vector<Source>& readmes() {
  static const std::vector<Source> all = read_tree(root(), {"README.md"});
  return all;
}

std::vector<std::string> paths_of(const std::vector<Source>& files) {
  std::vector<std::string> paths;
  for (const Source& file : files) paths.push_back(file.path);
  return paths;
}

void report(const Findings& findings) {
  for (const Finding& f : findings) {
    FAIL_CHECK(f.path << ":" << f.line << ": " << f.message);
  }
  SUCCEED();
}

void report_each(Findings (*rule)(const Source&)) {
  REQUIRE_FALSE(sources().empty());
  for (const Source& source : sources()) report(rule(source));
}

}  // namespace

TEST_CASE("folders include only what the house allows", "[tidy]") {
  report_each(check_folder_includes);
}
TEST_CASE("libraries stay where they belong", "[tidy]") {
  report(check_library_includes(sources()));
}
TEST_CASE("includes have no cycles", "[tidy]") { report(check_include_cycles(sources())); }
TEST_CASE("files are short", "[tidy]") {
  report_each(check_file_length);
  for (const Source& source : sources()) {
    const auto lines = lines_of(source.text).size();
    if (lines > file_lines_long) std::cout << "long: " << source.path << " " << lines << "\n";
  }
}
TEST_CASE("lines are short", "[tidy]") { report_each(check_columns); }
TEST_CASE("functions are short", "[tidy]") { report_each(check_function_lengths); }
TEST_CASE("files begin with what they are for", "[tidy]") { report_each(check_head_comment); }
TEST_CASE("nothing banned is called", "[tidy]") { report_each(check_banned_calls); }
TEST_CASE("identifiers use the glossary's words", "[tidy]") { report_each(check_glossary); }
TEST_CASE("scripts are short, and so are their lines", "[tidy]") {
  const std::vector<Source> scripts = read_tree(root(), {".py", ".sh", ".ci/run"});
  REQUIRE_FALSE(scripts.empty());
  for (const Source& script : scripts) {
    report(check_file_length(script));
    report(check_columns(script));
  }
}
TEST_CASE("every folder explains itself, briefly", "[tidy]") {
  report(check_readmes_exist(paths_of(read_tree(root(), {""}))));
  for (const Source& readme : readmes()) report(check_readme(readme));
}
TEST_CASE("every source file has a test that mirrors it", "[tidy]") {
  report(check_twins(paths_of(read_tree(root(), {".cpp", ".py"}))));
}
TEST_CASE("every test is in a list that runs it", "[tidy]") {
  report(check_lists(paths_of(read_tree(root(), {".cpp", ".py"})),
                     read_tree(root(), {"tests.cmake"})));
}
TEST_CASE("every test that a list of faults names is there", "[tidy]") {
  const std::vector<Source> lists = read_tree(root(), {"/faults.md"});
  REQUIRE_FALSE(lists.empty());
  const std::vector<Source> tests = read_tree(root(), {"_test.cpp", "_test.py"});
  for (const Source& list : lists) report(check_fault_list(list, tests));
}

}  // namespace hpo::tidy
