// Curves and bars of characters.
#include "cli/plot.hpp"

#include <algorithm>
#include <cmath>
#include <optional>

#include "cli/text.hpp"

namespace hpo::cli {
namespace {

// The height in dots from the top; halves first, so that the range of doubles cannot overflow.
int dot_row(double value, const PlotRange& range, int height) {
  const double span = range.high / 2 - range.low / 2;
  if (span <= 0) return height / 2;
  const double share = std::clamp((value / 2 - range.low / 2) / span, 0.0, 1.0);
  return std::clamp(static_cast<int>(std::lround((1 - share) * (height - 1))), 0, height - 1);
}

void draw(Canvas& canvas, const std::vector<double>& curve, const PlotRange& range) {
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

// Of all finite values; nullopt if they have fewer than two different ones.
std::optional<PlotRange> x_range(const std::vector<PlotLine>& lines) {
  std::optional<PlotRange> range;
  for (const PlotLine& line : lines) {
    for (const auto& [x, value] : line.values) {
      if (!std::isfinite(value)) continue;
      if (!range) range = PlotRange{.low = x, .high = x};
      range->low = std::min(range->low, x);
      range->high = std::max(range->high, x);
    }
  }
  return range && range->low < range->high ? range : std::nullopt;
}

void draw_line(Canvas& canvas, const PlotLine& line, const PlotRange& span,
               const PlotRange& range) {
  std::optional<std::pair<int, int>> previous;
  for (const auto& [x, value] : line.values) {
    if (!std::isfinite(value)) {
      previous.reset();
      continue;
    }
    const double share = (x - span.low) / (span.high - span.low);
    const int column = static_cast<int>(std::lround(share * (canvas.width() - 1)));
    const int row = dot_row(value, range, canvas.height());
    const auto [from_x, from_y] = previous.value_or(std::pair(column, row));
    canvas.stroke(from_x, from_y, column, row, line.style);
    previous = {column, row};
  }
}

// What stands at the left of each row.
std::vector<std::string> axis_labels(const PlotRange& range, const PlotSize& size) {
  const std::string top = short_number(range.high);
  const std::string bottom = short_number(range.low);
  const std::size_t margin = std::max(top.size(), bottom.size());
  std::vector<std::string> labels;
  for (int i = 0; i < size.rows; ++i) {
    const std::string label = i == 0 ? top : i + 1 == size.rows ? bottom : std::string();
    labels.push_back(std::string(margin - label.size(), ' ') + label +
                     (size.has_unicode ? " ┤" : " |"));
  }
  return labels;
}

// The ends of the axis below, at the ends of the drawing if there is room.
std::string axis_text(const PlotRange& span, int columns) {
  const std::string from = short_number(span.low);
  const std::string to = short_number(span.high);
  const auto room = static_cast<std::size_t>(columns);
  const std::size_t gap = from.size() + to.size() < room ? room - from.size() - to.size() : 1;
  return from + std::string(gap, ' ') + to;
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
  const PlotRange range{.low = *low, .high = *high};
  Canvas canvas(size);
  draw(canvas, finite, range);
  std::vector<std::string> lines = axis_labels(range, size);
  for (int i = 0; i < size.rows; ++i) {
    lines[static_cast<std::size_t>(i)] += canvas.plain_row(i);
  }
  return lines;
}

std::vector<StyledLine> plot_lines(const std::vector<PlotLine>& lines, const PlotRange& range,
                                   const PlotSize& size) {
  const auto span = x_range(lines);
  if (!span || size.columns < 2 || size.rows < 1) return {};
  Canvas canvas(size);
  for (const PlotLine& line : lines) draw_line(canvas, line, *span, range);
  std::vector<StyledLine> text;
  for (std::string& label : axis_labels(range, size)) {
    text.push_back(canvas.row(static_cast<int>(text.size())));
    text.back().insert(text.back().begin(), Span{.text = std::move(label)});
  }
  const std::size_t margin = display_width(text.back().front().text);
  text.push_back({Span{.text = std::string(margin, ' ') + axis_text(*span, size.columns)}});
  return text;
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
