// The runners of a worker: one forked process per training, or per slot where trainings are warm,
// which carries out the attempt as `hpo exec DIR` does, without executing a program for it.
//
// A runner is told to end when its worker dies (PR_SET_PDEATHSIG, SIGTERM), so that it still ends
// all that its training has started. exit.json is the durable copy of each end. One thread.
#pragma once

#include <map>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "cli/worker/assignment.hpp"
#include "cli/worker/held_steps.hpp"
#include "cli/worker/kept_steps.hpp"
#include "cli/worker/warm_slots.hpp"

namespace hpo::cli::worker {

class Attempts {
 public:
  Attempts(Work work, const std::string& worker);

  // The directory of the attempt, then its runner. Error: this machine cannot; nothing has begun.
  Result<void> prepare(const LeasedTrial& trial, int slot, const std::vector<int>& devices);
  Result<void> launch(const LeasedTrial& trial, int slot);

  // SIGTERM to its runner, which tells the training and waits out the study's grace.
  void stop(LeaseKey key);

  // Those whose runners have ended since, each once. Call after SIGCHLD, and when fd() is
  // readable.
  std::vector<EndedTrial> reap();

  // Whose warm scripts have loaded for long, and are not ready for them.
  std::set<LeaseKey> loading() const;

  int fd() const { return slots_ ? slots_->fd() : -1; }

  // SIGKILL to all trainings; their runners then end by themselves.
  void kill_trainings() const;

  std::string metrics_path(const LeasedTrial& trial) const;
  std::optional<KeptSteps> kept_steps(const LeasedTrial& trial) const;  // nullopt: tell them all

  // What earlier attempts of the trial wrote in directories that are seen here, by step; of one
  // that several wrote, the newest. The daemon has most of them; a worker that lost its lease told
  // none of what came later, and has perhaps saved the checkpoint that this attempt goes on from.
  HeldSteps earlier_steps(const LeasedTrial& trial) const;
  std::size_t count() const { return runners_.size(); }

 private:
  struct Runner {
    LeasedTrial trial{};
    bool hears = true;  // of a warm slot: SIGTERM would be taken for this trial's
    bool is_told = false;
    bool waits = false;  // for a warm script that has loaded for long
  };
  Outcome outcome_of(const LeasedTrial& trial, int pid) const;
  void take_notes(std::vector<EndedTrial>& ended);
  void note_end(int pid, std::vector<EndedTrial>& ended);

  Work work_{};
  std::map<int, Runner> runners_{};  // by pid, which stays theirs until we reap them
  std::optional<WarmSlots> slots_{};
};

}  // namespace hpo::cli::worker
