// The learning curves of a study's trials, as their reports come: the latest few hundred.
//
// Pure: JSON in, lines to plot out.
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "cli/plot.hpp"
#include "schema/json/node.hpp"

namespace hpo::cli {

struct Curve {
  static constexpr std::size_t values_max = 256;  // more than a terminal has dots

  std::map<std::int64_t, double> values{};  // the objective by step; NaN: no finite number
  std::int64_t last_seq = 0;  // when it was last told of
  std::int64_t attempt = 0;   // that told it
  bool is_told_to_end = false;  // by the pruner
  bool is_completed = false;

  // Beyond values_max every second value goes, NaN before its neighbour; a finite last one stays.
  void add(std::int64_t step, double value);
  bool has_finite() const;
};

class Curves {
 public:
  static constexpr std::size_t curves_max = 300;

  // A report as the daemon lists them, in the order of their seq.
  void take(const json::Node& report);
  void complete(std::int64_t trial, std::int64_t history_seq);
  // Beyond curves_max those of which nothing was heard for longest go, but not `best`.
  void forget_old(std::optional<std::int64_t> best);

  bool has(std::int64_t trial) const { return curves_.contains(trial); }
  // Nobody has told a step yet.
  bool empty() const { return !has_values_; }

  struct Shown {
    std::set<std::int64_t> running{};
    bool has_all_running = true;  // else whatever has not ended is taken for running
    std::optional<std::int64_t> best{};
  };
  // Faded ones first, then completed ones, running ones, and the best.
  std::vector<PlotLine> lines(const Shown& shown) const;

 private:
  std::map<std::int64_t, Curve> curves_{};  // by trial
  bool has_values_ = false;
};

// From the best value to one that nine tenths of them reach: a training that diverges, or starts
// far off, leaves the others a shape.
PlotRange range_of(const std::vector<PlotLine>& lines, Direction direction);

}  // namespace hpo::cli
