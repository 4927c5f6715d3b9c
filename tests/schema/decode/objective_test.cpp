// The objective: one metric, one direction.
#include <catch2/catch.hpp>

#include "tests/schema/decode/support.hpp"

using namespace hpo;
using test::Codes;
using test::codes;
using test::study;

TEST_CASE("an objective has a direction and a noise", "[decode]") {
  const DecodedStudy decoded =
      decode_study(study(R"("objective": {"maximize": "auc", "noise": "high"})"));
  REQUIRE(decoded.spec);
  CHECK(decoded.spec->objective.metric == "auc");
  CHECK(decoded.spec->objective.direction == Direction::maximize);
  CHECK(decoded.spec->objective.noise == Noise::high);
}

TEST_CASE("an objective that cannot be is refused by name", "[decode]") {
  const auto [objective, code] = GENERATE(table<std::string, std::string>({
      {R"({})", "E0110"}, {R"({"minimize": "a", "maximize": "b"})", "E0110"},
      {R"({"minimise": "a"})", "E0101"}, {R"({"metric": "a"})", "E0101"},
      {R"({"minimize": 1})", "E0103"}, {R"("a")", "E0103"}, {R"([])", "E0103"},
      {R"({"minimize": "val/loss"})", "E0107"}, {R"({"minimize": "a", "noise": "some"})", "E0108"},
      {R"({"minimize": "a", "noise": 0.1})", "E0103"},
      {R"({"minimize": "a", "reference": 1})", "E0305"}}));
  CAPTURE(objective);
  CHECK(codes(study("\"objective\": " + objective)) == Codes{code});
}
