// The engine: what is true about a study, and what should happen next.
//
// Two pure functions and no I/O, clock, log or random source. apply() folds one event into the
// state. plan() reads the state and lists what is due. Restart is not special: load, then plan.
// Engine strand only.
//
//   study    running ⇄ paused;  running, paused → cancelling → cancelled
//            running → finished | failed;  ended → running (reopened by retry)
//   trial    waiting → running → completed | pruned | infeasible | failed | cancelled
//            running → waiting through a closed attempt
//            waiting → cancelled, or completed | pruned | infeasible by a late result
//            running → paused → waiting | pruned | cancelled, where a pruner promotes; or, by a
//            late result, completed | infeasible
//            waiting, leased by a worker or not; a lease gives it to that worker alone
//   attempt  → running, at once, by a worker
//            submitting → submitted | running | rejected | absent | unknown
//            unknown → submitted | running | rejected | absent
//            absent → submitting (same attempt, new job name);  submitted → running
//            all with a job → succeeded | failed | lost | cancelled;  lost → late
//   worker   as an attempt, of a study that has worker jobs, but for these: no worker begins one,
//            an absent one may be cancelled, and of one that is lost nothing more is awaited
#pragma once

#include <map>
#include <memory>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "schema/event.hpp"
#include "schema/result.hpp"
#include "schema/study.hpp"
#include "schema/trial.hpp"

namespace hpo::engine {

// The columns of `studies` that change: all that is known of finished trials without reading them.
struct Progress {
  StudyState state = StudyState::running;
  StudyReason reason = StudyReason::none;
  std::string detail{};
  bool exhausted = false;     // the strategy has nothing left to propose
  int created = 0;            // trials ever; the next trial's number
  int completed = 0;
  int pruned = 0;
  int infeasible = 0;
  int failed = 0;
  int cancelled = 0;
  int stand_ins = 0;          // trials that another strategy proposed, as the own one was late
  int trials_more = 0;        // beyond budget.trials: one for each retried trial; below it for
                              // those of a cancelled study, whose search does not go on
  int failures_forgiven = 0;  // failed trials that a retry took off max_failures
  int attempts = 0;
  int workers = 0;            // worker jobs ever; the next one's number
  int workers_in_vain = 0;    // that ended before they asked for a trial, since one last did
  std::string worker_end{};   // what the last worker job died of, until another one asks
  int failures_alike = 0;     // attempts that failed alike since the start or the last resume
  std::string failure_signature{};  // what "alike" means: class, exit code, signal
  std::optional<int> best_trial{};
  std::optional<double> best_value{};
  int finished_since_best = 0;
  std::optional<int> recommended_trial{};  // with much noise: the best one on average
  std::optional<double> recommended_value{};
  int recommended_at = 0;     // finished trials that it is the best of
  std::int64_t spent_ns = 0;  // monotonic time running, of the budget's `time`
  std::int64_t spent_node_ms = 0;  // of ended attempts on a batch system, of `node_hours`
  std::int64_t created_ns = 0;
  std::int64_t started_ns = 0;
  std::int64_t ended_ns = 0;
  friend bool operator==(const Progress&, const Progress&) = default;

  int finished() const { return completed + pruned + infeasible + failed + cancelled; }
};

struct LiveTrial {
  Trial trial{};
  std::optional<Attempt> attempt{};  // the latest; of a running trial it is live or absent
  std::vector<Attempt> lost{};       // given up, by number: a result may still come, or came late
  friend bool operator==(const LiveTrial&, const LiveTrial&) = default;
};

struct Study {
  std::int64_t id = 0;
  std::shared_ptr<const StudySpec> spec{};
  Progress progress{};
  std::map<int, LiveTrial> open{};  // waiting, running and paused trials by number
  std::set<int> waiting{};          // those of them that wait: 10⁵ may, so plan never walks them
  std::set<int> running{};          // those that have an attempt that is live or absent
  std::set<int> leased{};           // waiting ones that a worker has
  std::set<int> paused{};           // those that a pruner may go on with, or not
  std::map<int, WorkerJob> workers{};  // that have a job, or had a submission in vain, by number
  friend bool operator==(const Study&, const Study&) = default;

