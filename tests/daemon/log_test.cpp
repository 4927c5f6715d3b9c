// The log: facts on lines of their own; no log file is no reason to stop.
#include "daemon/log.hpp"

#include <unistd.h>

#include <catch2/catch.hpp>
#include <filesystem>
#include <fstream>

TEST_CASE("a line carries its level and its text", "[daemon]") {
  const std::string path = "/tmp/hpo-log-" + std::to_string(::getpid());
  {
    hpo::daemon::Log log(path);
    log.write("warn", "disk {full}");
    log.flush();
  }
  std::ifstream file(path);
  const std::string text{std::istreambuf_iterator<char>(file), {}};
  CHECK(text.find("warning disk {full}") != std::string::npos);
  std::filesystem::remove(path);
}

TEST_CASE("a log that cannot be opened is none, and nothing breaks", "[daemon]") {
  hpo::daemon::Log log("/proc/nowhere/hpod.log");
  log.write("error", "unheard");
  log.flush();
  SUCCEED();
}
