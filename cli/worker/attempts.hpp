// The runners of a worker: one forked process per training, which carries out the attempt as
// `hpo exec DIR` does, without executing a program for it.
//
// A runner is told to end when its worker dies (PR_SET_PDEATHSIG, SIGTERM), so that it still ends
// all that its training has started. exit.json is the durable copy of each end. One thread.
#pragma once

#include <map>
#include <string>
#include <vector>

#include "cli/worker/assignment.hpp"

namespace hpo::cli::worker {

class Attempts {
 public:
  explicit Attempts(Work work) : work_(std::move(work)) {}

  // The directory of the attempt, then its runner. Error: this machine cannot; nothing has begun.
  Result<void> prepare(const LeasedTrial& trial, int slot, const std::vector<int>& devices);
  Result<void> launch(const LeasedTrial& trial);

  // SIGTERM to its runner, which tells the training and waits out the study's grace.
  void stop(LeaseKey key);

  // Those whose runners have ended since, each once. Call after SIGCHLD.
  std::vector<EndedTrial> reap();

  // SIGKILL to all trainings; their runners then end by themselves.
  void kill_trainings() const;

  std::string metrics_path(const LeasedTrial& trial) const;
  std::size_t count() const { return runners_.size(); }

 private:
  Outcome outcome_of(const LeasedTrial& trial, int pid) const;

  Work work_{};
  std::map<int, LeasedTrial> runners_{};  // by pid, which stays theirs until we reap them
};

}  // namespace hpo::cli::worker
