// Asks a study's strategy again, with what it saw the first time. One thread, as long as it takes.
#pragma once

#include <set>
#include <string>
#include <vector>

#include "daemon/replay/recorded_study.hpp"
#include "strategies/strategy.hpp"

namespace hpo::replay {

struct Difference {
  int trial = 0;
  Values recorded{};
  Values computed{};  // empty: nothing was suggested for it
};

struct Replay {
  static constexpr std::size_t shown_max = 10;
  std::string strategy{};           // that computed the first of it, here
  int version = 0;
  std::set<std::string> builds{};   // that suggested what is recorded
  int equal = 0;
  int different = 0;
  int of_others = 0;                // recorded of another strategy or version: not computed
  int too_new = 0;                  // may have seen what the export does not tell: not computed
  int stand_ins = 0;                // of all four: another strategy answered for a late one
  int stand_ins_equal = 0;          // of `equal`
  int stand_ins_different = 0;      // of `different`
  std::vector<Difference> shown{};  // the first ones
  double largest = 0.0;             // difference of a coordinate of the unit cube, 0 … 1

  bool is_equal() const { return different == 0 && of_others == 0; }
};

// An ask sees the trials of lower numbers: those that had ended by its history_seq, in that order,
// and the others as open; if its study's strategy learns from reports, also those up to then.
// Errors: the strategy's own; corrupt, if asks or reports are out of order.
Result<Replay> replay(const RecordedStudy& study, const StrategyFinder& find = find_strategy);

}  // namespace hpo::replay
