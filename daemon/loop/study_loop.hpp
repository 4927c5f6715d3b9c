// What the daemon keeps of a study in memory: the engine's state, and what can be dropped at any
// time because the plan brings it back: ready proposals, what is under way, the history.
//
// Engine strand only.
#pragma once

#include <deque>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <set>
#include <vector>

#include "daemon/engine/study.hpp"
#include "daemon/loop/threads.hpp"
#include "daemon/store/store.hpp"
#include "executors/runner/step_tail.hpp"
#include "schema/history.hpp"
#include "strategies/pruners/pruner.hpp"
#include "strategies/recommender.hpp"
#include "strategies/strategy.hpp"

namespace hpo::loop {

// Whose job it is: a trial's latest attempt's, or a worker job by its number.
struct Owner {
  bool is_worker = false;
  int number = 0;
  friend auto operator<=>(const Owner&, const Owner&) = default;
};

// What is under way with the executor for one of them. Lost at a restart, harmlessly: for how long
// a job has been looked for in vain is in the store.
struct Flight {
  std::string job{};            // of the attempt; a newer job starts a new flight
  bool is_called = false;       // a submit, find or cancel has not returned yet
  std::optional<std::int64_t> absent_ns{};  // as the store has it; nullopt: not read yet
  std::optional<std::int64_t> absent_seen_ns{};  // the last look, if it did not find the job
  std::int64_t locate_not_before_ns = 0;
  std::int64_t cancel_not_before_ns = 0;
  std::shared_ptr<runner::StepTail> steps{};  // of its metrics file; the executor's strand alone
  bool may_leave = false;       // a worker was given the time to leave by itself
  bool is_ending = false;       // it is over; its last steps, or its trials', are being read
};

// An executor that cannot take a study's jobs now is asked again later, each time after a longer
// wait; other studies may fare better, as in another partition.
struct PutOff {
  std::int64_t until_ns = 0;  // monotonic
  int refusals = 0;           // in a row
};

// What a strategy was asked last; its answer counts only while it is awaited.
struct Question {
  std::uint64_t number = 0;
  bool is_under_way = false;  // the strategy is at it, or the history is read: no other may be put
  bool is_awaited = false;
  int count = 0;              // proposals wanted
  int finished = 0;           // trials that had when it was put
};

// The free slots of the study that wait for a proposal and for nothing else.
struct SlotWait {
  std::deque<std::int64_t> since_ns{};  // of each, the oldest first; monotonic
  std::uint64_t number = 0;    // of the oldest one's wait: another one for each proposal taken
  std::uint64_t timed = 0;     // of the wait that has its deadline set
  bool takes_outdated = false;  // it has passed
};

// Of a trial that a worker has: until when it need not be heard of. Lost at a restart, and then
// begun anew.
struct LeaseClock {
  std::int64_t fence = 0;
  std::int64_t until_ns = 0;  // monotonic
  bool is_loading = false;    // a warm script, for long
  bool is_ending = false;     // it has run out, and the trial is about to be told so
  bool is_anew = false;       // the worker has not been heard of since it was begun anew
};

struct StudyLoop {
  engine::Study study{};
  std::int64_t counted_ns = 0;   // monotonic; `spent` has been counted up to here

  // The strategy and its answers: asks.hpp has the rules.
  StrategyEntry entry{};
  std::shared_ptr<Strategy> strategy{};  // null until the next question: it is a cache
  std::uint64_t model_bytes = 0;         // that it keeps, about
  std::int64_t used_ns = 0;              // when it answered last; monotonic
  std::int64_t took_ns = 0;              // for each proposal of its last answer; 0: not known
  std::shared_ptr<const Strategy::Fits> fits{};  // made beside the asks
  std::int64_t model_seq = 0;            // the fits due by then are known; 0: none
  bool is_fitting = false;
  std::shared_ptr<Strategy> stand_in{};
  bool is_standing_in = false;   // the stand-in is at work
  std::deque<Proposal> ready{};  // of one batch; the first is for trial progress.created
  Suggestion suggestion{};       // of that batch
  int ready_finished = 0;        // trials that had finished when that was asked for
  Question question{};
  SlotWait wait{};
  int waits_at = -1;             // finished trials when the strategy had nothing to propose

  // The history, read at the first ask. What finishes while it is being read waits in `news`.
  std::shared_ptr<History> history{};
  bool is_reading = false;
  struct News { FinishedTrial trial{}; Values values{}; };
  std::vector<News> news{};
  // Where the strategy learns from reports: the rungs, known from that reading on, and what trials
  // told there meanwhile.
  std::vector<std::int64_t> rungs{};
  std::vector<RungValue> rung_news{};

  // Of a study with much noise.
  std::shared_ptr<Recommender> recommender{};
  bool is_recommending = false;

  std::map<Owner, Flight> flights{};
  PutOff put_off{};
  std::int64_t next_submit_ns = 0;  // monotonic: its own `submit_rate`
  std::set<int> with_lost{};        // trials with an attempt that was given up; some have finished
  bool is_deadline_set = false;     // a timer for budget.time is running
  std::set<FailureClass> failures_logged{};  // of trials on this node: see event_log.hpp

  // What trainings tell while they run. The pruner is a cache, made again from the rows.
  std::optional<Pruner> pruner{};
  std::map<int, std::set<Remark>> remarks{};  // of open trials: what has been said of their reports
  std::set<Remark> remarks_logged{};          // of any trial: hpod.log has each once
  std::set<int> untold{};  // open trials whose training had ended by itself before the verdict
  std::map<int, store::ReportTail> tails{};  // of open trials; of those that have told since a load

  // Where trials are pulled.
  std::map<int, LeaseClock> leases{};  // by trial
  int pulling = 0;                     // trials that waiting workers would begin at once

  std::int64_t id() const { return study.id; }
  const StudySpec& spec() const { return *study.spec; }
  bool is_running() const { return study.progress.state == StudyState::running; }
  bool is_outdated() const {
    return entry.pace != Pace::instant && ready_finished != study.progress.finished();
  }
};

// Throws away what is ready and what is being asked for: its numbers go to other trials.
void drop_proposals(StudyLoop& loop);

// How long a trial has a slot, on average and with what lies between two; 0: not known.
std::int64_t slot_ns_per_trial(const engine::Study& study);

// Adds a finished trial to the history, or keeps it until the history has been read.
void learn(StudyLoop& loop, const Trial& trial);

// The same for a report that was kept; `last_step`: the highest one that its trial told before.
void learn(StudyLoop& loop, std::int64_t last_step, const Report& report);

// The history as an ask sees it now: shared blocks and copies of the open trials.
History snapshot(const StudyLoop& loop);

// The lowest slot of the study that no running attempt has.
int free_slot(const engine::Study& study);

}  // namespace hpo::loop
