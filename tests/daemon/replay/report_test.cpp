// What a replay says.
#include "daemon/replay/report.hpp"

#include <catch2/catch.hpp>

#include "schema/json/node.hpp"
#include "tests/strategies/spaces.hpp"

using namespace hpo;

namespace {

replay::Replay one_different() {
  replay::Replay replay{.strategy = "tpe", .version = 2, .builds = {"old"}, .equal = 40,
                        .different = 1, .largest = 0.25};
  replay.shown.push_back({.trial = 7, .recorded = {0.5}, .computed = {0.75}});
  return replay;
}

}  // namespace

TEST_CASE("a replay is told in words", "[replay]") {
  const SearchSpace space = space_of_domains({FloatDomain{}});
  CHECK(replay::report_text({.strategy = "sobol", .version = 1, .equal = 1}, space, "here") ==
        "1 suggestion of sobol version 1 equal, 0 different\n");
  const std::string text = replay::report_text(one_different(), space, "here");
  for (const char* words : {"40 suggestions of tpe version 2 equal, 1 different",
                            "trial 7: recorded {\"p0\":0.5}, computed {\"p0\":0.75}",
                            "largest difference: 0.25", "another build (old)"}) {
    CHECK_THAT(text, Catch::Contains(words));
  }
  CHECK_THAT(text, !Catch::Contains("more"));
  replay::Replay many = one_different();
  many.different = 3;
  CHECK_THAT(replay::report_text(many, space, "here"), Catch::Contains("and 2 more"));
}

TEST_CASE("what stand-ins suggested is not told as the strategy's own", "[replay]") {
  const SearchSpace space = space_of_domains({FloatDomain{}});
  const replay::Replay replay{.strategy = "gp", .version = 3, .equal = 100, .different = 3,
                              .stand_ins = 29, .stand_ins_equal = 27, .stand_ins_different = 2};
  CHECK_THAT(replay::report_text(replay, space, "here"),
             Catch::StartsWith("73 suggestions of gp version 3 equal, 1 different\n27 suggestions "
                               "of a strategy that stood in for a late one equal, 2 different\n"));
}

TEST_CASE("a replay is told as JSON", "[replay]") {
  const SearchSpace space = space_of_domains({FloatDomain{}});
  const std::string text = replay::report_json(one_different(), {}, space, "here");
  const json::Node report = json::parse(text).root;
  CHECK_FALSE(report.find("equal")->boolean);
  CHECK(json::integer_at(report, "suggestions_equal") == 40);
  CHECK(json::integer_at(report.find("different")->items.at(0), "trial") == 7);
  CHECK(report.find("largest_difference")->number == 0.25);
}
