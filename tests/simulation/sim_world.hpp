// The world outside the daemon: jobs that wait, run, end, vanish or answer unclearly, and go on
// when the daemon dies. It keeps score of what must never happen.
#pragma once

#include <map>
#include <memory>
#include <set>
#include <string>
#include <vector>

#include "executors/executor.hpp"
#include "tests/simulation/sim_faults.hpp"
#include "tests/simulation/sim_threads.hpp"

namespace hpo::sim {

// The bugs that a checker must find, of the executor's side.
struct ExecutorBugs {
  bool skips_claim = false;
  bool finds_nothing = false;        // resubmit without search
  bool buries_living_workers = false;  // tells of worker jobs that run that they have ended
  bool hides_dead_workers = false;     // and of those that have ended, that they run
};

// One planned fault, at the n-th call of the executor or the n-th submission; 0: none.
struct CallFault {
  enum class Kind {
    fails, kills_before, kills_after,                                // of all calls
    submit_refused, submit_unclear, submit_late, job_comes_back      // of submissions
  };
  Kind kind = Kind::fails;
  int at = 0;
};

struct Limits {
  int of_study = 1;  // trainings at once
  int of_node = 1;
  int workers_of_study = 0;
};

class World {
 public:
  struct Job {
    std::string name{};
    std::string attempt{};           // study/trial/attempt
    std::string trial{};             // study/trial
    std::string study{};
    std::int64_t visible_ns = 0;     // from here on the batch system knows it
    std::int64_t begin_ns = 0;       // and from here on it wants the claim
    std::int64_t end_ns = 0;
    bool has_begun = false;
    bool has_claim = false;
    bool is_withdrawn = false;       // cancelled before it began
    bool vanishes = false;
    bool is_pulled = false;          // a worker's: vanishes until the daemon said that it has it
    std::string worker{};            // of a worker job: what its process is called
    int slots = 0;                   // and how many trainings it has side by side
    std::int64_t returns_ns = 0;     // 0: never
    std::int64_t absent_ns = 0;      // when the daemon was first told, truly, that it is absent
    Outcome outcome{};

    bool runs_at(std::int64_t at_ns) const {
      return has_claim && begin_ns <= at_ns && at_ns < end_ns;
    }
  };

  World(Chance& chance, Faults faults, ExecutorBugs bugs, Limits limits)
      : chance_(chance), faults_(faults), bugs_(bugs), limits_(limits) {}

  std::unique_ptr<Executor> executor(loop::Threads& threads);

  void plan(CallFault fault) { planned_ = fault; }
  bool is_due(CallFault::Kind kind);  // call once for each occasion
  bool has_fired() const { return has_fired_; }
  void take_turns() { is_in_turn_ = true; }  // each kind of end once, instead of by chance

  bool happens(FaultKind kind);       // drawn, and counted
  bool waits_in_queue();
  const ExecutorBugs& bugs() const { return bugs_; }
  void count(const std::string& what) { ++counts_[what]; }
  const std::map<std::string, int>& counts() const { return counts_; }

  enum class Arrival { at_once, queued, late };
  void submit(const JobRequest& request, std::int64_t now_ns, Arrival arrival);
  JobStatus status(const std::string& name, std::int64_t now_ns);
  void cancel(const std::string& name, std::int64_t now_ns);
  void advance(std::int64_t now_ns);  // begins what is due

  // Worker jobs end when the worker says so, or by what befalls them.
  bool runs(const std::string& job, std::int64_t now_ns) const;
  std::vector<const Job*> running_workers(std::int64_t now_ns) const;
  void end_worker(const std::string& job, const Outcome& outcome, std::int64_t now_ns);

  // A worker begins a trial that it has pulled: how that will end. Its end; and when the daemon has
  // said that it has that.
  Outcome begin_pulled(Job job, const std::string& params);
  void end_pulled(const std::string& job, const Outcome& outcome);
  void keep_pulled(const std::string& job);
  void keep_step(const std::string& trial, std::int64_t step) { steps_.insert({trial, step}); }
  void note_poll(std::int64_t now_ns) { polls_ns_.push_back(now_ns); }  // that was answered
  // The daemon died, or its disk refused something: what it was just told may be forgotten.
  void note_trouble(std::int64_t now_ns) { troubles_ns_.push_back(now_ns); }

  // What must never have happened, in words; empty: all is well.
  std::vector<std::string> violations() const { return violations_; }
  const std::map<std::string, Job>& jobs() const { return jobs_; }
  const std::vector<std::int64_t>& troubles_ns() const { return troubles_ns_; }
  const std::vector<std::int64_t>& polls_ns() const { return polls_ns_; }
  // That the daemon said it has, by trial.
  const std::set<std::pair<std::string, std::int64_t>>& steps() const { return steps_; }
  int trainings() const { return trainings_; }  // how often user code was begun

 private:
  void begin(Job& job);
  void check_begin(const Job& job);
  void check_begin_of_training(const Job& job);
  void check_begin_of_worker(const Job& job);
  void check_submission(const Job& job, std::int64_t now_ns);
  void end_predecessors(const JobRequest& request, const Job& job, std::int64_t now_ns);
  Job* find(const std::string& name);
  Job* holder(const std::string& attempt);  // of the attempt's claim
  void become_worker(Job& job, const JobRequest& request);
  JobStatus true_status(const std::string& name, std::int64_t now_ns);
  Outcome draw_outcome(const std::string& params);
  Outcome failure(int which) const;

  Chance& chance_;
  Faults faults_;
  ExecutorBugs bugs_;
  Limits limits_;
  CallFault planned_{};
  bool has_fired_ = false;
  bool is_in_turn_ = false;
  std::map<CallFault::Kind, int> occasions_{};
  std::map<std::string, Job> jobs_{};
  std::map<std::string, int> counts_{};
  std::vector<std::string> violations_{};
  std::vector<std::int64_t> polls_ns_{};
  std::vector<std::int64_t> troubles_ns_{};
  std::set<std::pair<std::string, std::int64_t>> steps_{};
  int trainings_ = 0;
};

// The value that every training of these params gives: a restart must not change it.
double value_of(const std::string& params);

}  // namespace hpo::sim
