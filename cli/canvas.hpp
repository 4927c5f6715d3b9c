// A drawing of characters: a braille character is a grid of 2 × 4 dots (U+2800 + bits), and each
// has one style. Without Unicode a character is one dot, faded ones are smaller. Pure.
#pragma once

#include <string>
#include <vector>

#include "cli/terminal.hpp"

namespace hpo::cli {

struct PlotSize {
  int columns = 60;  // of the drawing, without the labels of its axis
  int rows = 8;
  bool has_unicode = true;
};

struct Span {
  std::string text{};
  Style style = Style::plain;
};
using StyledLine = std::vector<Span>;

class Canvas {
 public:
  explicit Canvas(const PlotSize& size);

  int width() const;  // in dots
  int height() const;

  // From the top left corner. Dots of another style in the same character go, so that a line that
  // is drawn over others stays a line. REQUIRES: inside
  void dot(int x, int y, Style style = Style::plain);
  // A stroke from the one to the other, without a gap. REQUIRES: from_x <= x, both inside
  void stroke(int from_x, int from_y, int x, int y, Style style = Style::plain);

  StyledLine row(int index) const;        // neighbours of one style are one span
  std::string plain_row(int index) const;

 private:
  std::string glyph(std::size_t cell) const;

  PlotSize size_;
  std::vector<unsigned> bits_;
  std::vector<Style> styles_;
};

}  // namespace hpo::cli
