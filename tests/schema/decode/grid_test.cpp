// The options of "grid".
#include <catch2/catch.hpp>

#include "tests/schema/decode/support.hpp"

using namespace hpo;
using test::Codes;
using test::codes;
using test::study;

namespace {

// `study` has a float lr and an int layers from 1 to 8.
std::string grid(const std::string& lists) {
  return study(R"("strategy": {"type": "grid", "options": {"values": )" + lists + "}}");
}

}  // namespace

TEST_CASE("listed values are values of parameters", "[decode]") {
  const DecodedStudy decoded = decode_study(grid(R"({"lr": [0.5, 1], "layers": [2.0]})"));
  REQUIRE(decoded.spec);
  const auto& values = decoded.spec->strategy.grid_values;
  CHECK(values.at("lr") == std::vector<ParamValue>{0.5, 1.0});
  CHECK(values.at("layers") == std::vector<ParamValue>{std::int64_t{2}});
}

TEST_CASE("values that are no values, twice the same or of nothing are refused", "[decode]") {
  const auto [lists, code] = GENERATE(table<std::string, std::string>({
      {R"({"lr": [2]})", "E0231"}, {R"({"lr": [0.5, 0.5]})", "E0231"},
      {R"({"lrr": [0.5]})", "E0231"}, {"{}", "E0231"}, {R"({"layers": [1]})", "E0231"},
      {R"({"lr": ["a"]})", "E0231"}, {R"({"lr": []})", "E0109"}, {R"({"lr": 0.5})", "E0103"},
      {"[]", "E0103"}}));
  INFO(lists);
  CHECK(codes(grid(lists)) == Codes{code});
}

TEST_CASE("a grid needs options only for floats without a step", "[decode]") {
  CHECK(codes(study(R"("strategy": "grid")")) == Codes{"E0231"});
  CHECK(codes(study(R"("strategy": {"type": "grid", "options": {"value": {}}})")) ==
        Codes{"E0101"});
  CHECK(codes(study(R"("space": {"x": {"float": [0, 1], "step": 0.5}}, "strategy": "grid")")) ==
        test::none);
}

TEST_CASE("a grid that is larger than the budget is worth a warning", "[decode]") {
  const std::string thirteen = R"({"lr": [0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9, 1, 0.15,
      0.25, 0.35]})";
  CHECK(codes(grid(thirteen)) == Codes{"W0404"});  // 104 of 100
  CHECK(codes(grid(R"({"lr": [0.1, 0.2]})")) == test::none);
}
