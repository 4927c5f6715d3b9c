// The history of a study as strategies see it: finished trials in shared immutable blocks, in
// the order in which they finished (history_seq), and the open trials, copied. For strategies that
// learn from reports also what trials told at rungs, in blocks likewise.
//
// An ask costs a copy of the block pointers and of the open trials, whatever the study's size.
// Immutable once handed over; safe to read from any thread.
#pragma once

#include <cstddef>
#include <memory>
#include <span>
#include <vector>

#include "schema/trial.hpp"

namespace hpo {

// What a strategy may know of a finished trial. Values lie in the block, not here: a trial of its
// own vector would cost an allocation each.
struct FinishedTrial {
  int number = 0;
  TrialState state = TrialState::completed;
  Origin origin = Origin::strategy;
  double value = 0.0;            // meaningful if and only if completed
  std::int64_t history_seq = 0;
};

// Up to trials_max finished trials. Full blocks never change; the newest one is copied on append.
struct HistoryBlock {
  static constexpr std::size_t trials_max = 1024;
  std::vector<FinishedTrial> trials{};
  std::vector<ParamValue> values{};  // trials.size() × dimension, trial by trial
};

struct OpenTrial {
  int number = 0;
  Values values{};
};

// What a trial, finished or open, told when it first reached a rung.
struct RungValue {
  int trial = 0;
  int rung = 0;
  double value = 0.0;            // NaN: no finite number
  std::int64_t history_seq = 0;  // of that report
};

struct RungBlock {
  static constexpr std::size_t values_max = 1024;
  std::vector<RungValue> values{};
};

class History {
 public:
  explicit History(std::size_t dimension = 0) : dimension_(dimension) {}

  std::size_t dimension() const { return dimension_; }
  std::size_t finished_count() const { return finished_count_; }
  const FinishedTrial& finished(std::size_t i) const;       // in the order of history_seq
  std::span<const ParamValue> values(std::size_t i) const;  // of finished(i), in space order
  const std::vector<OpenTrial>& open() const { return open_; }

  // A model may use the fits that were due when the trial of this history_seq had finished, and no
  // later ones; 0: all that are due.
  std::int64_t model_seq() const { return model_seq_; }
  void set_model_seq(std::int64_t seq) { model_seq_ = seq; }
  // How many trials had finished by then.
  std::size_t model_count() const;
  std::size_t model_rung_count() const;  // and how many rung values there were

  std::int64_t history_seq() const;  // of the newest finished trial; 0 without one

  std::size_t rung_value_count() const { return rung_value_count_; }
  const RungValue& rung_value(std::size_t i) const;  // in the order of history_seq
  std::int64_t seen_seq() const;  // the newest of all above: what an ask with this history saw

  // REQUIRES: values.size() == dimension, history_seq above every earlier one.
  void append(const FinishedTrial& trial, std::span<const ParamValue> values);
  // REQUIRES: history_seq not below any earlier one's; one value for each trial and rung
  void append(const RungValue& value);
  void set_open(std::vector<OpenTrial> open) { open_ = std::move(open); }

 private:
  std::size_t dimension_ = 0;
  std::size_t finished_count_ = 0;
  std::int64_t model_seq_ = 0;
  std::vector<std::shared_ptr<const HistoryBlock>> blocks_{};
  std::size_t rung_value_count_ = 0;
  std::vector<std::shared_ptr<const RungBlock>> rung_blocks_{};
  std::vector<OpenTrial> open_{};
};

}  // namespace hpo
