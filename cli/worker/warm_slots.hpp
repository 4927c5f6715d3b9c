// The slots of warm trainings: one forked process each, which carries out trial after trial.
//
// It keeps the study's script (runner::WarmServer), and takes one trial after another by a pipe;
// all slots tell by one pipe what became of them. A slot ends, and its script with it, when its
// pipe does: at the latest when the worker dies. One thread.
#pragma once

#include <map>
#include <string>
#include <vector>

#include "executors/runner/fd.hpp"
#include "schema/result.hpp"

namespace hpo::cli::worker {

class WarmSlots {
 public:
  // `logs`: begins the path of what the scripts print; "-SLOT.log" ends it.
  explicit WarmSlots(std::string logs) : logs_(std::move(logs)) {}
  ~WarmSlots();  // waits for the ends of those whose trials have ended, ≤ 5 s
  WarmSlots(const WarmSlots&) = delete;
  WarmSlots& operator=(const WarmSlots&) = delete;

  // Hands an attempt's directory to the slot; returns its pid, the claim's. Forks it where none
  // lives. REQUIRES: the slot's last attempt has ended.
  Result<int> launch(int slot, const std::string& directory);

  enum class Said : int {
    begins,  // from now on SIGTERM means this trial, and no other one
    waits,   // the script has loaded for long, and is not ready for it
    ready,   // it waits no more
    over
  };
  struct Note {
    int pid = 0;  // of the slot
    Said said = Said::begins;
  };
  std::vector<Note> take_notes();  // since the last call
  int fd() const { return notes_.read.get(); }  // readable: there are some; -1: there are no slots

  void forget(int pid);  // it was reaped, whoever it is
  bool has(int pid) const;

 private:
  struct Slot {
    int pid = 0;
    runner::Fd orders{};
    int trial = 0;  // of this worker's, counted from 1: what its notes name
  };
  Result<void> start(int number, Slot& slot);
  std::string log_of(int number) const { return logs_ + "-" + std::to_string(number) + ".log"; }

  std::string logs_{};
  runner::Pipe notes_{};
  std::map<int, Slot> slots_{};
  int trials_ = 0;
};

}  // namespace hpo::cli::worker
