// Whole messages, byte for byte. HPO_GOLDEN_WRITE=1 writes them anew: then read the difference.
//
// rest-*.json are decoded as REST does, small-limit-*.json with 64 bytes as the limit.
#include <catch2/catch.hpp>
#include <fstream>

#include "schema/decode/decode.hpp"
#include "tests/schema/decode/files.hpp"

using namespace hpo;

namespace {

std::string rendered(const std::string& name) {
  DecodeOptions options;
  if (name.starts_with("rest-")) options = {.comments = false, .absolute_workdir = true};
  if (name.starts_with("small-limit-")) options.bytes_max = 64;
  const std::string text = test::read_file("golden/" + name);
  return render_all(decode_study(text, options), text, name);
}

std::string expected_name(const std::string& name) {
  return name.substr(0, name.size() - std::string(".json").size()) + ".expected";
}

bool is_writing() { return std::getenv("HPO_GOLDEN_WRITE") != nullptr; }

}  // namespace

TEST_CASE("every bad study has its message, byte for byte", "[decode]") {
  const auto names = test::list_files("golden", ".json");
  CHECK(names.size() >= 60);
  for (const std::string& name : names) {
    const std::string expected = "golden/" + expected_name(name);
    if (is_writing()) {
      std::ofstream(test::source_directory() + "/tests/schema/decode/" + expected,
                    std::ios::binary) << rendered(name);
    }
    CAPTURE(name);
    CHECK(rendered(name) == test::read_file(expected));
    CHECK_FALSE(rendered(name).empty());
  }
}

TEST_CASE("every code occurs in a golden message", "[decode]") {
  std::string all;
  for (const std::string& name : test::list_files("golden", ".expected")) {
    all += test::read_file("golden/" + name);
  }
  for (const Explanation& explanation : explanations()) {
    CAPTURE(explanation.code);
    CHECK(all.find("[" + std::string(explanation.code) + "]") != std::string::npos);
  }
}

TEST_CASE("every good study decodes without a problem", "[decode]") {
  const auto names = test::list_files("good", ".json");
  CHECK(names.size() >= 5);
  for (const std::string& name : names) {
    const std::string text = test::read_file("good/" + name);
    const DecodedStudy decoded = decode_study(text);
    INFO(render_all(decoded, text, name));
    CHECK(decoded.spec);
    CHECK(decoded.problems.empty());
  }
}
