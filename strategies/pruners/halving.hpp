// Asynchronous successive halving: at each rung the best fraction of the trials goes on.
//
// Li et al. (2020), "A system for massively parallel hyperparameter tuning" (ASHA, algorithm 2),
// arXiv:1810.05934. The fraction is Syne Tune's (Salinas et al. 2022): a trial is among the best if
// its loss is at most the linear quantile 1/eta of all that reached the rung, itself included. That
// is the loss of rank floor((n - 1) / eta) + 1 of n: ties go on together, nothing is interpolated.
// The paper has rank floor(n / eta).
//
//   stopping   who is not among the best when it arrives ends
//   promotion  it pauses, and is taken up when it is, by the rungs from above; the first eta
//              trials at a rung wait for each other. Who is when it arrives goes on at once.
//
// A report counts at the highest rung that it reaches, once; a training that skips rungs leaves no
// value there, not even one at max. No number: the trial stops. O(log n) a report; 8
// bytes for each trial at a rung, and a node for each paused one.
#pragma once

#include <cstdint>
#include <set>
#include <unordered_map>
#include <utility>
#include <vector>

#include "schema/study.hpp"
#include "strategies/pruners/lowest.hpp"
#include "strategies/pruners/rule.hpp"

namespace hpo::pruning {

// A trial's bracket is drawn by its number with these weights: bracket b begins at rung b, and is
// compared with itself alone. At least one.
using BracketSizes = std::vector<double>;

class Halving final : public Rule {
 public:
  // REQUIRES: spec.fidelity. `pauses`: promotion
  Halving(const StudySpec& spec, bool pauses, BracketSizes sizes);

  Decision judge(const Observation& observation) override;
  void end(int trial, bool has_completed, double loss) override;
  std::optional<TakeUp> take_up() const override;
  void taken_up(int trial) override;
  std::size_t kept_bytes() const override;

  std::size_t bracket_of(int trial) const;

 private:
  struct Rung {
    Lowest losses{};
    std::set<std::pair<double, int>> paused{};  // loss and trial
  };
  struct Place {
    std::size_t bracket = 0;
    std::size_t next = 0;     // the rung that it has not reached yet
    double paused_loss = 0.0;  // meaningful if is_paused, at rung next - 1
    bool is_paused = false;
  };
  Place& place_of(int trial);
  bool has_choice(const Rung& rung) const;
  Decision choose(Rung& rung, Place& place, const Observation& observation);
  std::string reason(const Rung& rung, const Observation& observation, bool is_among) const;

  Direction direction_;
  std::uint64_t seed_;
  std::int64_t steps_max_;
  double eta_;
  bool pauses_;
  BracketSizes sizes_;
  std::vector<std::int64_t> steps_;         // of the rungs
  std::vector<std::vector<Rung>> brackets_{};  // of each all rungs, the first ones unused
  std::unordered_map<int, Place> places_{};    // of the open trials that have reported
};

}  // namespace hpo::pruning
