// Curves and bars of characters. A braille character is a grid of 2 × 4 dots (U+2800 + bits).
#include "cli/plot.hpp"

#include <algorithm>
#include <cmath>

#include "cli/text.hpp"

namespace hpo::cli {
namespace {

constexpr int dots_across = 2;
constexpr int dots_down = 4;

class Canvas {
 public:
  explicit Canvas(const PlotSize& size)
      : size_(size), cells_(static_cast<std::size_t>(size.columns * size.rows), 0) {}

  int width() const { return size_.columns * dots_across; }
  int height() const { return size_.rows * dots_down; }

  void dot(int x, int y) {  // from the top left corner
    static constexpr unsigned bits[dots_down][dots_across] = {
        {0x01, 0x08}, {0x02, 0x10}, {0x04, 0x20}, {0x40, 0x80}};
    const int cell = (y / dots_down) * size_.columns + x / dots_across;
    cells_[static_cast<std::size_t>(cell)] |= bits[y % dots_down][x % dots_across];
  }

  std::string row(int index) const {
    std::string text;
    for (int column = 0; column < size_.columns; ++column) {
      text += glyph(cells_[static_cast<std::size_t>(index * size_.columns + column)]);
    }
    return text;
  }

 private:
  std::string glyph(unsigned bits) const {
    if (bits == 0) return " ";
    if (!size_.has_unicode) return "*";
    const char bytes[] = {'\xE2', static_cast<char>(0xA0U | (bits >> 6U)),
                          static_cast<char>(0x80U | (bits & 0x3FU))};
    return std::string(bytes, sizeof bytes);
  }

  PlotSize size_;
  std::vector<unsigned> cells_;
};

struct Range {
  double low = 0;
  double high = 0;
};

// The height in dots from the top; halves first, so that the range of doubles cannot overflow.
int dot_row(double value, const Range& range, int height) {
  const double span = range.high / 2 - range.low / 2;
  if (span <= 0) return height / 2;
  const double share = (value / 2 - range.low / 2) / span;
  return std::clamp(static_cast<int>(std::lround((1 - share) * (height - 1))), 0, height - 1);
}

void draw(Canvas& canvas, const std::vector<double>& curve, const Range& range) {
  int previous = -1;
  for (int x = 0; x < canvas.width(); ++x) {
    const std::size_t index = static_cast<std::size_t>(x) * curve.size() /
                              static_cast<std::size_t>(canvas.width());
    const int y = dot_row(curve[index], range, canvas.height());
    const int from = previous < 0 ? y : previous;
    for (int step = std::min(from, y); step <= std::max(from, y); ++step) canvas.dot(x, step);
    previous = y;
  }
}

}  // namespace

std::vector<double> best_so_far(const std::vector<double>& values, Direction direction) {
  std::vector<double> curve;
  curve.reserve(values.size());
  for (const double value : values) {
    const double best = curve.empty() ? value : curve.back();
    const bool is_better = direction == Direction::minimize ? value < best : value > best;
    curve.push_back(is_better ? value : best);
  }
  return curve;
}

std::vector<std::string> plot_curve(const std::vector<double>& curve, const PlotSize& size) {
  std::vector<double> finite;
  std::copy_if(curve.begin(), curve.end(), std::back_inserter(finite),
               [](double value) { return std::isfinite(value); });
  if (finite.size() < 2 || size.columns < 2 || size.rows < 1) return {};
  const auto [low, high] = std::minmax_element(finite.begin(), finite.end());
  const Range range{.low = *low, .high = *high};
  Canvas canvas(size);
  draw(canvas, finite, range);
  const std::string top = short_number(range.high);
  const std::string bottom = short_number(range.low);
  const std::size_t margin = std::max(top.size(), bottom.size());
  std::vector<std::string> lines;
  for (int i = 0; i < size.rows; ++i) {
    const std::string label = i == 0 ? top : i + 1 == size.rows ? bottom : std::string();
    lines.push_back(std::string(margin - label.size(), ' ') + label +
                    (size.has_unicode ? " ┤" : " |") + canvas.row(i));
  }
  return lines;
}

std::string progress_bar(double fraction, int columns, bool has_unicode) {
  static constexpr const char* eighths[] = {"", "▏", "▎", "▍", "▌", "▋", "▊", "▉"};
  const double share = std::isfinite(fraction) ? std::clamp(fraction, 0.0, 1.0) : 0.0;
  const int filled = static_cast<int>(share * columns * 8);
  std::string bar;
  for (int i = 0; i < filled / 8; ++i) bar += has_unicode ? "█" : "#";
  int used = filled / 8;
  if (has_unicode && filled % 8 != 0) {
    bar += eighths[filled % 8];
    ++used;
  }
  for (; used < columns; ++used) bar += has_unicode ? "░" : ".";
  return bar;
}

}  // namespace hpo::cli