  int successes() const { return progress.completed + progress.pruned + progress.infeasible; }
  int trials_total() const { return spec->budget.trials + progress.trials_more; }
};

// Fills the sets from `open`, after loading.
void index(Study& study);

// The rows that an event changed, as they are after it: what the store writes.
struct Changes {
  std::optional<Trial> trial{};
  std::optional<Attempt> attempt{};
  std::optional<WorkerJob> worker{};
};

// Rejects events that cannot have happened (Error: corrupt); the state is unchanged then.
// O(log open trials).
Result<Changes> apply(Study& study, const Event& event);

struct Ask { int first_number = 0; int count = 0; };            // proposals, from the strategy
struct Start { int trial = 0; int attempt = 1; };               // needs a slot and a job name
struct Locate { int trial = 0; int attempt = 1; };              // was it submitted? ask by name
struct Cancel { int trial = 0; int attempt = 1; };              // its job must go
struct Pause { StudyReason reason{}; std::string detail{}; };
struct End { StudyState state{}; StudyReason reason{}; };
struct Drop { int trial = 0; };                                 // has no job: cancelled at once
struct Recommend { int finished = 0; };                         // one of so many trials, by a model
// The pruner says which paused trial goes on. Is it the last chance, all others are pruned.
struct TakeUpPaused { bool is_last = false; };
struct Prune { int trial = 0; };                                // paused, and not wanted any more
struct StartWorker { int worker = 0; };  // as Start, Locate, Cancel and Drop are of attempts
struct LocateWorker { int worker = 0; };
struct CancelWorker { int worker = 0; };
struct DropWorker { int worker = 0; };
using Action = std::variant<Ask, Start, Locate, Cancel, Pause, End, Drop, Recommend, TakeUpPaused,
                            Prune, StartWorker, LocateWorker, CancelWorker, DropWorker>;

// Idempotent: with no new event, the plan is the same. O(running trials + actions).
// The loop leaves out what it has in flight; Start and Ask it may put off for want of a slot.
std::vector<Action> plan(const Study& study);

// Of one plan: more waiting trials than this are dropped in several rounds.
inline constexpr int drops_max = 512;
// So many attempts failing alike, none having succeeded, pause the study.
inline constexpr int failures_alike_max = 3;
// So many worker jobs in a row that ended before they asked for a trial, likewise.
inline constexpr int workers_in_vain_max = 3;

// Not even the first attempt of a trial fits into what is left of budget.node_hours, whatever what
// still runs may give back.
bool has_spent_node_hours(const Study& study);

// How many trials may be started now, were there slots without end on this node.
int room(const Study& study);

// Waiting trials may begin, and new ones are wanted from the strategy. REQUIRES: it is running
bool may_begin(const Study& study);
bool wants_trials(const Study& study);

// The first waiting trial that a worker may have; nullopt: all that wait are leased.
std::optional<int> next_to_lease(const Study& study);

// How many worker jobs have something to do: no more than there are trials left.
int workers_wanted(const Study& study);

// Worker jobs that have nothing to do, and no trial: they have to go. O(leases + worker jobs)
std::set<int> workers_unwanted(const Study& study);

// The worker job that this worker's process is of; nullopt: none that lives.
std::optional<int> worker_job_of(const Study& study, std::string_view worker);

// An attempt that was given up brings `outcome`: it is the trial's first result, and counts.
bool counts_late(const LiveTrial& live, const Outcome& outcome);

// Where the latest attempt ends without a result, as `outcome` says: its trial stays open for
// another one, and what this one still brings can count. REQUIRES: the trial is running;
// outcome.failure is set
bool goes_on_without(const Study& study, const LiveTrial& live, const Outcome& outcome);

// The trial's latest attempt has to go: cancelled, pruned, or it has a result without it.
// REQUIRES: the trial is running
bool is_unwanted(const Study& study, int trial);

}  // namespace hpo::engine
