// How likely each fault is in a drawn history, and where a planned one takes place.
#include "tests/simulation/plans.hpp"

namespace hpo::sim {

using Kind = Fault::Kind;

Faults draw_faults(Chance& chance) {
  Faults faults;
  const auto maybe = [&](FaultKind kind, double highest) {
    faults[kind] = chance.happens(0.5) ? highest : 0.0;
  };
  using enum FaultKind;
  maybe(submit_unavailable, 0.1), maybe(submit_rejected, 0.03), maybe(submit_unclear_not, 0.1);
  maybe(submit_unclear, 0.1), maybe(submit_late, 0.1), maybe(poll_fails, 0.2);
  maybe(find_fails, 0.3), maybe(cancel_fails, 0.3), maybe(status_unknown, 0.05);
  maybe(job_fails, 0.15), maybe(job_asks_retry, 0.1), maybe(job_spoils_result, 0.05);
  maybe(job_taken_away, 0.05), maybe(job_infeasible, 0.15), maybe(job_prunes, 0.15);
  maybe(job_queues, 0.4), maybe(job_vanishes, 0.25), maybe(compute_slow, 0.005);
  maybe(compute_late, 0.2);
  maybe(reader_fails, 0.05);
  faults[job_comes_back] = 0.7;
  if (chance.happens(0.05)) faults[job_fails] = 0.8;        // a program that does not work
  if (chance.happens(0.05)) faults[job_taken_away] = 0.5;   // a crowded node
  // Of worker jobs, too, and of nodes where nothing works; no draw: seeds stay.
  faults[worker_job_fails] = faults[job_fails] > 0.5         ? 0.9
                             : faults[job_vanishes] > 0.0 ? 0.2
                                                          : 0.0;
  return faults;
}

CallFault call_fault(const Fault& fault) {
  switch (fault.kind) {
    case Kind::call_fails: return {CallFault::Kind::fails, fault.at};
    case Kind::kill_before_call: return {CallFault::Kind::kills_before, fault.at};
    case Kind::kill_after_call: return {CallFault::Kind::kills_after, fault.at};
    case Kind::submit_refused: return {CallFault::Kind::submit_refused, fault.at};
    case Kind::submit_unclear: return {CallFault::Kind::submit_unclear, fault.at};
    case Kind::submit_late: return {CallFault::Kind::submit_late, fault.at};
    case Kind::job_comes_back: return {CallFault::Kind::job_comes_back, fault.at};
    default: return {};
  }
}

DiskFault disk_fault(Kind kind) {
  switch (kind) {
    case Kind::file_full: return DiskFault::full_once;
    case Kind::file_error: return DiskFault::error;
    case Kind::kill_at_file: return DiskFault::killed;
    case Kind::power_cut_at_file: return DiskFault::power_cut;
    default: return DiskFault::none;
  }
}

}  // namespace hpo::sim
