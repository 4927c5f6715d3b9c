// Questions to strategies: on the compute pool, one at a time for each study, beside everything
// else. The answer waits in StudyLoop::ready until slots want it. Engine strand.
#pragma once

#include <functional>
#include <memory>

#include "daemon/loop/group_commit.hpp"
#include "daemon/loop/loop_config.hpp"
#include "daemon/store/reader.hpp"

namespace hpo::loop {

using hpo::StrategyFinder;
using ReaderFactory = std::function<Result<std::unique_ptr<store::Reader>>()>;

class Asks {
 public:
  Asks(const LoopConfig& config, Threads& threads, Ledger& ledger, GroupCommit& commits,
       ReaderFactory readers, StrategyFinder strategies)
      : config_(config), threads_(threads), ledger_(ledger), commits_(commits),
        readers_(std::move(readers)), strategies_(std::move(strategies)) {}

  // Does nothing while a question is open or proposals are ready. Reads the history first, once.
  void ask(StudyLoop& loop, const engine::Ask& wanted);

 private:
  void read_history(StudyLoop& loop);
  Result<void> make_strategy(StudyLoop& loop);
  std::shared_ptr<Strategy> shared(std::unique_ptr<Strategy> strategy, Pace pace);
  void put_question(StudyLoop& loop, const engine::Ask& wanted);
  void history_read(std::int64_t study, std::uint64_t number, Result<History> history);
  void answered(std::int64_t study, std::uint64_t number, const Suggestion& suggestion,
                Result<Proposals> answer);
  Result<void> take(StudyLoop& loop, const Suggestion& suggestion, const Proposals& answer);
  void watch(std::int64_t study, std::uint64_t number);
  void pause(std::int64_t study, StudyReason reason, std::string detail);

  const LoopConfig& config_;
  Threads& threads_;
  Ledger& ledger_;
  GroupCommit& commits_;
  ReaderFactory readers_;
  StrategyFinder strategies_;
};

}  // namespace hpo::loop
