// What a pruner is told, as a list that can be told again; and trainings by chance that make one.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "strategies/pruners/pruner.hpp"

namespace hpo::test {

struct PrunerEvent {
  enum class Kind { report, finished, taken_up } kind = Kind::report;
  Report report{};                           // of the others: the trial and seq alone
  TrialState state = TrialState::completed;  // of finished
  double value = 0.0;                        // of finished
};

// A study whose fidelity is 1 … 27 by 3, unless the test changes it.
StudySpec pruned_study(std::string type, std::map<std::string, ParamValue> options = {});

Pruner make_pruner(const StudySpec& spec);

// The decision of a report; of the others, go_on.
Decision tell(Pruner& pruner, const PrunerEvent& event);

Report report_of(int trial, std::int64_t step, double value);

// Trainings side by side that are told what to do, and mostly do it: values in eighths with many
// ties, now and then NaN; steps that are left out, repeated or go back; trials that end in all
// ways, and go on when they should not.
class Trainings {
 public:
  explicit Trainings(std::uint64_t seed, int slots) : seed_(seed), slots_(slots) {}

  // The next thing that happens; `take_up`: what the pruner would have a free slot go on with.
  PrunerEvent next(const std::optional<TakeUp>& take_up);
  void decided(const PrunerEvent& event, const Decision& decision);

 private:
  struct Training {
    int trial = 0;
    std::int64_t step = 0;
    Verdict verdict = Verdict::go_on;
    int attempts_left = 2;
  };
  std::uint64_t draw();
  std::uint64_t below(std::uint64_t count) { return draw() % count; }
  double value();
  PrunerEvent end(std::size_t slot, TrialState state);
  PrunerEvent report(Training& training);

  std::uint64_t seed_;
  std::uint64_t draws_ = 0;
  int slots_;
  int next_trial_ = 0;
  std::int64_t seq_ = 0;
  std::vector<Training> running_{};
  std::vector<Training> paused_{};
};

}  // namespace hpo::test
