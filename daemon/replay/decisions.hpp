// Asks a study's pruner again, with what it was told the first time. One thread.
#pragma once

#include <string>
#include <vector>

#include "daemon/replay/recorded_study.hpp"

namespace hpo::replay {

struct DecisionDifference {
  int trial = 0;
  std::int64_t step = 0;
  Decision recorded{};
  Decision computed{};
};

struct Decisions {
  static constexpr std::size_t shown_max = 10;
  std::string pruner{};  // "none": there was nothing to decide
  int equal = 0;         // of all reports
  int different = 0;
  int too_new = 0;       // may have come after an end that the export does not tell
  std::vector<DecisionDifference> shown{};  // the first ones
};

// Errors: the pruner's own; corrupt, if two ends or reports have the same seq.
Result<Decisions> replay_decisions(const RecordedStudy& study);

std::string report_text(const Decisions& decisions);  // empty: nothing was decided

}  // namespace hpo::replay
