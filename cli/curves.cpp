// The learning curves of a study's trials.
#include "cli/curves.hpp"

#include <algorithm>
#include <cmath>

#include "cli/json_view.hpp"
#include "schema/report.hpp"

namespace hpo::cli {
namespace {

constexpr double share_in_range = 0.9;

Style curve_style(std::int64_t trial, const Curve& curve, const Curves::Shown& shown) {
  if (trial == shown.best) return Style::green;
  if (curve.is_completed) return Style::plain;
  const bool is_running = shown.running.contains(trial) || !shown.has_all_running;
  return is_running && !curve.is_told_to_end ? Style::bold : Style::dim;
}

}  // namespace

void Curve::add(std::int64_t step, double value) {
  values[step] = value;
  if (values.size() <= values_max) return;
  for (auto each = std::next(values.begin()); each != values.end();) {
    const auto next = std::next(each);  // 257 are odd: there is one
    const bool is_better = std::isfinite(each->second) && !std::isfinite(next->second);
    const auto after = std::next(next);
    values.erase(is_better ? next : each);
    each = after;
  }
}

bool Curve::has_finite() const {
  return std::ranges::any_of(values, [](const auto& each) { return std::isfinite(each.second); });
}

void Curves::take(const json::Node& report) {
  Curve& curve = curves_[integer_of(member(report, "trial"))];
  curve.last_seq = std::max(curve.last_seq, integer_of(member(report, "seq")));
  const std::int64_t attempt = integer_of(member(report, "attempt"));
  if (attempt > curve.attempt) curve.is_told_to_end = false;  // it has been taken up
  curve.attempt = std::max(curve.attempt, attempt);
  const std::string verdict = text_of(member(report, "decision", "verdict"));
  if (!verdict.empty() && verdict != word(Verdict::go_on)) curve.is_told_to_end = true;
  const auto value = number_of(member(report, "value"));
  curve.add(integer_of(member(report, "step")), value.value_or(std::nan("")));
  has_values_ = has_values_ || value;
}

void Curves::complete(std::int64_t trial, std::int64_t history_seq) {
  Curve& curve = curves_[trial];
  curve.is_completed = true;
  curve.last_seq = std::max(curve.last_seq, history_seq);
}

void Curves::forget_old(std::optional<std::int64_t> best) {
  while (curves_.size() > curves_max) {
    const auto oldest = std::min_element(
        curves_.begin(), curves_.end(), [&](const auto& a, const auto& b) {
          return std::pair(a.first == best, a.second.last_seq) <
                 std::pair(b.first == best, b.second.last_seq);
        });
    curves_.erase(oldest);
  }
}

std::vector<PlotLine> Curves::lines(const Shown& shown) const {
  std::vector<PlotLine> lines;
  for (const Style style : {Style::dim, Style::plain, Style::bold, Style::green}) {
    for (const auto& [trial, curve] : curves_) {
      if (!curve.has_finite() || curve_style(trial, curve, shown) != style) continue;
      PlotLine& line = lines.emplace_back(PlotLine{.values = {}, .style = style});
      for (const auto& [step, value] : curve.values) {
        line.values.emplace_back(static_cast<double>(step), value);
      }
    }
  }
  return lines;
}

PlotRange range_of(const std::vector<PlotLine>& lines, Direction direction) {
  std::vector<double> values;
  for (const PlotLine& line : lines) {
    for (const auto& [x, value] : line.values) {
      if (std::isfinite(value)) values.push_back(value);
    }
  }
  if (values.empty()) return {};
  std::sort(values.begin(), values.end());
  const auto nine_tenths = static_cast<std::size_t>(
      std::ceil(share_in_range * static_cast<double>(values.size() - 1)));
  if (direction == Direction::minimize) {
    return {.low = values.front(), .high = values[nine_tenths]};
  }
  return {.low = values[values.size() - 1 - nine_tenths], .high = values.back()};
}

}  // namespace hpo::cli
