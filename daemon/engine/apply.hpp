// Inside the engine: what its three apply files share, and what plan() must see as they do.
#pragma once

#include <string>
#include <vector>

#include "daemon/engine/study.hpp"
#include "schema/assert.hpp"

namespace hpo::engine {

Error impossible(const std::string& what);

// The open trial whose latest attempt this is; nullptr if there is none.
LiveTrial* find(Study& study, int trial, int attempt);

// The trial has a job, for all that we know: it must be found, polled or cancelled.
inline bool has_job(const LiveTrial& live) { return live.attempt && is_live(live.attempt->state); }

// A pruner has told its latest attempt to stop or to pause.
inline bool is_pruned(const LiveTrial& live) {
  return live.attempt && !live.attempt->decision.goes_on();
}

inline bool is_doubtful(AttemptState s) {
  return s == AttemptState::submitting || s == AttemptState::unknown;
}

// The result of an attempt that had been given up; of several, the earliest attempt's, so that a
// restart reads the same one from the rows. nullptr: there is none.
const Outcome* late_result(const LiveTrial& live);

// The latest attempt has to go: cancelled or pruned, its study cancelled, or the trial has a result
// without it.
bool is_unwanted(const Study& study, const LiveTrial& live);

// The latest attempt has no job any more: the trial finishes, or waits for another attempt.
Changes close(Study& study, LiveTrial& live, const Outcome& outcome, const Event& event);

// Takes the trial out of the open ones, counts it and compares it with the best.
Trial finish(Study& study, int number, TrialState state, const Event& event);

// What the trial's next attempt asks for: after out_of_memory or timeout more than the last one. An
// absent attempt asks for the same again.
Asked next_asked(const StudySpec& spec, const LiveTrial& live);

// Node-time in milliseconds. On executors that are no batch systems it is 0.
std::int64_t asked_node_ms(const StudySpec& spec, const Asked& asked);
std::int64_t next_node_ms(const Study& study, const LiveTrial& live);  // of its next attempt
// Of an attempt that ends so. `before`: as it was until now.
std::int64_t used_node_ms(const StudySpec& spec, const Attempt& before, const Outcome& outcome);
std::int64_t used_node_ms(const StudySpec& spec, const WorkerJob& before, const Outcome& outcome);
void spend(Progress& progress, std::int64_t ms);
// Of budget.node_hours: less what ended attempts have used; less what those under way ask for too.
std::int64_t unspent_node_ms(const Study& study);
std::int64_t free_node_ms(const Study& study);
int trials_within(const Study& study, std::int64_t free_ms);  // that have not been tried yet
int workers_within(const Study& study);  // worker jobs: those that are there, and those that fit
// The trial's next attempt may start, at the latest when all others have ended.
bool may_fit(const Study& study, const LiveTrial& live);

// The trial has its first attempt, or the next one: it runs, and is nobody's to lease.
void begin_attempt(Study& study, Trial& trial, std::int64_t at_ns);

Result<Changes> on(Study& study, const TrialPruning& e, const Event& event);
Result<Changes> on(Study& study, const TrialTakenUp& e, const Event& event);
Result<Changes> on(Study& study, const TrialPruned& e, const Event& event);
// Of what a pruner has told to pause, once its attempt has ended.
Trial pause(Study& study, LiveTrial& live);

// The message of a paused trial that ends as `end` says: why it had paused stays behind that.
std::string after_pause(const Trial& trial, const std::string& end);

Result<Changes> on(Study& study, const AttemptSubmitting& e, const Event& event);
Result<Changes> on(Study& study, const AttemptSubmitted& e, const Event& event);
Result<Changes> on(Study& study, const AttemptRejected& e, const Event& event);
Result<Changes> on(Study& study, const AttemptUnknown& e, const Event& event);
Result<Changes> on(Study& study, const AttemptAbsent& e, const Event& event);
Result<Changes> on(Study& study, const TrialLeased& e, const Event& event);
Result<Changes> on(Study& study, const TrialReturned& e, const Event& event);
Result<Changes> on(Study& study, const AttemptStarted& e, const Event& event);
Result<Changes> on(Study& study, const AttemptIncident& e, const Event& event);
Result<Changes> on(Study& study, const AttemptRunning& e, const Event& event);
Result<Changes> on(Study& study, const AttemptEnded& e, const Event& event);
Result<Changes> on(Study& study, const WorkerSubmitting& e, const Event& event);
Result<Changes> on(Study& study, const WorkerSubmitted& e, const Event& event);
Result<Changes> on(Study& study, const WorkerRejected& e, const Event& event);
Result<Changes> on(Study& study, const WorkerUnknown& e, const Event& event);
Result<Changes> on(Study& study, const WorkerAbsent& e, const Event& event);
Result<Changes> on(Study& study, const WorkerRunning& e, const Event& event);
Result<Changes> on(Study& study, const WorkerAsked& e, const Event& event);
Result<Changes> on(Study& study, const WorkerEnded& e, const Event& event);

AttemptState closed_state(OutcomeStatus status);

// Why no further trial is wanted from the strategy; none: they are wanted.
StudyReason enough(const Study& study);

// What plan() says of worker jobs: what to do with those that are there, and which to start.
void care_for_workers(const Study& study, std::vector<Action>& actions);
void start_workers(const Study& study, std::vector<Action>& actions);
std::string workers_in_vain_detail(const Study& study);

}  // namespace hpo::engine
