// Curves and bars of Unicode characters (braille, blocks), or of ASCII where a terminal has no
// Unicode. Pure.
#pragma once

#include <string>
#include <vector>

#include "schema/study.hpp"

namespace hpo::cli {

struct PlotSize {
  int columns = 60;  // of the drawing, without the labels of its axis
  int rows = 8;
  bool has_unicode = true;
};

// The best value so far after each value, in order.
std::vector<double> best_so_far(const std::vector<double>& values, Direction direction);

// A stair curve over its index, one line of text a row, its range written at the left. Fewer
// than two values, or none that is finite: no lines.
std::vector<std::string> plot_curve(const std::vector<double>& curve, const PlotSize& size);

// "█████▌░░░░" with `columns` cells; fraction is clamped to [0, 1].
std::string progress_bar(double fraction, int columns, bool has_unicode);

}  // namespace hpo::cli
