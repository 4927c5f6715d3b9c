// The log of a strategy's program: bounded, and the last of it is there.
#include "daemon/external/log.hpp"

#include <catch2/catch.hpp>
#include <filesystem>
#include <fstream>
#include <sstream>

#include "tests/fresh_directory.hpp"

namespace hpo::external {
namespace {

std::string content(const std::string& path) {
  std::stringstream text;
  text << std::ifstream(path).rdbuf();
  return text.str();
}

}  // namespace

TEST_CASE("what a program says is kept with our notes between", "[external]") {
  const test::FreshDirectory directory;
  const std::string path = directory.path() + "/study/strategy.log";
  Log log(path);
  log.write("one\ntw");
  log.write("o\n\n");
  CHECK(log.last_words() == "two");
  log.note("it ended");
  CHECK(log.last_words().empty());
  log.write("three");
  log.note("again");
  CHECK(content(path) == "one\ntwo\n\nhpod: it ended\nthree\nhpod: again\n");
}

TEST_CASE("a flood leaves its last lines in a file that stays small", "[external]") {
  const test::FreshDirectory directory;
  const std::string path = directory.path() + "/strategy.log";
  Log log(path);
  const std::string line(999, 'x');
  for (int i = 0; i < 5000; ++i) log.write(line + "\n");
  log.write("the last\n");
  CHECK(std::filesystem::file_size(path) <= Log::bytes_max);
  const std::string text = content(path);
  CHECK(text.starts_with(line + "\n"));
  CHECK(text.ends_with(line + "\nthe last\n"));
  log.write(std::string(3 * Log::bytes_max, 'y'));
  CHECK(std::filesystem::file_size(path) <= Log::bytes_max);
}

TEST_CASE("a log without a place still knows the last words", "[external]") {
  Log log("");
  log.write("Traceback\nValueError: no\x1b[0m\n");
  CHECK(log.last_words() == "ValueError: no?[0m");
  Log unwritable("/proc/no/strategy.log");
  unwritable.write("gone\n");
  CHECK(unwritable.last_words() == "gone");
}

}  // namespace hpo::external
