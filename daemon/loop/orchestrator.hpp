// The orchestrator: all studies of this daemon, from command to COMMIT to what follows from it.
//
// Wires the parts: GroupCommit decides when, CommandHandlers and Jobs and Asks say what, the
// Dispatcher turns plans into events. Everything but what CommandSink declares is on
// the engine strand.
#pragma once

#include <atomic>
#include <functional>
#include <memory>
#include <vector>

#include "daemon/loop/asks.hpp"
#include "daemon/loop/command_handlers.hpp"
#include "daemon/loop/commands.hpp"
#include "daemon/loop/disk_guard.hpp"
#include "daemon/loop/dispatcher.hpp"
#include "daemon/loop/group_commit.hpp"
#include "daemon/loop/jobs.hpp"
#include "daemon/loop/pulls.hpp"
#include "daemon/loop/recommendations.hpp"

namespace hpo::loop {

class Orchestrator final : public CommandSink {
 public:
  struct Parts {
    LoopConfig config{};
    std::unique_ptr<store::Store> store{};
    Executors executors{};
    ReaderFactory readers{};
    // Before each COMMIT: whether the database is still this daemon's. Empty: it is.
    std::function<Result<void>()> holds{};
    // The process must end: what a COMMIT did is unknown. The next start decides from disk.
    std::function<void(const Error&)> fatal{};
    std::function<void(std::string_view level, const std::string& line)> log{};
    StrategyFinder strategies = find_strategy;
  };
  Orchestrator(Parts parts, Threads& threads);

  // Loads the unfinished studies and begins. REQUIRES: called once, on the engine strand.
  Result<void> start();

  // From now on no trial is started; commands are still answered.
  void stop_starts();

  // No starts and no more commands; then a last checkpoint. `done` is called on the engine strand.
  void stop(std::function<void()> done);

  void job_files_seen(std::vector<std::string> names);  // from ended/; engine strand

  void post(Command command, Done done) override;
  Health health() const override;
  std::vector<Wait> waits(const std::string& study) const override {
    return jobs_.waits().of_study(study);
  }
  std::string wait_of(const std::string& study, int trial) const override {
    return jobs_.waits().of_trial(study, trial);
  }
  int unheard(const std::string& study) const override { return leases_.unheard(study); }
  int loading(const std::string& study) const override { return leases_.loading(study); }
  Asks asks(const std::string& study) const override { return asks_.board().of_study(study); }
  void wait_for_event(std::int64_t after_seq, int wait_ms, std::function<void()> wake) override;

 private:
  std::optional<Error> refusal() const;
  void enter(Command command, Done done);
  struct Question;
  void put(const std::shared_ptr<const Question>& question);
  void settled(const std::shared_ptr<const Question>& question, Result<Reply> reply);
  void after_commit(const Ledger::Outcome& outcome);
  void carry_out(StudyLoop& loop);
  void bound_wal();
  void set_deadline(StudyLoop& loop);
  void no_space(const Error& error);
  void look_for_space();
  void publish(std::int64_t seq);
  void every(std::chrono::nanoseconds interval, Work work);

  Parts parts_;
  Threads& threads_;
  Ledger ledger_;
  GroupCommit commits_;
  Reports reports_;
  LeftSteps left_steps_;
  Jobs jobs_;
  loop::Asks asks_;
  Recommendations recommendations_;
  Ready ready_;
  Leases leases_;
  Pulls pulls_;
  Dispatcher dispatcher_;
  DiskGuard disk_;
  bool may_start_ = true;
  bool is_stopping_ = false;

  struct Waiter { std::int64_t after_seq = 0; std::shared_ptr<std::function<void()>> wake{}; };
  std::vector<Waiter> waiters_{};
  std::int64_t started_ns_ = 0;
  std::atomic<std::int64_t> last_event_seq_{0};
  std::atomic<std::size_t> inbox_size_{0};
  std::atomic<bool> is_ready_{false};
  std::atomic<bool> is_full_{false};
};

}  // namespace hpo::loop
