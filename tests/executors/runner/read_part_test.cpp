// What was read of a file, and whether the file still begins with it.
#include "executors/runner/read_part.hpp"

#include <catch2/catch.hpp>
#include <fcntl.h>

#include <fstream>
#include <string>

#include "executors/runner/fd.hpp"
#include "tests/fresh_directory.hpp"

using hpo::runner::Fd;
using hpo::runner::ReadPart;

namespace {

Fd file_of(const std::string& path, const std::string& text) {
  std::ofstream(path, std::ios::trunc) << text;
  return Fd(::open(path.c_str(), O_RDONLY | O_CLOEXEC));
}

}  // namespace

TEST_CASE("another file is read on if it begins as what was read, else from its start",
          "[runner]") {
  const hpo::test::FreshDirectory directory;
  const Fd one = file_of(directory.path() + "/1", "abc");
  ReadPart part;
  CHECK_FALSE(part.begins_anew(one.get(), false));
  part.add("abc");
  const Fd two = file_of(directory.path() + "/2", "abcd");
  CHECK_FALSE(part.begins_anew(two.get(), false));
  CHECK(part.position() == 3);
  part.skip_to(4);
  CHECK(part.begins_anew(file_of(directory.path() + "/3", "abcdef").get(), false));  // not known
  CHECK(part.position() == 0);
}

TEST_CASE("a file that is shorter is another; one as long is compared the last time", "[runner]") {
  const hpo::test::FreshDirectory directory;
  const std::string path = directory.path() + "/1";
  ReadPart part;
  CHECK_FALSE(part.begins_anew(file_of(path, "abc").get(), false));
  part.add("abc");
  CHECK_FALSE(part.begins_anew(file_of(path, "xyz").get(), false));
  CHECK(part.begins_anew(file_of(path, "xyz").get(), true));
  part.add("xyz");
  CHECK(part.begins_anew(file_of(path, "xy").get(), false));
}
