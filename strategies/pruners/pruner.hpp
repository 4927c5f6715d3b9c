// A pruner decides, report by report, which trials go on, end early, or pause.
//
// A pure fold over what its study's trials told: rebuilt from the rows, told in the same order, it
// decides the same, so the daemon may drop it at any time. What it is told is put in order here,
// once for all rules. One thread at a time.
#pragma once

#include <cstdint>
#include <functional>
#include <limits>
#include <memory>
#include <optional>
#include <span>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "schema/report.hpp"
#include "schema/study.hpp"
#include "schema/trial.hpp"
#include "strategies/pruners/rule.hpp"

namespace hpo {

class Pruner {
 public:
  // Error: invalid_argument, for a pruner or an option that there is not, or without a fidelity
  // that the pruner needs.
  static Result<Pruner> make(const StudySpec& spec);

  // Told in the order of seq, finished trials and reports together.
  //
  // A trial that was told to stop or to pause is told so again, until it is taken up. A step that
  // is not above the trial's last one (a training that began again, a request sent twice) changes
  // nothing and goes on; wilcoxon takes steps in any order, each once. A value that is no finite
  // number is worse than any number. The reports of a trial that has ended are told to stop. One
  // that is late, or at the fidelity's max or beyond, where a training is whole, is compared with
  // for the others' sake, and goes on.
  //
  // REQUIRES: report.trial >= 0, and the objective's metric is in the report
  Decision report(const Report& report);

  // The trial is in a final state. `value` is the objective, meaningful if completed. The second
  // time changes nothing.
  void finished(int trial, TrialState state, double value);

  // The paused trial that a free slot should go on with before it starts a new one, if any: the
  // same until something else is told.
  std::optional<TakeUp> take_up() const { return rule_->take_up(); }
  // It runs again. May be told between the decision to pause it and its next report; a report of a
  // later attempt tells the same. A trial that is not paused is none of its business.
  void taken_up(int trial);

  // About what the object keeps, in bytes.
  std::size_t kept_bytes() const;

 private:
  struct OpenTrial {
    std::int64_t last_step = -1;
    Decision decision{};  // the last one, if it was to stop or to pause
    int attempt = 0;      // that was told so
  };

  Pruner(std::unique_ptr<Rule> rule, const StudySpec& spec);
  Decision judge(OpenTrial& trial, const Report& report);
  Decision hear_late(OpenTrial& trial, const Report& report);
  bool is_over(int trial) const;
  double loss_of(double value) const;

  std::unique_ptr<Rule> rule_;
  double sign_ = 1.0;
  std::int64_t steps_max_ = std::numeric_limits<std::int64_t>::max();
  std::unordered_map<int, OpenTrial> open_{};
  std::vector<bool> is_over_{};  // by number
};

struct PrunerEntry {
  std::string_view name{};  // as written in study.json
  int version = 1;          // raise it when the same reports would give other decisions
  std::function<Result<std::unique_ptr<Rule>>(const StudySpec&)> make{};
};

// Every pruner in the house. To add one: README.md.
std::span<const PrunerEntry> pruners();

// The entry that a study's "pruner" names. Error: invalid_argument.
Result<PrunerEntry> find_pruner(const StudySpec& spec);

}  // namespace hpo
