// Output within bounds: head, tail, last lines.
#include <catch2/catch.hpp>
#include <filesystem>

#include "executors/runner/capture.hpp"
#include "tests/executors/support.hpp"

using namespace hpo;
using namespace hpo::runner;

TEST_CASE("captured output is the stream's head and tail, for every length", "[capture]") {
  const test::FreshDirectory directory;
  const std::string path = directory.path() + "/out";
  for (std::size_t length = 0; length < 60; ++length) {
    std::string stream;
    for (std::size_t i = 0; i < length; ++i) stream += static_cast<char>('!' + i);
    auto capture = Capture::open(path, {.head_bytes = 7, .tail_bytes = 5});
    REQUIRE(capture.has_value());
    for (std::size_t at = 0; at < length; at += 4) capture->write(stream.substr(at, 4));
    capture->finish();
    const std::string gap = "\nhpo: " + std::to_string(length - 12) +
                            " bytes of output were dropped here\n";
    CHECK(test::read(path) == (length <= 12 ? stream : stream.substr(0, 7) + gap +
                                                           stream.substr(length - 5)));
  }
}

TEST_CASE("the output file is never a link", "[capture]") {
  const test::FreshDirectory directory;
  std::filesystem::create_symlink("/tmp", directory.path() + "/out");
  CHECK_FALSE(Capture::open(directory.path() + "/out", {}).has_value());
}

TEST_CASE("last lines: no more lines and bytes than asked for", "[capture]") {
  const test::FreshDirectory directory;
  auto capture = Capture::open(directory.path() + "/err", {});
  REQUIRE(capture.has_value());
  capture->write("a\nbb\nccc\n\n");
  capture->finish();
  CHECK(capture->last_lines(2, 100) == "bb\nccc");
  CHECK(capture->last_lines(9, 100) == "a\nbb\nccc");
  CHECK(capture->last_lines(1, 100) == "ccc");
  CHECK(capture->last_lines(9, 4) == "cc");
  CHECK(capture->last_lines(1, 0).empty());
}
