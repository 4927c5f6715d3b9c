// Questions to strategies, beside everything else: one at a time for each study. Engine strand.
//
// **Ready proposals.** A question is put as soon as the last batch is wholly stored, for as many
// trials as may start, or for one if none may: so a slot that falls free finds a proposal, and the
// result, the next trial and its intent row are one COMMIT. More are not held: each would know one
// result less. That the batch is computed within half of the deadline bounds it too. Strategies
// that learn nothing from results are asked for many at once: a question costs as much as a COMMIT.
//
// **Too old.** A ready proposal is outdated when a trial has finished since it was asked for, if
// its strategy learns from results; it is asked for anew at once, and the older one stays until
// then. A slot takes an outdated one at once if trials are short. If they have their slots for 100
// deadlines or more on average, it waits for the fresh one, up to the deadline: 1 % of its time at
// most, for a search that knows all results.
//
// **The deadline.** A slot that waits for nothing but a proposal for `ask_deadline` gets the
// outdated one, else one of the stand-in, a strategy that answers at once, under the same first
// number, and so do all slots that wait beside it; but a user's own program is waited for. What was
// asked for is void then (its numbers are taken); the strategy works on to its end, so its cache
// has what it learnt, and is asked again. The trial says who answered for whom.
// While the history is being read there is no deadline: the stand-in needs it too.
//
// **Fits.** From `fit_beside_least` finished trials and values at rungs on, a strategy whose fits
// take long has them made beside its asks, by another object: an ask uses those that are known when
// it is put, and its suggestion's model_seq says so. After a restart the first asks do without,
// until they are made.
//
// Whatever the timing was, the suggestion's row tells who was asked for what with which history,
// so that a replay asks the same. **Memory.** A strategy is a cache: those least recently used are
// dropped while all keep more than `model_bytes_max`, by their own estimates.
#pragma once

#include <functional>
#include <memory>

#include "daemon/loop/ask_board.hpp"
#include "daemon/loop/asked.hpp"
#include "daemon/loop/group_commit.hpp"
#include "daemon/loop/loop_config.hpp"
#include "daemon/store/reader.hpp"

namespace hpo::loop {

using hpo::StrategyFinder;
using ReaderFactory = std::function<Result<std::unique_ptr<store::Reader>>()>;

// Tells an ask with which fits it is to answer.
void set_model(const StudyLoop& loop, std::size_t beside_least, History& history);

class Asks {
 public:
  Asks(const LoopConfig& config, Threads& threads, Ledger& ledger, GroupCommit& commits,
       ReaderFactory readers, StrategyFinder strategies)
      : config_(config), threads_(threads), ledger_(ledger), commits_(commits),
        readers_(std::move(readers)), strategies_(std::move(strategies)) {}

  // Puts the question if there is none, and sets the deadline of a slot that waits. Reads the
  // history first, once.
  void ask(StudyLoop& loop, const engine::Ask& wanted);

  AskBoard& board() { return board_; }
  const AskBoard& board() const { return board_; }  // of_study(): any thread

 private:
  void read_history(StudyLoop& loop);
  Result<History> read(std::int64_t study, const SearchSpace& space,
                       const std::vector<std::int64_t>& rungs, std::int64_t limit) const;
  void history_read(std::int64_t study, std::uint64_t number, Result<History> history);
  Result<void> make_strategy(StudyLoop& loop);
  std::shared_ptr<Strategy> shared(std::unique_ptr<Strategy> strategy, Pace pace);
  void put_question(StudyLoop& loop, const engine::Ask& wanted);
  int batch_of(const StudyLoop& loop, const engine::Ask& ask) const;
  void answered(Asked asked);
  Result<void> take(StudyLoop& loop, const Asked& asked);
  void watch(std::int64_t study, std::uint64_t number);
  void pause(std::int64_t study, StudyReason reason, std::string detail);
  void keep_within_memory(const StudyLoop& in_use);

  void fit(StudyLoop& loop);
  void fitted(std::int64_t study, Result<std::shared_ptr<const Strategy::Fits>> fits);

  void set_deadline(StudyLoop& loop);
  void deadline_passed(std::int64_t study, std::uint64_t wait);
  void let_stand_in(StudyLoop& loop, const engine::Ask& wanted);
  void stood_in(Asked asked);

  const LoopConfig& config_;
  Threads& threads_;
  Ledger& ledger_;
  GroupCommit& commits_;
  ReaderFactory readers_;
  StrategyFinder strategies_;
  AskBoard board_{};
  std::uint64_t questions_ = 0;  // of all studies: a study that is reopened gets no old answer
};

}  // namespace hpo::loop
