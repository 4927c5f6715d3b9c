// Small files, whole or not at all; errors that say what kind they are.
#include <catch2/catch.hpp>
#include <cerrno>
#include <filesystem>

#include <sys/syscall.h>
#include <unistd.h>

#include "executors/runner/exit_file.hpp"
#include "executors/runner/files.hpp"
#include "tests/executors/support.hpp"

using namespace hpo;
using namespace hpo::runner;

namespace {

int syncs = 0;

}  // namespace

// Counts those of this program; it stands before the system's.
extern "C" int fsync(int fd) {
  ++syncs;
  return static_cast<int>(::syscall(SYS_fsync, fd));
}

TEST_CASE("exit.json is synced, its directory too, where another machine reads it", "[files]") {
  const test::FreshDirectory directory;
  Attempt attempt{.job = "hpoabcd12345678", .paths = paths_in(directory.path(), 1)};
  attempt.spec.syncs_files = GENERATE(true, false);
  syncs = 0;
  REQUIRE(write_exit(attempt, Outcome{}));
  CHECK(syncs == (attempt.spec.syncs_files ? 2 : 0));
}

TEST_CASE("a full disk or quota is told as no_space, a missing file as not_found", "[files]") {
  const auto [number, code] = GENERATE(table<int, ErrorCode>({
      {ENOSPC, ErrorCode::no_space}, {EDQUOT, ErrorCode::no_space},
      {ENOENT, ErrorCode::not_found}, {EIO, ErrorCode::internal}}));
  const Error error = file_error("cannot write", "/x/y", number);
  CHECK(error.code == code);
  CHECK(error.where == "/x/y");
  CHECK_FALSE(error.remedy.empty());
}

TEST_CASE("a file is replaced whole, and no temporary one stays", "[files]") {
  const test::FreshDirectory directory;
  const std::string path = directory.path() + "/a";
  REQUIRE(write_file(path, std::string(100'000, 'x')).has_value());
  REQUIRE(write_file(path, "short").has_value());
  CHECK(*read_file(path, 5) == "short");
  CHECK(read_file(path, 4).error().code == ErrorCode::too_large);
  CHECK_FALSE(test::exists(path + ".tmp"));
}

TEST_CASE("a temporary name that is a link is not followed", "[files]") {
  const test::FreshDirectory directory;
  test::write(directory.path() + "/victim", "precious");
  std::filesystem::create_symlink(directory.path() + "/victim", directory.path() + "/a.tmp");
  CHECK_FALSE(write_file(directory.path() + "/a", "x").has_value());
  CHECK(test::read(directory.path() + "/victim") == "precious");
}

TEST_CASE("paths: parent, name, absolute", "[files]") {
  CHECK(parent_of("/a/b") == "/a");
  CHECK(parent_of("/a") == "/");
  CHECK(parent_of("a") == ".");
  CHECK(name_of("/a/b") == "b");
  CHECK(absolute("b", "/a") == "/a/b");
  CHECK(absolute("/b", "/a") == "/b");
  CHECK(absolute("", "/a") == "/a");
}

TEST_CASE("directories are made with those above them, and may be there", "[files]") {
  const test::FreshDirectory directory;
  const std::string path = directory.path() + "/a/b/c";
  REQUIRE(make_directories(path).has_value());
  REQUIRE(make_directories(path).has_value());
  test::write(directory.path() + "/file", "");
  CHECK_FALSE(make_directories(directory.path() + "/file").has_value());
  CHECK_FALSE(make_directories(directory.path() + "/file/below").has_value());
}
