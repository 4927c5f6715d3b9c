// What `hpo watch` shows: the state of a study, and how it becomes lines. Pure.
#pragma once

#include <deque>
#include <string>
#include <vector>

#include "cli/curves.hpp"
#include "cli/study_view.hpp"
#include "cli/terminal.hpp"

namespace hpo::cli {

struct RunningTrial {
  std::int64_t number = 0;
  std::int64_t attempts = 1;
  double started_s = 0;    // UTC; 0: not yet
  bool is_queued = false;
  std::string params{};    // "lr=0.001 width=64"
};

struct WatchState {
  static constexpr std::size_t news_max = 6;

  StudyView study{};
  std::vector<double> values{};  // of completed trials, as they ended
  std::vector<RunningTrial> running{};
  bool has_all_running = true;
  Curves curves{};
  std::deque<std::string> news{};  // the last few changes, oldest first

  void add_news(std::string line);
};

// No line is wider than the terminal, and all of them fit above its last one.
std::vector<std::string> watch_frame(const WatchState& state, const Terminal& terminal,
                                     double now_s);

// "jets finished: 60/60 trials, best auc 0.8712 (trial 17)"
std::string summary_line(const StudyView& study);

// A change in a line: "trial 12 completed: auc 0.87 (best so far)"; "" for what is no news. An
// ended attempt needs its trial as it is now; others do not read it.
std::string news_line(const json::Node& event, const json::Node& trial, const StudyView& study);
bool needs_trial(const json::Node& event);

}  // namespace hpo::cli
