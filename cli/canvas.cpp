// A drawing of characters.
#include "cli/canvas.hpp"

#include <algorithm>
#include <cmath>

namespace hpo::cli {
namespace {

constexpr int dots_across = 2;
constexpr int dots_down = 4;

}  // namespace

Canvas::Canvas(const PlotSize& size)
    : size_(size),
      bits_(static_cast<std::size_t>(size.columns * size.rows), 0),
      styles_(bits_.size(), Style::plain) {}

int Canvas::width() const { return size_.columns * dots_across; }
int Canvas::height() const { return size_.rows * dots_down; }

void Canvas::dot(int x, int y, Style style) {
  static constexpr unsigned bits[dots_down][dots_across] = {
      {0x01, 0x08}, {0x02, 0x10}, {0x04, 0x20}, {0x40, 0x80}};
  const auto cell = static_cast<std::size_t>((y / dots_down) * size_.columns + x / dots_across);
  if (styles_[cell] != style) bits_[cell] = 0;
  bits_[cell] |= bits[y % dots_down][x % dots_across];
  styles_[cell] = style;
}

void Canvas::stroke(int from_x, int from_y, int x, int y, Style style) {
  int previous = from_y;
  for (int at = from_x; at <= x; ++at) {
    const double share = x == from_x ? 1 : static_cast<double>(at - from_x) / (x - from_x);
    const int next = from_y + static_cast<int>(std::lround(share * (y - from_y)));
    for (int step = std::min(previous, next); step <= std::max(previous, next); ++step) {
      dot(at, step, style);
    }
    previous = next;
  }
}

StyledLine Canvas::row(int index) const {
  StyledLine line;
  const auto first = static_cast<std::size_t>(index * size_.columns);
  for (std::size_t cell = first; cell < first + static_cast<std::size_t>(size_.columns); ++cell) {
    if (line.empty() || line.back().style != styles_[cell]) {
      line.push_back({.text = {}, .style = styles_[cell]});
    }
    line.back().text += glyph(cell);
  }
  return line;
}

std::string Canvas::plain_row(int index) const {
  std::string text;
  for (const Span& span : row(index)) text += span.text;
  return text;
}

std::string Canvas::glyph(std::size_t cell) const {
  const unsigned bits = bits_[cell];
  if (bits == 0) return " ";
  if (!size_.has_unicode) return styles_[cell] == Style::dim ? "." : "*";
  const char bytes[] = {'\xE2', static_cast<char>(0xA0U | (bits >> 6U)),
                        static_cast<char>(0x80U | (bits & 0x3FU))};
  return std::string(bytes, sizeof bytes);
}

}  // namespace hpo::cli
