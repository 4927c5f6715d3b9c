// What the world does in a walk: jobs run and end, submissions get lost.
#include <chrono>
#include <iterator>

#include "tests/daemon/engine/walk.hpp"

namespace hpo::engine {

// Of some the time is known; none takes longer than it asked for.
Outcome Walk::any_outcome() {
  Outcome outcome = any_end();
  if (chance(30)) return outcome;  // nobody saw its end
  outcome.started_ns = 1 + below(1000);
  const auto time_ns = static_cast<std::size_t>(std::chrono::nanoseconds(job_time).count());
  outcome.ended_ns = outcome.started_ns + static_cast<std::int64_t>(bits_() % time_ns);
  return outcome;
}

// Each value occurs once, so that a trial's value tells which attempt it came from.
Outcome Walk::any_end() {
  if (is_broken_ && chance(90)) return exited(1);
  switch (below(10)) {
    case 0: return exited(1 + below(2));
    case 1: return exited(75);
    case 2: return lost();
    case 3: return cancelled();
    case 4: return {.status = OutcomeStatus::pruned};
    case 5: return {.status = OutcomeStatus::infeasible};
    case 6: return failed(static_cast<FailureClass>(below(words<FailureClass>.size())));
    default: return completed(static_cast<double>(bits_() >> 12));
  }
}

void Walk::submission_news(const LiveTrial& live) {
  const Attempt a = *live.attempt;
  if (a.cancelling && chance(30)) return must(AttemptEnded{a.trial, a.number, cancelled()});
  switch (below(8)) {
    case 0: return must(AttemptRejected{a.trial, a.number});
    case 1: return must(AttemptAbsent{a.trial, a.number, ""});
    case 2: return must(AttemptEnded{a.trial, a.number, any_outcome()});
    case 3:
      if (a.state == AttemptState::submitting) must(AttemptUnknown{a.trial, a.number});
      return;
    default: return must(AttemptSubmitted{a.trial, a.number, a.job, "id", chance(50)});
  }
}

void Walk::job_news() {
  if (study_.open.empty()) return;
  const LiveTrial& live = std::next(study_.open.begin(), below(study_.open.size()))->second;
  if (!live.lost.empty() && live.lost.front().state == AttemptState::lost && chance(40)) {
    return must(AttemptEnded{live.trial.number, live.lost.front().number, any_outcome()});
  }
  if (!live.attempt || !is_live(live.attempt->state)) return;
  const Attempt a = *live.attempt;
  if (a.native_id.empty()) return submission_news(live);
  if (a.state == AttemptState::submitted && chance(60)) {
    return must(AttemptRunning{a.trial, a.number});
  }
  must(AttemptEnded{a.trial, a.number, any_outcome()});
}

}  // namespace hpo::engine
