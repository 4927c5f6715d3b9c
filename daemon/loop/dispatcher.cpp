// Asks the engine for its plan and records events until nothing is due that needs no executor.
//
// Then the free slots: each goes to the study that fair_share chooses, so a study with many waiting
// trials cannot take them all. Engine strand.
#include "daemon/loop/dispatcher.hpp"

#include <algorithm>
#include <utility>

#include "daemon/loop/job_request.hpp"

namespace hpo::loop {
namespace {

template <class A>
const A* first(const std::vector<engine::Action>& actions) {
  for (const engine::Action& action : actions) {
    if (const A* found = std::get_if<A>(&action)) return found;
  }
  return nullptr;
}

bool has_room(const engine::Study& study) {
  return engine::room(study) > static_cast<int>(study.waiting.size());
}

bool is_resubmission(const StudyLoop& loop, const engine::Start& start) {
  return loop.study.running.contains(start.trial);
}

}  // namespace

Result<void> Dispatcher::dispatch(bool may_start) {
  const std::set<std::int64_t> touched = ledger_.touched();
  for (const std::int64_t id : touched) {
    StudyLoop* loop = ledger_.get(id);
    if (!loop) continue;
    if (auto settled = settle(*loop); !settled) return settled;
    hungry_.insert(id);
    if (loop->spec().has_worker_jobs()) short_of_workers_.insert(id);
  }
  if (!may_start) return {};
  if (auto started = start_workers(); !started) return started;
  if (auto filled = fill_slots(); !filled) return filled;
  for (const std::int64_t id : touched) {  // a study may end without ever starting a trial
    StudyLoop* loop = ledger_.get(id);
    if (!loop) continue;
    if (auto settled = settle(*loop); !settled) return settled;
  }
  return {};
}

Result<void> Dispatcher::settle(StudyLoop& loop) {
  for (;;) {
    auto is_changed = settle_once(loop);
    if (!is_changed) return is_changed.error();
    if (!*is_changed) return {};
  }
}

Result<bool> Dispatcher::settle_once(StudyLoop& loop) {
  const auto actions = engine::plan(loop.study);
  bool is_changed = false;
  for (const engine::Action& action : actions) {
    auto is_settled = settle_action(loop, action);
    if (!is_settled) return is_settled;
    is_changed = is_changed || *is_settled;
  }
  return is_changed;
}

// False: it is not an event alone, or nothing has come of it.
Result<bool> Dispatcher::settle_action(StudyLoop& loop, const engine::Action& action) {
  Result<void> recorded;
  if (const auto* drop = std::get_if<engine::Drop>(&action)) {
    recorded = ledger_.record(loop, TrialCancelled{drop->trial});
  } else if (const auto* idle = std::get_if<engine::DropWorker>(&action)) {
    recorded = ledger_.record(loop, WorkerEnded{idle->worker,
                                                {.status = OutcomeStatus::cancelled}});
  } else if (const auto* prune = std::get_if<engine::Prune>(&action)) {
    recorded = ledger_.record(loop, TrialPruned{prune->trial});
  } else if (const auto* pause = std::get_if<engine::Pause>(&action)) {
    recorded = ledger_.record(loop, StudyPaused{pause->reason, pause->detail});
  } else if (const auto* end = std::get_if<engine::End>(&action)) {
    recorded = ledger_.record(loop, StudyEnded{end->state, end->reason});
  } else if (const auto* paused = std::get_if<engine::TakeUpPaused>(&action)) {
    return reports_.take_up(loop, *paused);
  } else {
    return false;
  }
  if (!recorded) return recorded.error();
  return true;
}

Result<void> Dispatcher::fill_slots() {
  for (;;) {
    const bool has_slot = slots_taken() < config_.slots_max;
    std::vector<std::int64_t> candidates;
    for (auto it = hungry_.begin(); it != hungry_.end();) {
      StudyLoop* loop = ledger_.get(*it);
      const auto [lack, start, wanted] = loop ? look_at(*loop) : Look{};
      const bool has_free = lack != Lack::work && has_resources(*loop, start, has_slot);
      const bool is_ours = loop && !loop->spec().is_pulled();  // to start
      if (lack == Lack::nothing && has_free && is_ours) candidates.push_back(*it);
      if (loop) note_wait(*loop, has_free ? lack : Lack::work, wanted);
      it = lack != Lack::work ? std::next(it) : hungry_.erase(it);
    }
    if (candidates.empty()) return {};
    const std::int64_t chosen = ledger_.shares().choose(candidates, threads_.monotonic_ns());
    if (auto started = start_next(*ledger_.get(chosen)); !started) return started;
  }
}

// Made once for each study in turn: a plan costs as much as the study has open trials.
Dispatcher::Look Dispatcher::look_at(const StudyLoop& loop) const {
  if (!loop.is_running()) return {};
  if (loop.spec().is_pulled()) return look_at_pulls(loop);
  const auto actions = engine::plan(loop.study);
  if (const auto* start = first<engine::Start>(actions)) {
    return {.lack = Lack::nothing, .start = *start, .wanted = 0};
  }
  const auto* ask = first<engine::Ask>(actions);
  if (!ask || !has_room(loop.study)) return {};
  Look look{.lack = Lack::proposal, .start = {}, .wanted = ask->count};
  const bool is_told_to_wait = loop.waits_at == loop.study.progress.finished();
  if (ready_.may_take(loop)) look.lack = Lack::nothing;
  else if (is_told_to_wait) look.lack = Lack::work;
  return look;
}

// Of a study whose trials are pulled: workers take what there is, and wait for proposals alone.
Dispatcher::Look Dispatcher::look_at_pulls(const StudyLoop& loop) const {
  const engine::Study& study = loop.study;
  const int wanted = std::min(loop.pulling, engine::room(study));
  const bool is_told_to_wait = loop.waits_at == study.progress.finished();
  if (wanted <= 0 || engine::next_to_lease(study) || !engine::wants_trials(study)) return {};
  if (ready_.may_take(loop)) return {.lack = Lack::nothing, .start = {}, .wanted = wanted};
  return {.lack = is_told_to_wait ? Lack::work : Lack::proposal, .start = {}, .wanted = wanted};
}

// A wait that a proposal ends is over when that is taken; Ready::create_trial() notes its length.
void Dispatcher::note_wait(StudyLoop& loop, Lack lack, int wanted) {
  auto& since_ns = loop.wait.since_ns;
  if (lack == Lack::work) {
    since_ns.clear();
    loop.wait.takes_outdated = false;
  } else if (lack == Lack::proposal) {
    if (since_ns.empty()) ++loop.wait.number;
    if (since_ns.empty()) ledger_.touch(loop.id());  // for its deadline
    since_ns.resize(waiting_slots(loop, wanted), threads_.monotonic_ns());
  }
}

// REQUIRES: it lacks a proposal, and has what one of its trials needs
std::size_t Dispatcher::waiting_slots(const StudyLoop& loop, int wanted) const {
  if (loop.spec().is_pulled()) return static_cast<std::size_t>(wanted);
  const bool is_here = config_.rules_of(loop.spec().executor.type).is_on_this_node;
  const int free = is_here ? config_.slots_max - slots_taken() : wanted;
  return static_cast<std::size_t>(std::clamp(free, 1, wanted));
}

bool Dispatcher::has_resources(const StudyLoop& loop, const std::optional<engine::Start>& start,
                               bool has_slot) const {
  const std::string& executor = loop.spec().executor.type;
  if (loop.spec().is_pulled()) return true;
  if (!config_.rules_of(executor).is_on_this_node) {
    return !has_started_one(executor) && jobs_.may_submit(loop);
  }
  if (!jobs_.may_submit(loop)) return false;
  if (start && is_resubmission(loop, *start)) return true;  // it has kept its slot
  if (!has_slot) return false;
  const int gpus = loop.spec().executor.gpus;
  return gpus == 0 || static_cast<int>(ledger_.devices_taken().size()) + gpus <= config_.devices;
}

// In this batch. A submission to other nodes is alone in its COMMIT: the next one keeps its
// distance, and a death of the daemon leaves few in doubt.
bool Dispatcher::has_started_one(const std::string& executor) const {
  return std::ranges::any_of(started_, [&](const Started& started) {
    return ledger_.get(started.study)->spec().executor.type == executor;
  });
}

// Of this node.
int Dispatcher::slots_taken() const {
  int count = 0;
  for (const auto& [id, loop] : ledger_.studies()) {
    const bool is_here = config_.rules_of(loop->spec().executor.type).is_on_this_node;
    const bool is_pulled = loop->spec().is_pulled();
    if (is_here && !is_pulled) count += static_cast<int>(loop->study.running.size());
    const auto workers = static_cast<int>(loop->study.workers.size());
    if (is_here) count += workers * loop->spec().slots_per_worker();
  }
  return count;
}

Result<void> Dispatcher::start_next(StudyLoop& loop) {
  const auto actions = engine::plan(loop.study);
  if (const auto* waiting = first<engine::Start>(actions)) return start(loop, *waiting);
  auto number = ready_.create_trial(loop);
  if (!number) return number.error();
  return start(loop, engine::Start{*number, 1});
}

Result<void> Dispatcher::start(StudyLoop& loop, const engine::Start& start) {
  AttemptSubmitting event{.trial = start.trial, .attempt = start.attempt,
                          .job = job_name(installation_, threads_.random_bits())};
  if (is_resubmission(loop, start)) {
    const Attempt& absent = *loop.study.open.at(start.trial).attempt;
    event.slot = absent.slot;
    event.devices = absent.devices;
  } else {
    event.slot = free_slot(loop.study);
    event.devices = free_devices(loop.spec().executor, loop.spec().executor.gpus);
  }
  started_.push_back({loop.id(), {.number = start.trial}});
  return ledger_.record(loop, std::move(event));
}

// Of this node; a batch system chooses those of its nodes itself.
std::vector<int> Dispatcher::free_devices(const ExecutorSpec& executor, int count) const {
  std::vector<int> devices;
  if (!config_.rules_of(executor.type).is_on_this_node) return devices;
  const std::set<int> taken = ledger_.devices_taken();
  for (int d = 0; static_cast<int>(devices.size()) < count; ++d) {
    if (!taken.contains(d)) devices.push_back(d);
  }
  return devices;
}

}  // namespace hpo::loop
