// The frame of `hpo watch`: bar, curve, running trials, news.
#include "cli/watch_frame.hpp"

#include <algorithm>

#include "cli/plot.hpp"
#include "cli/status_text.hpp"
#include "cli/text.hpp"

namespace hpo::cli {
namespace {

constexpr int bar_columns_max = 40;
constexpr int plot_columns_max = 100;
constexpr int plot_rows = 7;
constexpr int plot_margin = 15;      // labels of the axis, and the last column, which stays free
constexpr int running_rows_max = 8;
constexpr int short_terminal = 24;   // below it the curve gives way
constexpr int tall_terminal = 38;    // from it on both drawings have room

class Frame {
 public:
  explicit Frame(const Terminal& terminal) : terminal_(terminal) {}

  void line(std::string_view text, Style style = Style::plain) {
    const auto width = static_cast<std::size_t>(std::max(terminal_.width - 1, 1));
    lines_.push_back(styled(cut(printable(text), width, terminal_.has_unicode), style,
                            terminal_.has_color));
  }
  // REQUIRES: narrower than the terminal
  void line(const StyledLine& spans) {
    std::string text;
    for (const Span& span : spans) text += styled(span.text, span.style, terminal_.has_color);
    lines_.push_back(std::move(text));
  }
  std::vector<std::string> finish() {
    const auto room = static_cast<std::size_t>(std::max(terminal_.height - 1, 1));
    if (lines_.size() > room) lines_.resize(room);
    return std::move(lines_);
  }

 private:
  const Terminal& terminal_;
  std::vector<std::string> lines_{};
};

std::string progress_line(const StudyView& study, const Terminal& terminal) {
  const TrialCounts& trials = study.trials;
  const double share = trials.total > 0 ? static_cast<double>(trials.finished()) /
                                              static_cast<double>(trials.total) : 0;
  const int columns = std::clamp(terminal.width / 3, 5, bar_columns_max);
  std::string text = progress_bar(share, columns, terminal.has_unicode) + " " +
                     std::to_string(trials.finished()) + "/" + std::to_string(trials.total);
  const auto rate = rate_per_s(study);
  const auto left = time_left_s(study);
  if (rate && !is_ended(study.state)) text += "  " + rate_text(*rate);
  if (left) text += "  about " + duration_text(*left) + " left";
  return text;
}

std::string best_line(const StudyView& study) {
  if (!study.best) return "best   none yet";
  return "best   " + study.metric + " " + short_number(study.best->value) + ", trial " +
         std::to_string(study.best->trial) + ": " + params_text(study.best->params);
}

PlotSize plot_size(const Terminal& terminal) {
  return {.columns = std::min(terminal.width - plot_margin, plot_columns_max),
          .rows = plot_rows,
          .has_unicode = terminal.has_unicode};
}

void add_learning_curves(Frame& frame, const WatchState& state, const Terminal& terminal) {
  Curves::Shown shown{.running = {}, .has_all_running = state.has_all_running, .best = {}};
  for (const RunningTrial& trial : state.running) shown.running.insert(trial.number);
  if (state.study.best) shown.best = state.study.best->trial;
  const std::vector<PlotLine> curves = state.curves.lines(shown);
  const auto lines = plot_lines(curves, range_of(curves, state.study.direction),
                                plot_size(terminal));
  if (lines.empty()) return;
  frame.line(state.study.metric + " by step: of " + counted(std::ssize(curves), "trial") +
             "; pruned ones are faded", Style::dim);
  for (const StyledLine& line : lines) frame.line(line);
}

void add_curve(Frame& frame, const WatchState& state, const Terminal& terminal) {
  if (terminal.height < short_terminal) return;
  if (!state.curves.empty()) add_learning_curves(frame, state, terminal);
  if (!state.curves.empty() && terminal.height < tall_terminal) return;
  const PlotSize size = plot_size(terminal);
  for (const std::string& line :
       plot_curve(best_so_far(state.values, state.study.direction), size)) {
    frame.line(line, Style::cyan);
  }
}

void add_running(Frame& frame, const WatchState& state, double now_s) {
  int shown = 0;
  for (const RunningTrial& trial : state.running) {
    if (shown++ == running_rows_max) break;
    std::string text = "  trial " + std::to_string(trial.number);
    if (trial.attempts > 1) text += ", attempt " + std::to_string(trial.attempts);
    if (trial.is_queued) {
      text += "  queued";
    } else if (trial.started_s > 0) {
      text += "  " + duration_text(std::max(now_s - trial.started_s, 0.0));
    }
    frame.line(text + "  " + trial.params);
  }
  const auto more = static_cast<std::int64_t>(state.running.size()) - running_rows_max;
  if (more > 0) frame.line("  and " + std::to_string(more) + " more", Style::dim);
}

}  // namespace

void WatchState::add_news(std::string line) {
  news.push_back(std::move(line));
  if (news.size() > news_max) news.pop_front();
}

std::vector<std::string> watch_frame(const WatchState& state, const Terminal& terminal,
                                     double now_s) {
  const StudyView& study = state.study;
  Frame frame(terminal);
  frame.line(study.name + "  " + state_word(study) + "  " + on_one_line(why_text(study)),
             Style::bold);
  frame.line(progress_line(study, terminal));
  frame.line("trials " + counts_text(study.trials));
  frame.line(best_line(study), study.best ? Style::green : Style::plain);
  add_curve(frame, state, terminal);
  add_running(frame, state, now_s);
  for (const std::string& news : state.news) frame.line("  " + news, Style::dim);
  return frame.finish();
}

std::string summary_line(const StudyView& study) {
  std::string text = study.name + " " + state_word(study) + ": " +
                     std::to_string(study.trials.finished()) + "/" +
                     counted(study.trials.total, "trial");
  if (study.best) {
    text += ", best " + study.metric + " " + short_number(study.best->value) + " (trial " +
            std::to_string(study.best->trial) + ")";
  }
  if (const std::string why = why_text(study); !why.empty()) text += "; " + why;
  return text;
}

}  // namespace hpo::cli
