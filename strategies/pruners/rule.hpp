// What a pruner's rule is asked: the part that differs between pruners. See pruner.hpp.
//
// One thread at a time; the answers depend on the study and on what was told, in that order.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>

#include "schema/report.hpp"

namespace hpo {

// A report as rules see it.
struct Observation {
  int trial = 0;
  std::int64_t step = 0;  // from 0; ascending within a trial, unless the rule takes any order
  double loss = 0.0;      // the less the better, whatever the direction; +inf: no finite number
};

// A paused trial, and the rung at which it waits.
struct TakeUp {
  int trial = 0;
  int rung = 0;
  friend bool operator==(const TakeUp&, const TakeUp&) = default;
};

class Rule {
 public:
  virtual ~Rule() = default;

  // Of a trial that is open, and that was not told to stop or pause since it was last taken up. At
  // the fidelity's max or beyond the answer is dropped: none may pause there.
  virtual Decision judge(const Observation& observation) = 0;

  // Once for each trial. `loss` is meaningful if it completed; +inf: no finite number.
  virtual void end(int trial, bool has_completed, double loss) = 0;

  virtual std::optional<TakeUp> take_up() const { return std::nullopt; }
  virtual void taken_up(int) {}  // a trial that was told to pause

  virtual bool takes_any_order() const { return false; }
  virtual std::size_t kept_bytes() const { return 0; }
};

}  // namespace hpo
