// Problems of the text and of its meaning are told together, and each cause once.
#include <catch2/catch.hpp>

#include "schema/decode/decode.hpp"
#include "schema/decode/problems.hpp"
#include "tests/schema/decode/files.hpp"
#include "tests/schema/decode/support.hpp"

using namespace hpo;
using test::codes;
using test::Codes;
using test::study;

namespace {

void collect(const json::Node& node, std::vector<json::Position>& numbers,
             std::vector<json::Position>& strings) {
  if (node.is_number()) numbers.push_back(node.at);
  if (node.kind == json::Kind::string) strings.push_back(node.at);
  for (const json::Node& item : node.items) collect(item, numbers, strings);
  for (const json::Member& member : node.members) collect(member.value, numbers, strings);
}

// One error, of this code, in this place: warnings may come and go with the value.
void check_told_once(const std::string& text, std::string_view code, std::size_t offset) {
  const DecodedStudy decoded = decode_study(text);
  INFO(render_all(decoded, text, "study.json"));
  CHECK_FALSE(decoded.spec);
  std::size_t errors = 0;
  for (const Problem& problem : decoded.problems) {
    if (problem.severity == Severity::warning) continue;
    ++errors;
    CHECK(problem.code == code);
    CHECK(problem.at.offset == offset);
  }
  CHECK(errors == 1);
}

}  // namespace

TEST_CASE("a number or string of a good study that cannot be kept is told once", "[decode]") {
  for (const std::string& name : test::list_files("good", ".json")) {
    const std::string good = test::read_file("good/" + name);
    std::vector<json::Position> numbers, strings;
    collect(json::parse(good, {.comments = true}).root, numbers, strings);
    for (const json::Position& at : numbers) {
      CAPTURE(name, at.offset);
      std::string text = good;
      check_told_once(text.replace(at.offset, at.length, "NaN"), "HPO-E0006", at.offset);
    }
    for (const json::Position& at : strings) {
      CAPTURE(name, at.offset);
      std::string text = good;
      check_told_once(text.insert(at.offset + at.length - 1, "\\u0000"), "HPO-E0005", at.offset);
    }
  }
}

TEST_CASE("a refused text does not hide what is wrong behind it", "[decode]") {
  CHECK(codes(study(R"("seed": NaN, "paralel": 4)")) == Codes{"E0006", "E0101"});
  CHECK(codes(study(R"("parallel": 4, "parallel": "x", "seed": -1)")) == Codes{"E0004", "E0105"});
  CHECK(codes(study(R"("paralel": 1e999)")) == Codes{"E0101", "E0006"});
  CHECK(codes(study(R"("seed": NaN, "paralel": 4,)") + "]").back() == "E0001");
}

TEST_CASE("what lies within a final problem counts as an error and is not told", "[decode]") {
  decode::Problems problems(20);
  problems.add_final({.code = "HPO-E0006", .at = {.offset = 4, .length = 3}});
  problems.add({.offset = 4, .length = 3}, "", {.code = decode::Code::wrong_type});
  problems.add({.offset = 5, .length = 1}, "", {.code = decode::Code::wrong_type});
  CHECK(problems.errors() == 3);
  problems.add({.offset = 3, .length = 4}, "", {.code = decode::Code::wrong_type});
  problems.add({.offset = 7, .length = 1}, "", {.code = decode::Code::wrong_type});
  problems.add_unseen(2);
  DecodedStudy out;
  std::move(problems).finish("0123456789", out);
  CHECK(out.problems.size() == 3);
  CHECK(out.problems_more == 2);
}
