// See leases.hpp. Engine strand.
#include "daemon/loop/leases.hpp"

#include <algorithm>
#include <atomic>
#include <utility>

namespace hpo::loop {
namespace {

constexpr int gap_max = 5;  // intervals: a longer one means that this process did not run

// What this side gives beyond the lease: a tenth of it, as far as that is short.
std::int64_t life_ns(const StudySpec& spec) {
  const std::chrono::nanoseconds lease = spec.executor.lease;
  const auto slack = std::clamp<std::chrono::nanoseconds>(lease / 10, std::chrono::seconds(1),
                                                           std::chrono::seconds(10));
  return (lease + slack).count();
}

Outcome not_heard_of(const std::string& worker, std::chrono::seconds lease) {
  return {.status = OutcomeStatus::lost, .failure = FailureClass::lost,
          .message = "the worker " + worker + " was not heard of for " +
                     std::to_string(lease.count()) + " s"};
}

// With what becomes of a result that the worker may still send.
Outcome not_heard_of(const StudyLoop& loop, const engine::LiveTrial& live) {
  Outcome outcome = not_heard_of(live.trial.lease.worker, loop.spec().executor.lease);
  outcome.message += engine::goes_on_without(loop.study, live, outcome)
      ? "; a result that it may still send counts if it is the first"
      : "; no attempt follows, and a result that it may still send is kept, not counted";
  return outcome;
}

}  // namespace

void Leases::renew(StudyLoop& loop, const Held& lease) {
  loop.leases[lease.trial] = {.fence = lease.fence,
                              .until_ns = threads_.monotonic_ns() + life_ns(loop.spec()),
                              .is_loading = lease.is_loading};
}

void Leases::look() {
  const std::int64_t now_ns = threads_.monotonic_ns();
  const std::int64_t gap_ns = looked_ns_ == 0 ? 0 : now_ns - looked_ns_;
  const bool has_slept = gap_ns > gap_max * std::chrono::nanoseconds(interval).count();
  looked_ns_ = now_ns;
  Studies counts;
  for (const auto& [id, loop] : ledger_.studies()) {
    if (!loop->spec().is_pulled()) continue;
    for (auto& [trial, clock] : loop->leases) clock.until_ns += has_slept ? gap_ns : 0;
    const Counts found = look_at(*loop, now_ns);
    if (found != Counts{}) counts[loop->spec().name] = found;
  }
  if (counts != *counts_) {
    std::atomic_store(&counts_, std::make_shared<const Studies>(std::move(counts)));
  }
}

Leases::Counts Leases::counts_of(std::string_view study) const {
  const auto counts = std::atomic_load(&counts_);
  const auto found = counts->find(study);
  return found == counts->end() ? Counts{} : found->second;
}

Leases::Counts Leases::look_at(StudyLoop& loop, std::int64_t now_ns) {
  const std::chrono::nanoseconds lease = loop.spec().executor.lease;
  const std::int64_t silent_ns = life_ns(loop.spec()) - lease.count() / 2;  // left after half of it
  Counts counts;
  std::erase_if(loop.leases, [&](const auto& entry) {
    const auto live = loop.study.open.find(entry.first);
    return live == loop.study.open.end() ||
           !live->second.trial.lease.is_held_under(entry.second.fence);
  });
  for (const auto& [number, live] : loop.study.open) {
    const Lease& held = live.trial.lease;
    if (!held.is_held()) continue;
    const auto clock = loop.leases.find(number);
    if (clock == loop.leases.end()) {
      renew(loop, {number, held.fence});
      loop.leases[number].is_anew = true;
      continue;
    }
    const std::int64_t left_ns = clock->second.until_ns - now_ns;
    if (left_ns <= 0) run_out(loop, number, clock->second);
    if (!loop.study.running.contains(number)) continue;
    if (left_ns < silent_ns || clock->second.is_anew) ++counts.unheard;
    else if (clock->second.is_loading) ++counts.loading;
  }
  return counts;
}

void Leases::run_out(StudyLoop& loop, int trial, LeaseClock& clock) {
  if (clock.is_ending) return;
  clock.is_ending = true;
  if (!loop.study.running.contains(trial)) return end(loop.id(), trial, clock.fence);
  left_steps_.tell(loop, trial, [this, study = loop.id(), trial, fence = clock.fence] {
    end(study, trial, fence);
  });
}

void Leases::end(std::int64_t study, int trial, std::int64_t fence) {
  commits_.enter({.change = [this, study, trial, fence] { return ended(study, trial, fence); },
                  .settled = [this, study, trial, fence](const Result<void>& result) {
    StudyLoop* loop = result ? nullptr : ledger_.get(study);
    if (!loop) return;
    const auto clock = loop->leases.find(trial);
    const bool is_its = clock != loop->leases.end() && clock->second.fence == fence;
    if (is_its) clock->second.is_ending = false;  // it could not be stored: again
  }});
}

Result<void> Leases::ended(std::int64_t study, int trial, std::int64_t fence) {
  StudyLoop* loop = ledger_.get(study);
  if (!loop) return {};
  const auto live = loop->study.open.find(trial);
  const bool is_held = live != loop->study.open.end() &&
                       live->second.trial.lease.is_held_under(fence);
  if (!is_held) return {};
  const auto clock = loop->leases.find(trial);  // it may have been heard of just now
  if (clock != loop->leases.end() && threads_.monotonic_ns() < clock->second.until_ns) return {};
  if (loop->study.leased.contains(trial)) {
    return ledger_.record(*loop, TrialReturned{trial, fence});
  }
  return ledger_.record(*loop, AttemptEnded{trial, live->second.attempt->number,
                                            not_heard_of(*loop, live->second)});
}

}  // namespace hpo::loop
