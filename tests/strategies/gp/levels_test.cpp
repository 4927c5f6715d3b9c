// Levels by the formulas alone: reference.py; and what must hold whatever the values are.
#include "strategies/gp/levels.hpp"

#include <catch2/catch.hpp>
#include <cmath>

#include "strategies/gp/posterior.hpp"
#include "tests/strategies/gp/reference.hpp"

namespace hpo::gp {

TEST_CASE("a level is the logarithm of the steps", "[gp]") {
  const auto levels = rung_levels({.name = "epochs", .min = 5, .max = 100, .eta = 3});
  REQUIRE(levels.size() == 4);
  for (const auto& [level, steps] : {std::pair{0U, 5.0}, {1U, 15.0}, {2U, 45.0}, {3U, 100.0}}) {
    CHECK(levels[level] == Approx(std::log(steps / 5.0) / std::log(20.0)));
  }
}

TEST_CASE("a model over params and the logarithm of the steps is that of reference.py", "[gp]") {
  const auto levels = rung_levels({.name = "epochs", .min = 1, .max = 27});
  const Kernel kernel{.is_ordered = {1, 1}, .weights = Vector{{2.0, 0.5}}, .scale = 1.3,
                      .noise = 0.05};
  const Table points{{0.10, levels[0]}, {0.40, levels[0]}, {0.75, levels[0]},
                     {0.40, levels[1]}, {0.75, levels[1]}, {0.75, levels[3]}};
  Posterior posterior(kernel, points);
  posterior.set_targets(reference_targets());
  const Prediction at =
      posterior.predict(Table{{0.5, 0.8}, {levels[1], levels[3]}}, Want::values);
  CHECK(at.mean[0] == Approx(0.216728460067));
  CHECK(at.mean[1] == Approx(-0.605413398566));
  CHECK(at.variance[0] == Approx(0.031127613397));
  CHECK(at.variance[1] == Approx(0.051904256902));
}

TEST_CASE("the targets of three levels are those of reference.py", "[gp]") {
  const std::vector<LevelValue> told{
      {.value = 3.0, .level = 0, .trial = 0},   {.value = -9.0, .level = 0, .trial = 1},
      {.value = 1.0, .level = 0, .trial = 2},   {.value = 2.0, .level = 0, .trial = 3},
      {.value = 5.0, .level = 0, .trial = 4},   {.value = 0.0, .level = 0, .trial = 5},
      {.value = 4.5, .level = 0, .trial = 6},   {.value = 2.5, .level = 0, .trial = 7},
      {.value = 20.0, .level = 1, .trial = 0},  {.value = 12.0, .level = 1, .trial = 3},
      {.value = 18.0, .level = 1, .trial = 4},  {.value = 19.0, .level = 1, .trial = 6},
      {.value = 5.0, .level = 1, .trial = 7},   {.value = 300.0, .level = 2, .trial = 0},
      {.value = 200.0, .level = 2, .trial = 6}};
  const std::vector<double> expected{
      0.39872419008,  -1.625164438337, -0.538093390585, -0.193396574342, 1.541472782997,
      -0.952365246432, 1.255785634768, 0.11303704185,   1.599985690768,  0.198784089035,
      0.553140289471, 1.07656299012,   -0.312849984041, 2.338274340444,  0.338274340444};
  const Vector targets = level_targets(told);
  for (std::size_t i = 0; i < told.size(); ++i) {
    CHECK(targets[static_cast<Index>(i)] == Approx(expected[i]).epsilon(1e-9));
  }
}

TEST_CASE("how large values are at a level changes nothing", "[gp]") {
  std::vector<LevelValue> told;
  std::vector<LevelValue> scaled;
  for (int i = 0; i < 30; ++i) {
    const auto level = static_cast<std::size_t>(i < 20 ? 0 : 1);
    const double value = std::sin(3.0 * i);
    told.push_back({.value = value, .level = level, .trial = i % 20});
    scaled.push_back({.value = level == 0 ? value : 1e6 * value - 1e7, .level = level,
                      .trial = i % 20});
  }
  CHECK((level_targets(told) - level_targets(scaled)).cwiseAbs().maxCoeff() < 1e-6);
}

TEST_CASE("one level alone has the targets of the warp, and equal values have none", "[gp]") {
  std::vector<LevelValue> told;
  for (int i = 0; i < 5; ++i) told.push_back({.value = 2.0, .level = 1, .trial = i});
  CHECK(level_targets(told).isZero(0.0));
  told.push_back({.value = 1e308, .level = 2, .trial = 0});
  told.push_back({.value = -1e308, .level = 2, .trial = 1});
  CHECK(level_targets(told).allFinite());
  CHECK(level_targets({}).size() == 0);
}

}  // namespace hpo::gp
