// The rules of the pruners once more, from their definitions and the whole list of events each
// time: slow, without a state that could go wrong, and sharing no code with strategies/pruners.
#pragma once

#include <optional>
#include <vector>

#include "tests/strategies/pruners/events.hpp"

namespace hpo::test {

class PrunerOracle {
 public:
  explicit PrunerOracle(const StudySpec& spec) : spec_(spec) {}

  Decision tell(const PrunerEvent& event);  // without a reason
  std::optional<TakeUp> take_up() const;

 private:
  struct Past {
    PrunerEvent event{};
    Decision decision{};
    bool counts = false;  // a report that the rule got to see
    int rung = -1;        // at which it left its value; -1: at none
  };
  double loss(double value) const;
  double option(const char* name, double otherwise) const;
  bool is_type(const char* type) const { return spec_.pruner.type == type; }
  bool is_halving() const { return is_type("asha") || is_type("hyperband"); }
  bool pauses() const;
  std::optional<TrialState> end_of(int trial) const;
  std::vector<Report> reports_of(int trial) const;  // that count, the newest too
  Verdict standing(int trial) const;                // the last decision that still holds
  bool is_heard(const Report& report) const;

  std::vector<double> levels() const;
  int bracket_of(int trial) const;
  int rung_reached(std::int64_t step) const;  // -1: none
  int rung_of(const Report& report) const;    // where the newest report leaves its value
  bool is_among(int bracket, int rung, double loss) const;
  Decision decide(const Report& report);      // the newest one, which counts
  Decision halving(const Report& report) const;
  Decision percentile(const Report& report) const;
  Decision wilcoxon(const Report& report) const;
  double p_value(const std::vector<double>& differences) const;

  StudySpec spec_;
  std::vector<Past> past_{};
};

}  // namespace hpo::test
