// What a state directory may lie on.
#include "daemon/file_system.hpp"

#include <catch2/catch.hpp>
#include <filesystem>

#include "tests/fresh_directory.hpp"

using namespace hpo;
using daemon::FileSystemKind;

TEST_CASE("memory is told from disks", "[daemon]") {
  const auto memory = daemon::file_system_of("/dev/shm");
  REQUIRE(memory);
  CHECK(memory->kind == FileSystemKind::memory);
  CHECK(memory->name == "tmpfs");
  const auto processes = daemon::file_system_of("/proc");
  REQUIRE(processes);
  CHECK(processes->kind == FileSystemKind::unknown);
}

TEST_CASE("a path that is not there is told", "[daemon]") {
  const auto found = daemon::file_system_of("/not/there");
  REQUIRE_FALSE(found);
  CHECK(found.error().where == "/not/there");
}

TEST_CASE("a disk whose locks hold is fit for a database, and keeps nothing of the probe",
          "[daemon]") {
  const test::FreshDirectory directory;
  CHECK(daemon::probe(directory.path()));
  CHECK(std::filesystem::is_empty(directory.path()));
}

TEST_CASE("a directory in which nothing can be written is not", "[daemon]") {
  CHECK_FALSE(daemon::probe("/proc"));
}
