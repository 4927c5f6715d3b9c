// The log: facts on lines of their own; no log file is no reason to stop.
#include "daemon/log.hpp"

#include <catch2/catch.hpp>
#include <fstream>

#include "tests/fresh_directory.hpp"

TEST_CASE("a line carries its level and its text", "[daemon]") {
  const hpo::test::FreshDirectory directory;
  const std::string path = directory.path() + "/hpod.log";
  {
    hpo::daemon::Log log(path);
    log.write("warn", "disk {full}");
    log.write("warn", "sbatch said \xff\x1b[2J\nand é");
    log.flush();
  }
  std::ifstream file(path);
  const std::string text{std::istreambuf_iterator<char>(file), {}};
  CHECK(text.find("warning disk {full}") != std::string::npos);
  CHECK(text.find("warning sbatch said ??[2J and é\n") != std::string::npos);
}

TEST_CASE("a log that cannot be opened is none, and nothing breaks", "[daemon]") {
  hpo::daemon::Log log("/proc/nowhere/hpod.log");
  log.write("error", "unheard");
  log.flush();
  SUCCEED();
}
