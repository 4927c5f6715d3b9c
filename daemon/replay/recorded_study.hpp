// What a replay needs of a study, from the pages of its export. One thread.
#pragma once

#include <iosfwd>
#include <map>
#include <optional>
#include <vector>

#include "schema/report.hpp"
#include "schema/study.hpp"
#include "schema/trial.hpp"

namespace hpo::replay {

struct RecordedTrial {
  Values values{};
  TrialState state = TrialState::waiting;
  Origin origin = Origin::strategy;
  double value = 0.0;                          // meaningful if and only if completed
  std::optional<std::int64_t> history_seq{};   // nullopt: it was open when it was exported
  Suggestion suggestion{};                     // of no strategy: nobody suggested it
};

struct RecordedStudy {
  StudySpec spec{};
  std::map<int, RecordedTrial> trials{};  // by number
  std::vector<JudgedReport> reports{};    // in the order of their seq
  // Later suggestions may have seen more than the first pages tell: of a study that goes on.
  std::int64_t history_seq_max = 0;
};

// Each line is a page of the export, or of the study's reports, in their order. Error:
// invalid_argument with the line, for what is neither; corrupt, for one that contradicts itself.
Result<RecordedStudy> read_export(std::istream& pages);

}  // namespace hpo::replay
