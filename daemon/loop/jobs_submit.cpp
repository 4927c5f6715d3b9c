// The part of jobs.hpp that submits: when, at what rate, and what each answer means.
#include <algorithm>

#include "daemon/loop/job_request.hpp"
#include "daemon/loop/jobs.hpp"

namespace hpo::loop {
namespace {

constexpr int submits_max = 2;  // calls at once to an executor that is not on this node

std::chrono::nanoseconds pause_of(double rate) {
  return std::chrono::nanoseconds(static_cast<std::int64_t>(1e9 / rate));
}

}  // namespace

bool Jobs::may_submit(const StudyLoop& loop) const {
  const std::int64_t now_ns = threads_.monotonic_ns();
  if (now_ns < loop.put_off.until_ns) return false;
  const ExecutorSpec& executor = loop.spec().executor;
  if (config_.rules_of(executor.type).is_on_this_node) return true;
  const auto line = lines_.find(executor.type);
  const bool is_polite = line == lines_.end() || keeps_distance(loop, line->second, now_ns);
  return is_polite && waiting_in_queue(executor.type) < executor.batch.max_queued;
}

// To its own last submission as its own rate wants it; to that of another study as the faster of
// the two does, or a slow study would hold up all others.
bool Jobs::keeps_distance(const StudyLoop& loop, const Line& line, std::int64_t now_ns) {
  const double rate = std::max(line.submit_rate, loop.spec().executor.batch.submit_rate);
  return line.submits < submits_max && now_ns >= loop.next_submit_ns &&
         now_ns >= line.submitted_ns + pause_of(rate).count();
}

// The fastest study of the executor is the first that may go on.
double Jobs::fastest_rate(const std::string& executor) const {
  double fastest = 0;
  for (const auto& [id, loop] : ledger_.studies()) {
    const ExecutorSpec& spec = loop->spec().executor;
    if (spec.type == executor) fastest = std::max(fastest, spec.batch.submit_rate);
  }
  return fastest;
}

void Jobs::note_submission(StudyLoop& loop, Line& line) {
  const ExecutorSpec& spec = loop.spec().executor;
  const auto pause = pause_of(spec.batch.submit_rate);
  line.submitted_ns = threads_.monotonic_ns();
  line.submit_rate = spec.batch.submit_rate;
  loop.next_submit_ns = line.submitted_ns + pause.count();
  wake_at(loop.id(), pause);
  const auto first = pause_of(fastest_rate(spec.type));
  if (first < pause) wake_at(loop.id(), first);
}

int Jobs::waiting_in_queue(const std::string& executor) const {
  int count = 0;
  for (const auto& [id, loop] : ledger_.studies()) {
    if (loop->spec().executor.type != executor) continue;
    for (const int number : loop->study.running) {
      const auto& attempt = loop->study.open.at(number).attempt;
      count += attempt && is_live(attempt->state) && attempt->state != AttemptState::running;
    }
    for (const auto& [number, worker] : loop->study.workers) {
      const AttemptState state = worker.attempt.state;
      count += is_live(state) && state != AttemptState::running;
    }
  }
  return count;
}

// Half a minute, a minute, …: an executor that stays unavailable is left in peace.
void Jobs::put_off(StudyLoop& loop) {
  if (threads_.monotonic_ns() < loop.put_off.until_ns) return;  // of several at once
  const ExecutorRules& rules = config_.rules_of(loop.spec().executor.type);
  const int doublings = std::min(loop.put_off.refusals++, 20);
  const auto wait = std::min(rules.backoff * (std::int64_t{1} << doublings), rules.backoff_max);
  loop.put_off.until_ns = threads_.monotonic_ns() + wait.count();
  wake_at(loop.id(), wait);
}

JobRequest Jobs::make_request(const StudyLoop& loop, const Owner& owner,
                              std::vector<std::string> predecessors) const {
  const auto make = owner.is_worker ? worker_request : job_request;
  return make(config_, store_.installation(), loop.study, owner.number, std::move(predecessors));
}

void Jobs::submit(const StudyLoop& loop, const Owner& owner) {
  const Ref about = ref(loop, owner);
  auto earlier = owner.is_worker ? store_.jobs_of_worker(loop.id(), owner.number)
                                 : store_.jobs_of(loop.id(), owner.number);
  if (!earlier) {  // an earlier attempt may live: its claim is in a directory of its own
    return submitted(about, Error{ErrorCode::unavailable, earlier.error().what,
                                  earlier.error().where, earlier.error().remedy});
  }
  std::erase(*earlier, about.job.name);
  StudyLoop& submitting = *ledger_.get(loop.id());
  Flight& flight = this->flight(submitting, owner);
  flight.is_called = true;
  const ExecutorSpec& spec = loop.spec().executor;
  Line& line = lines_[spec.type];
  ++line.submits;
  if (!config_.rules_of(spec.type).is_on_this_node) note_submission(submitting, line);
  threads_.executor(spec.type,
                    [this, about, executor = executor_of(loop),
                     request = make_request(loop, owner, std::move(*earlier))] {
    auto answer = executor->submit(request);
    threads_.engine([this, about, type = request.executor.type, answer = std::move(answer)] {
      --lines_[type].submits;
      submitted(about, answer);
    });
  });
}

void Jobs::submitted(const Ref& about, const Result<Submitted>& answer) {
  Attempt* attempt = live_attempt(about);
  if (!attempt) return;
  StudyLoop& loop = *ledger_.get(about.study);
  flight(loop, about.owner).is_called = false;
  const bool is_refused_for_now = !answer && (answer.error().code == ErrorCode::unavailable ||
                                              answer.error().code == ErrorCode::no_space);
  if (is_refused_for_now) put_off(loop);
  if (answer) loop.put_off = {};
  note_wait(loop, about.owner, answer ? std::string() : answer.error().what);
  waits_.publish();
  enter(about, [this, about, answer, is_refused_for_now](StudyLoop& study, Attempt& a) {
    const bool is_open = a.state == AttemptState::submitting || a.state == AttemptState::unknown;
    if (!is_open) return Result<void>();  // it has been found, or has ended, meanwhile
    if (answer) {
      return ledger_.record(study, job_submitted(about, answer->native_id, answer->is_running));
    }
    const Error& error = answer.error();
    const std::string message = error.what + "; " + error.remedy;
    if (is_refused_for_now) return ledger_.record(study, job_absent(about, message));
    const bool is_in_doubt = error.code == ErrorCode::outcome_unknown;
    if (is_in_doubt && a.state == AttemptState::submitting) {
      return ledger_.record(study, job_unknown(about, message));
    }
    return ledger_.record(study, job_rejected(about, message));
  });
}

}  // namespace hpo::loop
