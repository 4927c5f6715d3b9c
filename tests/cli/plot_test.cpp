// Plots in characters: the curve must be where the values are.
#include "cli/plot.hpp"

#include <catch2/catch.hpp>
#include <limits>

#include "cli/text.hpp"

using namespace hpo::cli;
using hpo::Direction;

TEST_CASE("the best so far never gets worse", "[cli]") {
  const std::vector<double> values = {3, 5, 2, 4, 1};
  CHECK(best_so_far(values, Direction::minimize) == std::vector<double>{3, 3, 2, 2, 1});
  CHECK(best_so_far(values, Direction::maximize) == std::vector<double>{3, 5, 5, 5, 5});
}

TEST_CASE("a falling curve starts at the top left and ends at the bottom right", "[cli]") {
  const auto lines = plot_curve({1, 0.5, 0}, {.columns = 6, .rows = 3, .has_unicode = false});
  REQUIRE(lines.size() == 3);
  CHECK(lines[0] == "1 |***   ");
  CHECK(lines[1] == "  |  *** ");
  CHECK(lines[2] == "0 |    **");
}

TEST_CASE("one dot is one braille bit", "[cli]") {
  const auto lines = plot_curve({0, 0, 0, 0}, {.columns = 2, .rows = 1, .has_unicode = true});
  REQUIRE(lines.size() == 1);
  CHECK(lines[0] == "0 ┤⠤⠤");  // a level line in the middle
}

TEST_CASE("nothing is drawn of fewer than two finite values", "[cli]") {
  const double infinity = std::numeric_limits<double>::infinity();
  CHECK(plot_curve({}, {}).empty());
  CHECK(plot_curve({1}, {}).empty());
  CHECK(plot_curve({1, infinity}, {}).empty());
  CHECK(plot_curve({1, 2}, {.columns = 1}).empty());
}

TEST_CASE("the widest range of doubles does not overflow", "[cli]") {
  const double huge = std::numeric_limits<double>::max();
  const auto lines = plot_curve({-huge, huge}, {.columns = 4, .rows = 2, .has_unicode = false});
  REQUIRE(lines.size() == 2);
  CHECK(lines[0].find('*') != std::string::npos);
  CHECK(lines[1].find('*') != std::string::npos);
}

TEST_CASE("of lines that cross the later one is seen, and values outside are at the border",
          "[cli]") {
  const PlotLine faded{.values = {{1, 0}, {5, 1}}, .style = Style::dim};
  const PlotLine level{.values = {{1, 9}, {5, 9}}, .style = Style::bold};
  const PlotSize size{.columns = 6, .rows = 2, .has_unicode = false};
  const auto lines = plot_lines({faded, level}, {.low = 0, .high = 1}, size);
  REQUIRE(lines.size() == 3);
  REQUIRE(lines[0].size() == 2);
  CHECK(lines[0][0].text + lines[0][1].text == "1 |******");
  CHECK(lines[0][1].style == Style::bold);
  CHECK(lines[1][1].text == "....");
  CHECK(lines[1][1].style == Style::dim);
  CHECK(lines[2][0].text == "   1    5");
  CHECK(plot_lines({PlotLine{.values = {{1, 0}}}}, {}, size).empty());
  CHECK(plot_lines({}, {}, size).empty());
}

TEST_CASE("where a line has no value it has a gap, and the range of x is that of its values",
          "[cli]") {
  const double none = std::numeric_limits<double>::quiet_NaN();
  const PlotLine line{.values = {{0, none}, {1, 1}, {2, 1}, {3, none}, {5, 1}, {6, 1}, {9, none}}};
  const auto lines =
      plot_lines({line}, {.low = 0, .high = 2}, {.columns = 6, .rows = 1, .has_unicode = false});
  REQUIRE(lines.size() == 2);
  CHECK(lines[0][1].text == "**  **");
  CHECK(lines[1][0].text == "   1    6");
  CHECK(plot_lines({PlotLine{.values = {{1, 1}, {2, none}}}}, {}, {}).empty());
}

TEST_CASE("a progress bar is as wide as asked, whatever the fraction", "[cli]") {
  const auto [fraction, text] = GENERATE(table<double, const char*>({{-1, "░░░░"},
                                                                     {0, "░░░░"},
                                                                     {0.5, "██░░"},
                                                                     {0.625, "██▌░"},
                                                                     {1, "████"},
                                                                     {7, "████"}}));
  CHECK(progress_bar(fraction, 4, true) == text);
  CHECK(progress_bar(0.5, 4, false) == "##..");
}
