// Carries the plan into events: ends, pauses, drops, and who gets the free slots of this node.
//
// Called inside the transaction, after the entries and before COMMIT, so that a result, the next
// proposal and its intent row are one COMMIT. Engine strand.
#pragma once

#include <optional>
#include <set>
#include <vector>

#include "daemon/loop/jobs.hpp"
#include "daemon/loop/ready.hpp"
#include "daemon/loop/reports.hpp"

namespace hpo::loop {

class Dispatcher {
 public:
  Dispatcher(const LoopConfig& config, Threads& threads, Ledger& ledger, Jobs& jobs,
             Ready& ready, Reports& reports, std::string installation)
      : config_(config), threads_(threads), ledger_(ledger), jobs_(jobs), ready_(ready),
        reports_(reports), installation_(std::move(installation)) {}

  // Records what is due. `may_start` is false while the disk is full.
  Result<void> dispatch(bool may_start);

  struct Started { std::int64_t study = 0; Owner owner{}; };
  std::vector<Started> take_started() { return std::exchange(started_, {}); }

 private:
  Result<void> settle(StudyLoop& loop);
  Result<bool> settle_once(StudyLoop& loop);
  Result<bool> settle_action(StudyLoop& loop, const engine::Action& action);
  Result<void> start_workers();
  Result<bool> start_workers_of(StudyLoop& loop);
  bool has_resources_for_worker(const StudyLoop& loop, bool is_again) const;
  Result<void> fill_slots();
  enum class Lack { nothing, proposal, work };  // what a slot of the study's would wait for
  struct Look {  // at a study's plan
    Lack lack = Lack::work;
    std::optional<engine::Start> start{};  // due before any new trial
    int wanted = 0;                        // proposals
  };
  Look look_at(const StudyLoop& loop) const;
  Look look_at_pulls(const StudyLoop& loop) const;
  void note_wait(StudyLoop& loop, Lack lack, int wanted);
  std::size_t waiting_slots(const StudyLoop& loop, int wanted) const;
  bool has_resources(const StudyLoop& loop, const std::optional<engine::Start>& start,
                     bool has_slot) const;  // of this node
  bool has_started_one(const std::string& executor) const;
  int slots_taken() const;
  std::vector<int> free_devices(const ExecutorSpec& executor, int count) const;
  Result<void> start_next(StudyLoop& loop);
  Result<void> start(StudyLoop& loop, const engine::Start& start);

  const LoopConfig& config_;
  Threads& threads_;
  Ledger& ledger_;
  Jobs& jobs_;
  Ready& ready_;
  Reports& reports_;
  std::string installation_;
  std::vector<Started> started_{};
  std::set<std::int64_t> short_of_workers_{};  // studies that would start worker jobs
  std::set<std::int64_t> hungry_{};  // studies that would start trials, had they slots or proposals
};

}  // namespace hpo::loop
