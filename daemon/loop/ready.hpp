// Proposals that are ready: whether one may be taken now, and the trial that it becomes.
//
// See asks.hpp for when one is too old. Engine strand.
#pragma once

#include "daemon/loop/ask_board.hpp"
#include "daemon/loop/ledger.hpp"
#include "daemon/loop/loop_config.hpp"

namespace hpo::loop {

class Ready {
 public:
  Ready(const LoopConfig& config, Threads& threads, Ledger& ledger, AskBoard& board)
      : config_(config), threads_(threads), ledger_(ledger), board_(board) {}

  bool may_take(const StudyLoop& loop) const;

  // The new trial's number. REQUIRES: may_take()
  Result<int> create_trial(StudyLoop& loop);

 private:
  const LoopConfig& config_;
  Threads& threads_;
  Ledger& ledger_;
  AskBoard& board_;
};

}  // namespace hpo::loop
