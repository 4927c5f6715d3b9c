// The learning curve of one trial and what its pruner said.
#include "cli/learning_curve.hpp"

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <ranges>

#include "cli/json_view.hpp"
#include "cli/plot.hpp"
#include "cli/text.hpp"

namespace hpo::cli {
namespace {

constexpr std::size_t decisions_max = 8;
constexpr std::size_t tellers_max = 8;
constexpr int curve_columns_max = 60;
constexpr int curve_rows = 6;
constexpr int curve_margin = 17;  // two blanks, labels of the axis, and a column that stays free

std::string value_at(const json::Node& report) {
  const json::Node& value = member(report, "value");
  return (is_null(value) ? "no finite value" : short_text(value)) + " at step " +
         plain_text(member(report, "step"));
}

// Steps in a row that one attempt told.
struct Teller {
  std::int64_t attempt = 0;
  std::string first{};
  std::string last{};
};

std::vector<Teller> tellers_of(const std::vector<json::Node>& reports) {
  std::vector<Teller> tellers;
  for (const json::Node& report : reports) {
    const std::int64_t attempt = integer_of(member(report, "attempt"));
    const std::string step = plain_text(member(report, "step"));
    const bool is_new = tellers.empty() || tellers.back().attempt != attempt;
    if (is_new) tellers.push_back({.attempt = attempt, .first = step});
    tellers.back().last = step;
  }
  return tellers;
}

std::string decision_line(const json::Node& report) {
  const json::Node& decision = member(report, "decision");
  std::string verdict = text_of(member(decision, "verdict"));
  std::replace(verdict.begin(), verdict.end(), '_', ' ');
  std::string text = "step " + plain_text(member(report, "step"));
  if (const auto& rung = member(decision, "rung"); !is_null(rung)) {
    text += ", rung " + plain_text(rung);
  }
  return text + ": " + verdict + ", " + text_of(member(decision, "reason"));
}

}  // namespace

std::vector<std::string> learning_curve(const std::vector<json::Node>& reports,
                                        const Terminal& terminal) {
  if (!terminal.is_tty) return {};
  PlotLine curve{.values = {}, .style = Style::cyan};
  std::vector<double> finite;
  for (const json::Node& report : reports) {
    const auto value = number_of(member(report, "value"));
    const auto step = number_of(member(report, "step"));
    if (step) curve.values.emplace_back(*step, value.value_or(std::nan("")));
    if (value) finite.push_back(*value);
  }
  if (finite.empty()) return {};
  const auto [low, high] = std::ranges::minmax(finite);
  const auto plot = plot_lines({curve}, {.low = low, .high = high},
                               {.columns = std::min(terminal.width - curve_margin,
                                                    curve_columns_max),
                                .rows = curve_rows,
                                .has_unicode = terminal.has_unicode});
  std::vector<std::string> lines;
  for (const StyledLine& spans : plot) {
    std::string& line = lines.emplace_back("  ");
    for (const Span& span : spans) line += styled(span.text, span.style, terminal.has_color);
  }
  return lines;
}

std::string steps_text(const std::vector<json::Node>& reports) {
  if (reports.empty()) return {};
  if (reports.size() == 1) return "1, " + value_at(reports.front());
  return std::to_string(reports.size()) + ", from " + value_at(reports.front()) + " to " +
         value_at(reports.back());
}

std::string tellers_text(const std::vector<json::Node>& reports) {
  const std::vector<Teller> tellers = tellers_of(reports);
  if (tellers.size() < 2) return {};
  std::string text;
  for (const Teller& each : tellers | std::views::take(tellers_max)) {
    text += (text.empty() ? "" : ", ") + each.first +
            (each.last == each.first ? "" : " to " + each.last) + " by attempt " +
            std::to_string(each.attempt);
  }
  if (tellers.size() <= tellers_max) return text;
  return text + ", and so on: hpo export --reports has each step's";
}

std::vector<std::string> decision_lines(const std::vector<json::Node>& reports) {
  std::vector<std::string> lines;
  std::string before;
  for (const json::Node& report : reports) {
    const std::string reason = text_of(member(report, "decision", "reason"));
    const bool is_new = !reason.empty() && reason != before;
    if (is_new) lines.push_back(decision_line(report));
    before = reason;
  }
  if (lines.size() <= decisions_max) return lines;
  const std::size_t more = lines.size() - decisions_max;
  lines.erase(lines.begin(), lines.end() - decisions_max);
  lines.push_back("and " + std::to_string(more) + " more, at earlier steps");
  return lines;
}

}  // namespace hpo::cli
