// The part of dispatcher.hpp that starts worker jobs, before trials take the slots of this node.
#include "daemon/loop/dispatcher.hpp"
#include "daemon/loop/job_request.hpp"

namespace hpo::loop {

// Those that lack a slot, or would be impolite, are looked at again in the next batch.
Result<void> Dispatcher::start_workers() {
  for (auto it = short_of_workers_.begin(); it != short_of_workers_.end();) {
    StudyLoop* loop = ledger_.get(*it);
    const auto has_all = loop ? start_workers_of(*loop) : Result<bool>(true);
    if (!has_all) return has_all.error();
    it = *has_all ? short_of_workers_.erase(it) : std::next(it);
  }
  return {};
}

// False: some had to wait.
Result<bool> Dispatcher::start_workers_of(StudyLoop& loop) {
  const StudySpec& spec = loop.spec();
  for (const engine::Action& action : engine::plan(loop.study)) {
    const auto* start = std::get_if<engine::StartWorker>(&action);
    if (!start) continue;
    const bool is_again = loop.study.workers.contains(start->worker);  // it has kept its slots
    if (!has_resources_for_worker(loop, is_again)) return false;
    const int gpus = spec.executor.gpus * spec.slots_per_worker();
    auto devices = is_again ? loop.study.workers.at(start->worker).attempt.devices
                            : free_devices(spec.executor, gpus);
    started_.push_back({loop.id(), {.is_worker = true, .number = start->worker}});
    auto recorded = ledger_.record(
        loop, WorkerSubmitting{start->worker, worker_job_name(installation_, start->worker),
                               job_name(installation_, threads_.random_bits()),
                               std::move(devices)});
    if (!recorded) return recorded.error();
  }
  return true;
}

bool Dispatcher::has_resources_for_worker(const StudyLoop& loop, bool is_again) const {
  const ExecutorSpec& executor = loop.spec().executor;
  if (!jobs_.may_submit(loop)) return false;
  if (!config_.rules_of(executor.type).is_on_this_node) return !has_started_one(executor.type);
  if (is_again) return true;
  const int slots = loop.spec().slots_per_worker();
  const int taken = static_cast<int>(ledger_.devices_taken().size());
  return slots_taken() + slots <= config_.slots_max &&
         (executor.gpus == 0 || taken + executor.gpus * slots <= config_.devices);
}

}  // namespace hpo::loop
