// What a training wrote into its metrics file and nobody told: its worker was killed, or cut off.
//
// Where this daemon sees that file, it is read when the attempt is about to be given up, so that
// the trial's curve has no hole, whoever goes on with it, if anybody does. What is not seen here (a
// worker's own directory) or comes later, whoever goes on with it there tells. One file at a time,
// of which a bounded part is read, on a thread of its own: if the file system hangs, attempts are
// given up without. Engine strand.
#pragma once

#include <deque>
#include <vector>

#include "daemon/loop/group_commit.hpp"
#include "daemon/loop/loop_config.hpp"
#include "daemon/loop/reports.hpp"
#include "executors/executor.hpp"

namespace hpo::loop {

class LeftSteps {
 public:
  LeftSteps(const LoopConfig& config, Threads& threads, store::Store& store, Ledger& ledger,
            GroupCommit& commits, Reports& reports)
      : config_(config), threads_(threads), store_(store), ledger_(ledger), commits_(commits),
        reports_(reports) {}

  static constexpr std::chrono::seconds patience{10};  // for one file

  // Tells them as the attempt's own if it still holds the trial then; after that, `then` is called
  // in any case. REQUIRES: the trial's attempt is a worker's, and under way
  void tell(const StudyLoop& loop, int trial, Work then);

 private:
  struct Wish {
    std::int64_t study = 0;
    int trial = 0;
    std::int64_t fence = 0;
    Job job{};
    Work then{};
  };
  void read_next();
  void give_up();
  void read(std::vector<StepTold> steps);
  Result<void> keep(const Wish& wish, const std::vector<StepTold>& steps);

  const LoopConfig& config_;
  Threads& threads_;
  store::Store& store_;
  Ledger& ledger_;
  GroupCommit& commits_;
  Reports& reports_;
  std::deque<Wish> wishes_{};  // the first one's file is being read, if is_reading_
  std::uint64_t reading_ = 0;  // the number of this reading
  bool is_reading_ = false;
  bool is_stuck_ = false;      // the thread has not come back
};

}  // namespace hpo::loop
