// What a training tells while it runs, and what a pruner answers.
//
// Reports are rows, not events. Values, any thread.
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>

#include "schema/words.hpp"

namespace hpo {

// What a training tells at a step, as it tells it.
struct StepTold {
  std::int64_t step = 0;                    // epochs, folds, … done; 0: before training
  std::map<std::string, double> metrics{};  // NaN and infinities included
  // Which line of the metrics file is no report, and why: of a file the first one alone. The
  // others mean nothing then. Empty: it is a report.
  std::string unread{};
  // What was left out, for it came too fast, or too late to be told whole: half a sentence. The
  // others mean nothing then. Empty: it is a report, or `unread`.
  std::string skipped{};
  int left_out = 0;  // numbers of its line beyond those in `metrics`, the first of them
  bool is_step() const { return unread.empty() && skipped.empty(); }
  friend bool operator==(const StepTold&, const StepTold&) = default;
};

// Beyond so many steps of a trial, those that are near the one before are left out: a curve stays a
// curve, and 10⁶ reports of a trial are 8,000 rows.
inline constexpr std::int64_t dense_steps = 1024;

// Whether a step is left out so; `last_step`: the greatest one that is kept, -1: none; `step_max`:
// the fidelity's, which is never left out, nor the one before: by them a training is seen as whole.
constexpr bool is_near(std::int64_t last_step, std::int64_t step,
                       std::optional<std::int64_t> step_max) {
  if (step_max && (step == *step_max || step + 1 == *step_max)) return false;
  const std::int64_t distance = step - last_step;
  return distance > 0 && distance < last_step / dense_steps;
}

// The same as the study keeps it.
struct Report {
  int trial = 0;
  std::int64_t step = 0;
  double value = 0.0;      // the objective's metric; NaN and infinities are what a training may say
  std::map<std::string, double> metrics{};  // what else it told
  // Of the counter that orders all that a pruner can see: reports, and the history_seq of finished
  // trials. 0: not stored yet.
  std::int64_t seq = 0;
  int attempt = 1;         // that told it first
  // The attempt had been given up, and its result counts all the same: too late to decide anything.
  bool is_late = false;
  friend bool operator==(const Report&, const Report&) = default;
};

enum class Verdict { go_on, stop, pause };
template <>
inline constexpr auto words<Verdict> = word_table("go_on", "stop", "pause");

struct Decision {
  Verdict verdict = Verdict::go_on;
  int rung = -1;         // that decided; -1: none. Rung k lies at about min · eta^k steps
  std::string reason{};  // a sentence for people; empty where nothing was compared
  bool goes_on() const { return verdict == Verdict::go_on; }
  friend bool operator==(const Decision&, const Decision&) = default;
};

// What is said once of a trial, for its reports are not kept as they were told.
enum class Remark {
  no_objective, told_twice, beyond_max, no_report, too_fast, too_many, from_zero
};
template <>
inline constexpr auto words<Remark> = word_table("no_objective", "told_twice", "beyond_max",
                                                 "no_report", "too_fast", "too_many", "from_zero");

// As it is kept.
struct JudgedReport {
  Report report{};      // value NaN: no finite number; metrics without the objective
  Decision decision{};  // go_on without a rung or a reason: nothing was compared
};

}  // namespace hpo
