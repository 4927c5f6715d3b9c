// Calls go out with a Ref (ids, no pointers), and answers look the attempt up again: it may have
// ended, been replaced or been reloaded while the executor was at work. Engine strand.
#include "daemon/loop/jobs.hpp"

#include <algorithm>
#include <utility>

#include "daemon/loop/job_request.hpp"
#include "schema/assert.hpp"

namespace hpo::loop {

Jobs::Jobs(const LoopConfig& config, Threads& threads, store::Store& store, Ledger& ledger,
           GroupCommit& commits, Reports& reports, LeftSteps& left_steps,
           Executors executors)
    : config_(config), threads_(threads), store_(store), ledger_(ledger), commits_(commits),
      reports_(reports), left_steps_(left_steps), executors_(std::move(executors)) {}

Executor* Jobs::executor_of(const StudyLoop& loop) {
  const auto found = executors_.find(loop.spec().executor.type);
  HPO_ASSERT(found != executors_.end(), "submit refuses studies of unknown executors");
  return found->second.get();
}

Jobs::Ref Jobs::ref(const StudyLoop& loop, const Attempt& attempt) const {
  return {loop.id(), {.number = attempt.trial}, attempt.number,
          Job{attempt.job, attempt_directory(config_, loop.spec(), attempt), attempt.native_id,
              attempt_identity(store_.installation(), loop.study, attempt),
              loop.spec().executor.grace}};
}

Jobs::Ref Jobs::ref(const StudyLoop& loop, const Owner& owner) const {
  if (!owner.is_worker) return ref(loop, *loop.study.open.at(owner.number).attempt);
  const Attempt& attempt = loop.study.workers.at(owner.number).attempt;
  return {loop.id(), owner, 1,
          Job{attempt.job, worker_directory(config_, loop.spec(), owner.number),
              attempt.native_id, worker_identity(store_.installation(), loop.study, owner.number),
              loop.spec().executor.grace, false}};
}

// The attempt of the worker job, or of the open trial, that this job is of: the latest if it is
// live, or one that was given up and may still bring a result. Nullptr: the job is over, or was
// replaced.
Attempt* Jobs::attempt_of(const Ref& ref) {
  StudyLoop* loop = ledger_.get(ref.study);
  if (!loop) return nullptr;
  if (ref.owner.is_worker) {
    const auto worker = loop->study.workers.find(ref.owner.number);
    const bool is_its = worker != loop->study.workers.end() &&
                        worker->second.attempt.job == ref.job.name &&
                        is_live(worker->second.attempt.state);
    return is_its ? &worker->second.attempt : nullptr;
  }
  const auto live = loop->study.open.find(ref.owner.number);
  if (live == loop->study.open.end()) return nullptr;
  auto& latest = live->second.attempt;
  if (latest && is_live(latest->state) && latest->job == ref.job.name) return &*latest;
  for (Attempt& lost : live->second.lost) {
    if (lost.state == AttemptState::lost && lost.job == ref.job.name) return &lost;
  }
  return nullptr;
}

Attempt* Jobs::live_attempt(const Ref& ref) {
  Attempt* attempt = attempt_of(ref);
  return attempt && is_live(attempt->state) ? attempt : nullptr;
}

Flight& Jobs::flight(StudyLoop& loop, const Owner& owner) {
  Flight& flight = loop.flights[owner];
  const std::string& job = owner.is_worker ? loop.study.workers.at(owner.number).attempt.job
                                           : loop.study.open.at(owner.number).attempt->job;
  if (flight.job != job) flight = Flight{.job = job};
  return flight;
}

void Jobs::enter(const Ref& ref, std::function<Result<void>(StudyLoop&, Attempt&)> change) {
  commits_.enter({.change = [this, ref, change = std::move(change)] {
    Attempt* attempt = attempt_of(ref);
    return attempt ? change(*ledger_.get(ref.study), *attempt) : Result<void>();
  }});
}

void Jobs::wake_at(std::int64_t study, std::chrono::nanoseconds delay) {
  threads_.after(delay, [this, study] {
    ledger_.touch(study);
    commits_.wake();
  });
}

// Worker jobs are kept apart from trials by negative numbers.
void Jobs::note_wait(const StudyLoop& loop, const Owner& owner, const std::string& text,
                     const std::string& native_id) {
  const int number = owner.is_worker ? -1 - owner.number : owner.number;
  waits_.note(loop.spec().name, number, text, native_id);
}

void Jobs::locate(StudyLoop& loop, const Owner& owner) {
  Flight& flight = this->flight(loop, owner);
  if (flight.is_called || threads_.monotonic_ns() < flight.locate_not_before_ns) return;
  flight.is_called = true;
  threads_.executor(loop.spec().executor.type,
                    [this, about = ref(loop, owner), executor = executor_of(loop)] {
    auto answer = executor->find(about.job);
    threads_.engine([this, about, answer = std::move(answer)] { located(about, answer); });
  });
}

// As the store has it, of all lives of hpod.
std::int64_t& Jobs::absent_ns(Flight& flight) {
  if (!flight.absent_ns) {
    const auto kept = store_.absence_of(flight.job);
    flight.absent_ns = kept ? kept->count() : 0;  // a store that fails ends hpod soon
  }
  return *flight.absent_ns;
}

void Jobs::keep_absence(const Ref& about, Flight& flight, std::int64_t absent_ns) {
  if (std::exchange(this->absent_ns(flight), absent_ns) == absent_ns) return;
  commits_.enter({.change = [this, job = flight.job, absent = std::chrono::nanoseconds(absent_ns)] {
    return ledger_.keep_absence(job, absent);
  }, .settled = [this, about](const Result<void>& result) {
    if (!result) forget_news(about);
  }});
}

// Only time between two answers counts, as a job may begin while nobody answers, or nobody asks.
// Such durations outlive a restart: it costs the time in which no hpod looked, no more. The times
// of events would count that too, and a wall clock that jumps would cut a doubt short.
std::chrono::nanoseconds Jobs::count_absence(const Ref& about, Flight& flight) {
  const std::int64_t now_ns = threads_.monotonic_ns();
  const auto before_ns = std::exchange(flight.absent_seen_ns, now_ns);
  const std::int64_t more_ns = before_ns ? now_ns - *before_ns : 0;
  const std::chrono::nanoseconds absent(absent_ns(flight) + more_ns);
  keep_absence(about, flight, absent.count());
  return absent;
}

// Of a job that was there, the executor counts: 0 as soon as it is there again.
void Jobs::note_absence(const Ref& about, const JobStatus& status) {
  if (!status.missing) return;
  keep_absence(about, flight(*ledger_.get(about.study), about.owner), status.missing->count());
}

// Its executor counts on from there in each life.
void Jobs::hand_absence(StudyLoop& loop, Ref& about) {
  if (about.is_given_up || config_.rules_of(loop.spec().executor.type).is_on_this_node) return;
  about.job.missing = std::chrono::nanoseconds(absent_ns(flight(loop, about.owner)));
}

void Jobs::located(const Ref& about, const Result<JobStatus>& answer) {
  if (!live_attempt(about)) return;
  StudyLoop& loop = *ledger_.get(about.study);
  Flight& flight = this->flight(loop, about.owner);
  const std::int64_t now_ns = threads_.monotonic_ns();
  flight.is_called = false;
  note_wait(loop, about.owner, answer ? answer->detail : answer.error().what,
            answer ? answer->native_id : std::string());
  waits_.publish();
  const ExecutorRules& rules = config_.rules_of(loop.spec().executor.type);
  flight.locate_not_before_ns = now_ns + rules.locate_interval.count();
  if (answer) note_absence(about, *answer);
  const bool is_found = answer && answer->state != JobState::absent &&
                        answer->state != JobState::unknown;
  if (is_found) {
    return enter(about, [this, about, status = *answer](StudyLoop& study, Attempt& a) {
      return seen(study, about, a, status);
    });
  }
  const bool is_absent = answer && answer->state == JobState::absent;
  if (!is_absent) flight.absent_seen_ns.reset();
  if (is_absent && count_absence(about, flight) >= rules.absent_after) {
    return enter(about, [this, about](StudyLoop& study, Attempt&) {
      return ledger_.record(study, job_absent(about, "its submission was looked for in vain"));
    });
  }
  wake_at(about.study, rules.locate_interval);
}

// A worker that is there is told by the next answer that it gets, and has nothing to lose then.
bool Jobs::leaves_by_itself(const StudyLoop& loop, const Owner& owner, Flight& flight) {
  const bool may_leave = owner.is_worker && loop.study.workers.at(owner.number).has_asked &&
                         !std::exchange(flight.may_leave, true);
  if (!may_leave) return false;
  flight.cancel_not_before_ns = threads_.monotonic_ns() + config_.leave_patience.count();
  wake_at(loop.id(), config_.leave_patience);
  return true;
}

void Jobs::cancel(StudyLoop& loop, const Owner& owner) {
  Flight& flight = this->flight(loop, owner);
  if (leaves_by_itself(loop, owner, flight)) return;
  const std::int64_t now_ns = threads_.monotonic_ns();
  if (flight.is_called || now_ns < flight.cancel_not_before_ns) return;
  flight.is_called = true;
  const std::string& type = loop.spec().executor.type;
  const auto interval = config_.rules_of(type).cancel_interval;
  flight.cancel_not_before_ns = now_ns + interval.count();
  std::vector<Ref>& cancels = lines_[type].cancels;
  cancels.push_back(ref(loop, owner));
  if (cancels.size() == 1) threads_.engine([this, type] { flush_cancels(type); });
}

void Jobs::care_for(StudyLoop& loop, const engine::Action& action) {
  if (const auto* a = std::get_if<engine::Locate>(&action)) locate(loop, {false, a->trial});
  if (const auto* a = std::get_if<engine::LocateWorker>(&action)) locate(loop, {true, a->worker});
  if (const auto* a = std::get_if<engine::CancelWorker>(&action)) cancel(loop, {true, a->worker});
  const auto* unwanted = std::get_if<engine::Cancel>(&action);
  if (unwanted && !loop.spec().is_pulled()) cancel(loop, {false, unwanted->trial});
}

// What one batch of commands wants to go, goes with one call.
void Jobs::flush_cancels(const std::string& type) {
  threads_.executor(type, [this, executor = executors_.find(type)->second.get(),
                           refs = std::exchange(lines_[type].cancels, {})] {
    std::vector<Job> jobs;
    for (const Ref& about : refs) jobs.push_back(about.job);
    const auto answer = executor->cancel(jobs);
    threads_.engine([this, refs] {
      const std::int64_t now_ns = threads_.monotonic_ns();
      for (const Ref& about : refs) {
        if (!live_attempt(about)) continue;
        Flight& flight = this->flight(*ledger_.get(about.study), about.owner);
        flight.is_called = false;
        // Asked again until it is confirmed, and not before this answer: it may have come late.
        const std::int64_t left_ns = flight.cancel_not_before_ns - now_ns;
        wake_at(about.study, std::chrono::nanoseconds(std::max<std::int64_t>(left_ns, 0)));
      }
    });
  });
}

}  // namespace hpo::loop
