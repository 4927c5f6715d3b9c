// Initial params: in the space, and no more than the budget has trials.
#include <catch2/catch.hpp>

#include "tests/schema/decode/support.hpp"

using namespace hpo;
using test::Codes;
using test::codes;
using test::study;

namespace {

std::string initial(const std::string& list) {
  return R"({"name": "a", "space": {"lr": {"float": [0, 1]}, "n": {"int": [1, 4], "default": 2}},
             "objective": {"minimize": "l"}, "command": ["a"], "budget": {"trials": 2000},
             "initial": )" + list + "}";
}

}  // namespace

TEST_CASE("initial params take defaults for what they leave out", "[decode]") {
  const DecodedStudy decoded = decode_study(initial(R"([{"lr": 1}, {"n": 4.0, "lr": 0.5}])"));
  REQUIRE(decoded.spec);
  CHECK(decoded.spec->initial == std::vector<Values>{{1.0, std::int64_t{2}},
                                                     {0.5, std::int64_t{4}}});
}

TEST_CASE("initial params that are not in the space are refused", "[decode]") {
  const auto [list, expected] = GENERATE(table<std::string, Codes>({
      {R"([{"lr": 2}])", {"E0210"}}, {R"([{"n": 2}])", {"E0210"}}, {R"([{}])", {"E0210"}},
      {R"([{"lr": 1, "m": 2}])", {"E0210"}}, {R"([{"lr": "1"}])", {"E0210"}},
      {R"([{"lr": 2}, {"lr": 3}])", {"E0210", "E0210"}}, {R"([1])", {"E0103"}},
      {R"({"lr": 1})", {"E0103"}}, {"[]", {}}}));
  CAPTURE(list);
  CHECK(codes(initial(list)) == expected);
}

TEST_CASE("the problem points at the value", "[decode]") {
  const DecodedStudy decoded = decode_study(initial(R"([{"lr": 1}, {"lr": 2}])"));
  REQUIRE(decoded.problems.size() == 1);
  CHECK(decoded.problems[0].pointer == "/initial/1/lr");
}

TEST_CASE("1000 initial params are fine, 1001 are too many", "[decode]") {
  const auto many = [](int count) {
    std::string list;
    for (int i = 0; i < count; ++i) list += std::string(i == 0 ? "" : ", ") + "{\"lr\": 0.5}";
    return codes(initial("[" + list + "]"));
  };
  CHECK(many(1000) == test::none);
  CHECK(many(1001) == Codes{"E0109"});
}

TEST_CASE("the budget has room for the initial params", "[decode]") {
  CHECK(codes(study(R"("budget": {"trials": 1}, "initial": [{"lr": 0.5, "layers": 1},
                                                            {"lr": 0.6, "layers": 1}])")) ==
        Codes{"E0211"});
}
