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
#include "schema/history.hpp"
#include "strategies/recommender.hpp"
#include "strategies/strategy.hpp"

namespace hpo::loop {

// What is under way with the executor for one running trial; lost at a restart, harmlessly.
struct Flight {
  std::string job{};            // of the attempt; a newer job starts a new flight
  bool is_called = false;       // a submit, find or cancel has not returned yet
  std::int64_t absent_ns = 0;   // between looks that were answered and did not find it
  std::optional<std::int64_t> absent_seen_ns{};  // the last of them, if the last look was one
  std::int64_t locate_not_before_ns = 0;
  std::int64_t cancel_not_before_ns = 0;
};

// An executor that cannot take a study's jobs now is asked again later, each time after a longer
// wait; other studies may fare better, as in another partition.
struct PutOff {
  std::int64_t until_ns = 0;  // monotonic
  int refusals = 0;           // in a row
};

struct StudyLoop {
  engine::Study study{};
  std::int64_t counted_ns = 0;   // monotonic; `spent` has been counted up to here

  // The strategy and its answers.
  StrategyEntry entry{};
  std::shared_ptr<Strategy> strategy{};
  std::deque<Proposal> ready{};  // of one batch; the first is for trial progress.created
  Suggestion suggestion{};       // of that batch
  bool is_asking = false;
  std::uint64_t ask_number = 0;  // an answer to an older ask is void
  int waits_at = -1;             // finished trials when the strategy had nothing to propose

  // The history, read at the first ask. What finishes while it is being read waits in `news`.
  std::shared_ptr<History> history{};
  bool is_reading = false;
  struct News { FinishedTrial trial{}; Values values{}; };
  std::vector<News> news{};

  // Of a study with much noise.
  std::shared_ptr<Recommender> recommender{};
  bool is_recommending = false;

  std::map<int, Flight> flights{};  // by trial number
  PutOff put_off{};
  std::int64_t next_submit_ns = 0;  // monotonic: its own `submit_rate`
  std::set<int> with_lost{};        // trials with an attempt that was given up; some have finished
  bool is_deadline_set = false;     // a timer for budget.time is running

  std::int64_t id() const { return study.id; }
  const StudySpec& spec() const { return *study.spec; }
  bool is_running() const { return study.progress.state == StudyState::running; }
};

// Throws away what is ready and what is being asked for: its numbers go to other trials.
void drop_proposals(StudyLoop& loop);

// Adds a finished trial to the history, or keeps it until the history has been read.
void learn(StudyLoop& loop, const Trial& trial);

// The history as an ask sees it now: shared blocks and copies of the open trials.
History snapshot(const StudyLoop& loop);

// The lowest slot of the study that no running attempt has.
int free_slot(const engine::Study& study);

}  // namespace hpo::loop
