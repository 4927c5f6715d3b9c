// See ready.hpp. Engine strand.
#include "daemon/loop/ready.hpp"

#include <utility>

namespace hpo::loop {
namespace {

constexpr int deadlines_worth = 100;  // so many to a trial: one is 1 % of its time

}  // namespace

bool Ready::may_take(const StudyLoop& loop) const {
  const engine::Study& study = loop.study;
  if (loop.ready.empty() || loop.ready.front().number != study.progress.created) return false;
  if (!loop.is_outdated() || loop.wait.takes_outdated) return true;
  return slot_ns_per_trial(study) < deadlines_worth * config_.ask_deadline.count();
}

// The oldest wait is over; a shorter queue of them has the next one's deadline.
Result<int> Ready::create_trial(StudyLoop& loop) {
  Proposal proposal = std::move(loop.ready.front());
  loop.ready.pop_front();
  const std::int64_t now_ns = threads_.monotonic_ns();
  auto& since_ns = loop.wait.since_ns;
  board_.waited(loop.spec().name, since_ns.empty() ? 0 : now_ns - since_ns.front());
  if (!since_ns.empty()) since_ns.pop_front();
  ++loop.wait.number;
  loop.wait.takes_outdated = false;
  auto recorded = ledger_.record(loop, TrialCreated{.trial = proposal.number,
                                                    .values = std::move(proposal.values),
                                                    .origin = Origin::strategy,
                                                    .suggestion = loop.suggestion});
  if (!recorded) return recorded.error();
  return proposal.number;
}

}  // namespace hpo::loop
