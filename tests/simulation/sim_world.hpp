// The world outside the daemon: jobs that run, end, vanish or answer unclearly, and go on when
// the daemon dies. It keeps score of what must never happen.
#pragma once

#include <map>
#include <string>
#include <vector>

#include "executors/executor.hpp"
#include "tests/simulation/sim_threads.hpp"

namespace hpo::sim {

// How often each fault is injected, as a probability for each occasion.
struct Faults {
  double submit_unclear = 0.0;       // accepted, but the answer is lost
  double submit_unclear_not = 0.0;   // not accepted, and the answer is lost
  double submit_unavailable = 0.0;
  double submit_rejected = 0.0;
  double poll_fails = 0.0;
  double find_fails = 0.0;
  double job_fails = 0.0;
  double job_asks_retry = 0.0;
  double job_vanishes = 0.0;         // ends without a word
  double job_returns = 0.0;          // of those that vanish: a result comes late after all
  double job_infeasible = 0.0;
};

// The bugs that a checker must find (design §10), of the executor's side.
struct ExecutorBugs {
  bool skips_claim = false;
  bool finds_nothing = false;        // resubmit without search
};

class World {
 public:
  World(Chance& chance, Faults faults, ExecutorBugs bugs)
      : chance_(chance), faults_(faults), bugs_(bugs) {}

  struct Job {
    std::string name{};
    std::string attempt{};           // study/trial/attempt
    std::string trial{};             // study/trial
    std::int64_t start_ns = 0;
    std::int64_t end_ns = 0;
    bool has_claim = false;
    bool vanishes = false;
    std::int64_t returns_ns = 0;     // 0: never
    Outcome outcome{};
  };

  std::unique_ptr<Executor> executor(loop::Threads& threads);

  void fail_call(int number) { failing_call_ = number; }  // of the executor; 0: none
  bool fails_now() { return ++calls_ == failing_call_; }
  bool has_failed() const { return failing_call_ > 0 && calls_ >= failing_call_; }

  Chance& chance() { return chance_; }
  const Faults& faults() const { return faults_; }
  const ExecutorBugs& bugs() const { return bugs_; }
  void count(const std::string& what) { ++counts_[what]; }
  const std::map<std::string, int>& counts() const { return counts_; }

  Job* find(const std::string& name);
  Job* holder(const std::string& attempt);  // of the attempt's claim
  void start(const JobRequest& request, std::int64_t now_ns);

  // What must never have happened, in words; empty: all is well.
  std::vector<std::string> violations() const { return violations_; }
  const std::map<std::string, Job>& jobs() const { return jobs_; }
  int trainings() const { return trainings_; }  // how often user code was begun

 private:
  void check_start(const Job& job, std::int64_t now_ns);

  Chance& chance_;
  Faults faults_;
  ExecutorBugs bugs_;
  std::map<std::string, Job> jobs_{};
  std::map<std::string, int> counts_{};
  std::vector<std::string> violations_{};
  int trainings_ = 0;
  int calls_ = 0;
  int failing_call_ = 0;
};

// The value that every training of these params gives: a restart must not change it.
double value_of(const std::string& params);

}  // namespace hpo::sim
