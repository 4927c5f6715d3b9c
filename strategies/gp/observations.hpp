// What a study's trials tell a model, one observation after the other, in the order of history_seq.
//
// Without rungs: how each trial ended. With rungs also what it told when it first reached each of
// them, at a level of its own; then nobody who was stopped tells a final value: its last word is
// what it told at its highest rung, and only one that told nothing at all counts as bad at the
// first. One thread at a time.
#pragma once

#include <functional>
#include <span>
#include <unordered_map>

#include "schema/history.hpp"
#include "strategies/trials_by_number.hpp"

namespace hpo::gp {

struct Observation {
  enum class Kind {
    value,  // finite
    bad,    // worse than most: stopped for it, or no finite number
    told,   // stopped, after values that came before
    none    // failed or infeasible
  };
  Kind kind = Kind::value;
  double value = 0.0;     // meaningful if and only if a value
  bool is_end = false;    // else a report
  std::size_t level = 0;  // the rung; the number of rungs for what a whole trial tells
  int trial = 0;
  std::size_t event = 0;  // which end or report of the study it is, counted from 1
  std::span<const ParamValue> values{};
};

class Observations {
 public:
  explicit Observations(std::size_t rungs) : rungs_(rungs) {}

  // All that has come since. False: the history does not continue what was read; read nothing,
  // begin with a new object.
  using Tell = std::function<void(const Observation&)>;
  bool read(const History& history, const Tell& tell);

  // Ends and reports read: those that tell nothing too.
  std::size_t events() const { return ends_.count + reports_.count; }
  // Of a history: those that there are, and those that a model's fits may have seen.
  std::size_t events(const History& history) const;
  std::size_t model_events(const History& history) const;

  // The highest level at which the trial told something; -1: none.
  int level_of(int trial) const;

  std::size_t bytes() const;  // that it keeps, about

 private:
  struct Read {
    std::size_t count = 0;
    std::int64_t seq = 0;  // of the last one
  };
  bool is_continued_by(const History& history) const;
  void end(const History& history, const Tell& tell);
  void report(const History& history, const TrialsByNumber& trials, const Tell& tell);

  std::size_t rungs_ = 0;
  Read ends_{};
  Read reports_{};
  bool misses_some_ = false;  // a report of a trial that the history did not have
  std::unordered_map<int, int> levels_{};  // by trial, with rungs
};

}  // namespace hpo::gp
