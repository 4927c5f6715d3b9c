// "space_constraints": limits, places of faults, and what has to fulfil them.
#include <catch2/catch.hpp>

#include "tests/schema/decode/support.hpp"

using namespace hpo;
using test::Codes;
using test::codes;
using test::study;

namespace {

std::string constrained(const std::string& constraints, const std::string& more = {}) {
  return study(R"("space": {"a": {"int": [0, 9], "default": 3}, "b": {"int": [0, 9], "default": 8},
      "lr": {"float": [0, 1]}}, "space_constraints": )" + constraints + more);
}

}  // namespace

TEST_CASE("constraints become part of the space", "[decode]") {
  const DecodedStudy decoded = decode_study(constrained(R"(["a + b <= 9", "lr > 0.5"])"));
  REQUIRE(decoded.spec);
  REQUIRE(decoded.spec->space.constraints().size() == 2);
  CHECK(decoded.spec->space.constraints()[1].text() == "lr > 0.5");
  CHECK(codes(constrained("[]")) == test::none);
}

TEST_CASE("at most 64 constraints of 512 characters", "[decode]") {
  for (const int count : {64, 65}) {
    std::string list;
    for (int i = 0; i < count; ++i) list += (i == 0 ? "\"a < 9\"" : ", \"a < 9\"");
    CHECK(codes(constrained("[" + list + "]")) == (count == 64 ? test::none : Codes{"E0109"}));
  }
  const std::string blanks(507, ' ');
  CHECK(codes(constrained("[\"a < 9" + blanks + "\"]")) == test::none);
  CHECK(codes(constrained("[\"a < 9 " + blanks + "\"]")) == Codes{"E0109"});
  CHECK(codes(constrained("[\"\"]")) == Codes{"E0109"});
  CHECK(codes(constrained("\"a < 9\"")) == Codes{"E0103"});
  CHECK(codes(constrained("[9]")) == Codes{"E0103"});
}

TEST_CASE("each faulty constraint is reported at its place", "[decode]") {
  const std::string text = constrained(R"(["a + c < 3", "a < 3", "b <"])");
  const DecodedStudy decoded = decode_study(text);
  REQUIRE(codes(decoded) == Codes{"E0228", "E0228"});
  CHECK(decoded.problems[0].pointer == "/space_constraints/0");
  CHECK(text.substr(decoded.problems[0].at.offset, 5) == "c < 3");
  CHECK(decoded.problems[1].pointer == "/space_constraints/2");
}

TEST_CASE("constraints that leave nothing are refused, each or together", "[decode]") {
  const DecodedStudy one = decode_study(constrained(R"(["a < 9", "lr > 1"])"));
  REQUIRE(codes(one) == Codes{"E0229"});
  CHECK(one.problems[0].pointer == "/space_constraints/1");
  const DecodedStudy both = decode_study(constrained(R"(["a < 3", "a > 5"])"));
  REQUIRE(codes(both) == Codes{"E0229"});
  CHECK(both.problems[0].pointer == "/space_constraints");
}

TEST_CASE("initial params and defaults fulfil the constraints", "[decode]") {
  const std::string constraint = R"(["a + b <= 9"])";
  const auto with = [&](const std::string& initial) {
    return codes(constrained(constraint, ", \"initial\": [" + initial + "]"));
  };
  CHECK(with(R"({"a": 1, "lr": 0.5})") == test::none);
  CHECK(with(R"({"lr": 0.5})") == Codes{"E0210"});
  CHECK(codes(study(R"("space": {"a": {"int": [0, 9], "default": 3},
      "b": {"int": [0, 9], "default": 8}}, "space_constraints": )" + constraint)) ==
        Codes{"E0230"});
}

TEST_CASE("constraints of a space with problems wait until these are mended", "[decode]") {
  CHECK(codes(study(R"("space": {"a": {"int": [9, 0]}}, "space_constraints": ["b < 1"])")) ==
        Codes{"E0201"});
}
