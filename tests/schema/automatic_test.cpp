// The rules of `auto`: each has its studies, every study has a rule, and documents say the same.
#include "schema/automatic.hpp"

#include <catch2/catch.hpp>
#include <algorithm>
#include <cstdlib>
#include <fstream>
#include <sstream>

#include "schema/strategy_list.hpp"

using namespace hpo;

namespace {

constexpr StudyShape usual{.combinations = 1e9, .varied = 6, .trials = 200, .at_once = 8};

StudyShape with(void (*change)(StudyShape&)) {
  StudyShape shape = usual;
  change(shape);
  return shape;
}

std::string_view chosen(const StudyShape& shape) { return auto_rule(shape).strategy; }

std::ptrdiff_t place(const StudyShape& shape) { return &auto_rule(shape) - auto_rules().data(); }

Parameter named(std::string name, Domain domain) {
  return {.name = std::move(name), .domain = std::move(domain)};
}

StudySpec study_over(std::vector<Parameter> parameters) {
  StudySpec spec;
  auto space = SearchSpace::make(std::move(parameters));
  REQUIRE(space);
  spec.space = *std::move(space);
  return spec;
}

}  // namespace

TEST_CASE("a usual study is searched by gp", "[auto]") { CHECK(chosen(usual) == "gp"); }

TEST_CASE("each rule of auto is the first that fits for some study", "[auto]") {
  const std::vector<StudyShape> shapes{
      with([](StudyShape& s) { s.varied = 0, s.combinations = 1; }),
      with([](StudyShape& s) { s.combinations = 200; }),
      with([](StudyShape& s) { s.at_once = 200; }),
      with([](StudyShape& s) { s.trials = 5001; }), usual};
  REQUIRE(shapes.size() == auto_rules().size());
  for (std::size_t i = 0; i < shapes.size(); ++i) {
    CHECK(place(shapes[i]) == static_cast<std::ptrdiff_t>(i));
  }
}

TEST_CASE("one step back from its limit, a rule of auto does not fit", "[auto]") {
  for (const auto& shape :
       {with([](StudyShape& s) { s.combinations = 201; }),
        with([](StudyShape& s) { s.combinations = 200, s.is_noisy = true; }),
        with([](StudyShape& s) { s.combinations = 200, s.may_end_early = true; }),
        with([](StudyShape& s) { s.combinations = 4097, s.trials = 5000; }),
        with([](StudyShape& s) { s.at_once = 199; }),
        with([](StudyShape& s) { s.trials = 5000; }),
        with([](StudyShape& s) { s.trials = 1001, s.seconds = 0.1; }),
        with([](StudyShape& s) { s.trials = 1000, s.seconds = 0.01; }),
        with([](StudyShape& s) { s.varied = 500; })}) {
    CHECK(chosen(shape) == "gp");
  }
  CHECK(chosen(with([](StudyShape& s) { s.trials = 1001, s.seconds = 0.09; })) == "cma_es");
}

TEST_CASE("of two rules of auto that fit, the first decides", "[auto]") {
  CHECK(chosen(with([](StudyShape& s) { s.combinations = 8, s.at_once = 200; })) == "grid");
  CHECK(chosen(with([](StudyShape& s) { s.at_once = 9000, s.trials = 9000; })) == "sobol");
}

TEST_CASE("every study has a rule, and it names a strategy of the list", "[auto]") {
  for (const AutoRule& rule : auto_rules()) {
    const bool is_listed = std::ranges::any_of(strategy_list, [&](const StrategyText& each) {
      return each.name == rule.strategy && each.name != "auto";
    });
    CHECK(is_listed);
  }
  CHECK(auto_rules().back().fits(StudyShape{.trials = 0}));
}

TEST_CASE("the rules of auto see of a study what varies, how often and how many at a time",
          "[auto]") {
  StudySpec spec = study_over(
      {named("a", BoolDomain{}), named("b", IntDomain{.low = 1, .high = 9, .step = 2}),
       named("c", FloatDomain{.low = 0.0, .high = 1.0, .step = 0.25}),
       named("d", FixedDomain{1.0}),
       {.name = "e", .domain = ChoiceDomain{{0.5, true}}, .when = {{.parent = "a",
                                                                    .values = {true}}}}});
  spec.budget.trials = 40;
  spec.parallel = 8;
  spec.executor.slots = 4;
  const StudyShape shape = shape_of(spec);
  CHECK(shape.combinations == 2 * 5 * 5 * 2);
  CHECK(shape.varied == 4);
  CHECK(shape.at_once == 4);
  CHECK_FALSE((shape.is_noisy || shape.may_end_early));
  spec.budget.time = std::chrono::seconds(60);
  spec.objective.noise = Noise::high;
  CHECK(shape_of(spec).seconds == 6.0);
  CHECK((shape_of(spec).is_noisy && shape_of(spec).may_end_early));
}

TEST_CASE("a float without a step has no last combination", "[auto]") {
  StudySpec spec = study_over({named("x", FloatDomain{}), named("y", BoolDomain{})});
  spec.budget.trials = 1'000'000;
  CHECK(chosen(shape_of(spec)) == "cma_es");
}

TEST_CASE("why auto chose is told with what it looked at", "[auto]") {
  CHECK(auto_words(usual) == "6 parameters, 200 trials, 8 at a time: a model of the values needs "
                             "the fewest trials");
  CHECK(auto_words(with([](StudyShape& s) { s.varied = 1, s.trials = 1; }))
            .starts_with("1 parameter, 1 trial, 8 at a time: "));
}

TEST_CASE("strategies/choosing.md has the rules of auto, in their order", "[auto]") {
  std::string table = "| first that is so | strategy | because |\n|---|---|---|\n";
  for (const AutoRule& rule : auto_rules()) {
    table += "| " + std::string(rule.when) + " | `" + std::string(rule.strategy) + "` | " +
             std::string(rule.because) + " |\n";
  }
  const char* const source = std::getenv("HPO_SOURCE");
  std::ifstream file(std::string(source ? source : ".") + "/strategies/choosing.md");
  std::stringstream text;
  text << file.rdbuf();
  INFO("it should have:\n" << table);
  CHECK(text.str().find(table + "\n") != std::string::npos);
}
