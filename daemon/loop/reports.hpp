// What trainings tell while they run: each report is a row, and what the study's pruner says of it
// is in the same row and the same COMMIT.
//
// A pruner is a cache: it is made again from the rows when it is needed and not there. Inside a
// transaction. Engine strand.
#pragma once

#include <optional>
#include <string>

#include "daemon/loop/ledger.hpp"

namespace hpo::loop {

inline constexpr int trial_reports_max = 20'000;  // rows, whatever a training tells

struct Heard {
  Decision decision{};    // for the attempt: of this report, or of an earlier one
  std::string ignored{};  // why the report was not kept, for people; empty: it was, now or before
  bool is_verdict_new = false;  // the decision is of this report, and ends the attempt
};

// What a training should know of a step that is kept, though no pruner stops it there. "": nothing.
std::string beyond_max_text(const StudySpec& spec, std::int64_t step);

class Reports {
 public:
  Reports(store::Store& store, Ledger& ledger) : store_(store), ledger_(ledger) {}

  // REQUIRES: `live` is an open trial of the study, and its latest attempt is under way
  Result<Heard> tell(StudyLoop& loop, const engine::LiveTrial& live, StepTold told);

  // Of an attempt that was given up, before its result, which counts: nothing is decided.
  Result<Heard> tell_late(StudyLoop& loop, const Attempt& attempt, StepTold told);

  // The end of an attempt as it counts: what a training brings that was told to stop is no final
  // value, unless it has come to its last step all the same. One that counts its steps from 0 never
  // does: that is said in its trial's history.
  Result<Outcome> as_it_counts(StudyLoop& loop, const Attempt& attempt, Outcome outcome);

  // The attempt has ended before the decision could be told: for people, in the trial's history.
  Result<void> note_untold(StudyLoop& loop, const engine::LiveTrial& live,
                           const Decision& decision);

  // What the plan wants of paused trials: one goes on, or all others are pruned. True: an event.
  Result<bool> take_up(StudyLoop& loop, const engine::TakeUpPaused& wanted);

 private:
  Result<Heard> hear(StudyLoop& loop, const Attempt& attempt, StepTold told, bool is_late);
  Result<Heard> tell(StudyLoop& loop, const Attempt& attempt, const Report& report);
  Result<Heard> told_again(StudyLoop& loop, const Attempt& attempt, const Report& first,
                           double value);
  Result<Heard> leave_out(StudyLoop& loop, const Attempt& attempt, Remark what,
                          const std::string& ignored, const std::string& text);
  Result<void> check_count(StudyLoop& loop, const Attempt& attempt, const StepTold& told);
  Result<void> check_last(StudyLoop& loop, const Attempt& attempt, std::int64_t last_step);
  Result<void> check_max(StudyLoop& loop, const Attempt& attempt, std::int64_t step);
  Result<void> remark(StudyLoop& loop, const Attempt& attempt, Remark what,
                      const std::string& text);
  Result<Decision> keep(StudyLoop& loop, const Report& report, store::ReportTail& tail);
  Result<store::ReportTail*> tail_of(StudyLoop& loop, int trial);
  Result<void> wake_pruner(StudyLoop& loop);

  store::Store& store_;
  Ledger& ledger_;
};

}  // namespace hpo::loop
