// What can go wrong in a simulated world, by name: one word each, for the draws and the counts.
//
// A fault that is in this table and never fires fails the tests: see coverage.
#pragma once

#include <array>

#include "schema/words.hpp"

namespace hpo {
namespace sim {

enum class FaultKind {
  submit_unavailable, submit_rejected, submit_unclear_not, submit_unclear, submit_late,
  poll_fails, find_fails, cancel_fails, status_unknown,
  job_fails, job_asks_retry, job_spoils_result, job_taken_away, job_infeasible, job_prunes,
  job_queues, job_vanishes, job_comes_back, worker_job_fails,
  compute_slow, compute_late, reader_fails
};
inline constexpr std::size_t fault_kinds = 22;

}  // namespace sim

template <>
inline constexpr auto words<sim::FaultKind> = word_table(
    "submit unavailable",              // a definite "not now"
    "submit rejected",                 // a definite no
    "submit unclear, not accepted",    // the answer is lost, and so is the request
    "submit unclear, accepted",        // the answer is lost
    "submit unclear, accepted late",   // and the job turns up when it may count as absent
    "poll fails", "find fails", "cancel fails", "status unknown",
    "job fails", "job asks for a retry", "job spoils its result", "job is taken away",
    "job is infeasible", "job is pruned",
    "job waits in the queue",
    "job vanishes",                    // ends without a word
    "job comes back",                  // having vanished, it brings a result
    "worker job fails",                // before it asks for a trial
    "compute is slow",                 // beyond strategy_limit
    "compute is late",                 // beyond ask_deadline
    "reader fails");

namespace sim {

static_assert(words<FaultKind>.size() == fault_kinds);

// How often each is injected: a probability for each occasion.
class Faults {
 public:
  double& operator[](FaultKind kind) { return probability_[static_cast<std::size_t>(kind)]; }
  double operator[](FaultKind kind) const { return probability_[static_cast<std::size_t>(kind)]; }

 private:
  std::array<double, fault_kinds> probability_{};
};

}  // namespace sim
}  // namespace hpo
