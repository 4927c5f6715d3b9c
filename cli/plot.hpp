// Curves and bars of Unicode characters (braille, blocks), or of ASCII where a terminal has no
// Unicode. Pure.
#pragma once

#include <string>
#include <utility>
#include <vector>

#include "cli/canvas.hpp"
#include "schema/study.hpp"

namespace hpo::cli {

struct PlotRange {
  double low = 0;
  double high = 0;
};

struct PlotLine {
  std::vector<std::pair<double, double>> values{};  // x, ascending, and what is there; NaN: a gap
  Style style = Style::plain;
};

// The best value so far after each value, in order.
std::vector<double> best_so_far(const std::vector<double>& values, Direction direction);

// A stair curve over its index, one line of text a row, its range written at the left. Fewer
// than two values, or none that is finite: no lines.
std::vector<std::string> plot_curve(const std::vector<double>& curve, const PlotSize& size);

// Several lines in one drawing, and a last line of text with the range of x. A later one is drawn
// over those before it; what lies outside the range of values is at its border. Without two
// different x: no lines.
std::vector<StyledLine> plot_lines(const std::vector<PlotLine>& lines, const PlotRange& range,
                                   const PlotSize& size);

// "█████▌░░░░" with `columns` cells; fraction is clamped to [0, 1].
std::string progress_bar(double fraction, int columns, bool has_unicode);

}  // namespace hpo::cli
