// Calls go out with a Ref (ids, no pointers), and answers look the attempt up again: it may have
// ended, been replaced or been reloaded while the executor was at work. Engine strand.
#include "daemon/loop/jobs.hpp"

#include <unistd.h>

#include <utility>

#include "daemon/loop/job_request.hpp"
#include "schema/assert.hpp"
#include "schema/paths.hpp"

namespace hpo::loop {

Jobs::Jobs(const LoopConfig& config, Threads& threads, store::Store& store, Ledger& ledger,
           GroupCommit& commits, Executors executors)
    : config_(config), threads_(threads), store_(store), ledger_(ledger), commits_(commits),
      executors_(std::move(executors)) {}

Executor* Jobs::executor_of(const StudyLoop& loop) {
  const auto found = executors_.find(loop.spec().executor.type);
  HPO_ASSERT(found != executors_.end(), "submit refuses studies of unknown executors");
  return found->second.get();
}

Jobs::Ref Jobs::ref(const StudyLoop& loop, const Attempt& attempt) const {
  return {loop.id(), attempt.trial, attempt.number,
          Job{attempt.job, attempt_directory(config_, loop.spec(), attempt), attempt.native_id,
              attempt_identity(store_.installation(), loop.study, attempt)}};
}

Jobs::Ref Jobs::ref(const StudyLoop& loop, int trial) const {
  return ref(loop, *loop.study.open.at(trial).attempt);
}

// The open trial's attempt that this job was submitted for: the latest if it is live, or one that
// was given up and may still bring a result. Nullptr: the job is over, or was replaced.
Attempt* Jobs::attempt_of(const Ref& ref) {
  StudyLoop* loop = ledger_.get(ref.study);
  if (!loop) return nullptr;
  const auto live = loop->study.open.find(ref.trial);
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

Flight& Jobs::flight(StudyLoop& loop, int trial) {
  Flight& flight = loop.flights[trial];
  const std::string& job = loop.study.open.at(trial).attempt->job;
  if (flight.job != job) flight = Flight{.job = job};
  return flight;
}

void Jobs::enter(const Ref& ref, std::function<Result<void>(StudyLoop&, Attempt&)> change) {
  commits_.enter({.change = [this, ref, change = std::move(change)] {
    Attempt* attempt = attempt_of(ref);
    return attempt ? change(*ledger_.get(ref.study), *attempt) : Result<void>();
  }});
}

bool Jobs::is_backing_off(const std::string& executor) const {
  const auto found = backoff_until_ns_.find(executor);
  return found != backoff_until_ns_.end() && threads_.monotonic_ns() < found->second;
}

void Jobs::wake_at(std::int64_t study, std::chrono::nanoseconds delay) {
  threads_.after(delay, [this, study] {
    ledger_.touch(study);
    commits_.wake();
  });
}

void Jobs::submit(const StudyLoop& loop, int trial) {
  const Ref about = ref(loop, trial);
  auto earlier = store_.jobs_of(loop.id(), trial);
  if (!earlier) {  // an earlier attempt may live: its claim is in a directory of its own
    return submitted(about, Error{ErrorCode::unavailable, earlier.error().what,
                                  earlier.error().where, earlier.error().remedy});
  }
  std::erase(*earlier, about.job.name);
  Flight& flight = this->flight(*ledger_.get(loop.id()), trial);
  flight.is_called = true;
  threads_.executor(loop.spec().executor.type,
                    [this, about, executor = executor_of(loop),
                     request = job_request(config_, store_.installation(), loop.study, trial,
                                         std::move(*earlier))] {
    auto answer = executor->submit(request);
    threads_.engine([this, about, answer = std::move(answer)] { submitted(about, answer); });
  });
}

void Jobs::submitted(const Ref& about, const Result<Submitted>& answer) {
  Attempt* attempt = live_attempt(about);
  if (!attempt) return;
  StudyLoop& loop = *ledger_.get(about.study);
  flight(loop, about.trial).is_called = false;
  const bool is_refused_for_now = !answer && (answer.error().code == ErrorCode::unavailable ||
                                              answer.error().code == ErrorCode::no_space);
  if (is_refused_for_now) {
    backoff_until_ns_[loop.spec().executor.type] =
        threads_.monotonic_ns() + config_.backoff.count();
    wake_at(about.study, config_.backoff);
  }
  enter(about, [this, about, answer, is_refused_for_now](StudyLoop& study, Attempt& a) {
    const bool is_open = a.state == AttemptState::submitting || a.state == AttemptState::unknown;
    if (!is_open) return Result<void>();  // it has been found, or has ended, meanwhile
    if (answer) {
      return ledger_.record(study, AttemptSubmitted{about.trial, about.attempt, about.job.name,
                                                    answer->native_id, answer->is_running});
    }
    const Error& error = answer.error();
    const std::string message = error.what + "; " + error.remedy;
    if (is_refused_for_now) {
      return ledger_.record(study, AttemptAbsent{about.trial, about.attempt});
    }
    if (error.code == ErrorCode::outcome_unknown && a.state == AttemptState::submitting) {
      return ledger_.record(study, AttemptUnknown{about.trial, about.attempt, message});
    }
    return ledger_.record(study, AttemptRejected{about.trial, about.attempt,
                                                 FailureClass::rejected, message});
  });
}

void Jobs::locate(StudyLoop& loop, int trial) {
  Flight& flight = this->flight(loop, trial);
  if (flight.is_called || threads_.monotonic_ns() < flight.locate_not_before_ns) return;
  flight.is_called = true;
  threads_.executor(loop.spec().executor.type,
                    [this, about = ref(loop, trial), executor = executor_of(loop)] {
    auto answer = executor->find(about.job);
    threads_.engine([this, about, answer = std::move(answer)] { located(about, answer); });
  });
}

void Jobs::located(const Ref& about, const Result<JobStatus>& answer) {
  if (!live_attempt(about)) return;
  StudyLoop& loop = *ledger_.get(about.study);
  Flight& flight = this->flight(loop, about.trial);
  const std::int64_t now_ns = threads_.monotonic_ns();
  flight.is_called = false;
  flight.locate_not_before_ns = now_ns + config_.locate_interval.count();
  const bool is_found = answer && answer->state != JobState::absent &&
                        answer->state != JobState::unknown;
  if (is_found) {
    return enter(about, [this, about, status = *answer](StudyLoop& study, Attempt& a) {
      return seen(study, about, a, status);
    });
  }
  const bool is_absent = answer && answer->state == JobState::absent;
  if (is_absent && flight.absent_since_ns == 0) flight.absent_since_ns = now_ns;
  if (is_absent && now_ns - flight.absent_since_ns >= config_.absent_after.count()) {
    return enter(about, [this, about](StudyLoop& study, Attempt&) {
      return ledger_.record(study, AttemptAbsent{about.trial, about.attempt});
    });
  }
  wake_at(about.study, config_.locate_interval);
}

void Jobs::cancel(StudyLoop& loop, int trial) {
  Flight& flight = this->flight(loop, trial);
  const std::int64_t now_ns = threads_.monotonic_ns();
  if (flight.is_called || now_ns < flight.cancel_not_before_ns) return;
  flight.is_called = true;
  flight.cancel_not_before_ns = now_ns + config_.cancel_interval.count();
  wake_at(loop.id(), config_.cancel_interval);  // asked again until it is confirmed
  threads_.executor(loop.spec().executor.type,
                    [this, about = ref(loop, trial), executor = executor_of(loop)] {
    const auto answer = executor->cancel(about.job);
    threads_.engine([this, about] {
      if (!live_attempt(about)) return;
      this->flight(*ledger_.get(about.study), about.trial).is_called = false;
    });
  });
}

void Jobs::poll_all() {
  std::map<std::string, std::vector<Ref>> refs;
  for (const auto& [id, loop] : ledger_.studies()) {
    for (const int number : loop->study.running) {
      const auto& attempt = loop->study.open.at(number).attempt;
      if (attempt && is_live(attempt->state) && !attempt->native_id.empty()) {
        refs[loop->spec().executor.type].push_back(ref(*loop, number));
      }
    }
    for (const int number : loop->with_lost) {
      const auto live = loop->study.open.find(number);
      if (live == loop->study.open.end()) continue;
      for (const Attempt& lost : live->second.lost) {  // given up, but a result is a result
        if (lost.state != AttemptState::lost) continue;
        refs[loop->spec().executor.type].push_back(ref(*loop, lost));
      }
    }
  }
  for (auto& [name, list] : refs) {
    if (std::exchange(is_polling_[name], true)) continue;  // the last query has yet to return
    poll(name, std::move(list), [this, name = name] { is_polling_[name] = false; });
  }
}

void Jobs::poll(const std::string& name, std::vector<Ref> refs, Work returned) {
  Executor* executor = executors_.find(name)->second.get();
  threads_.executor(name, [this, executor, refs = std::move(refs), returned = std::move(returned)] {
    std::vector<Job> jobs;
    for (const Ref& about : refs) jobs.push_back(about.job);
    auto statuses = executor->poll(jobs);
    threads_.engine([this, refs, returned, statuses = std::move(statuses)] {
      returned();
      if (!statuses) return;  // the next poll asks again
      for (std::size_t i = 0; i < refs.size(); ++i) tell(refs[i], (*statuses)[i]);
    });
  });
}

// An entry only for news: most polls find everything as it was, and cost no transaction.
void Jobs::tell(const Ref& about, const JobStatus& status) {
  const Attempt* attempt = attempt_of(about);
  if (!attempt) return;
  if (attempt->state == AttemptState::lost && status.state != JobState::ended) return;
  const bool is_news = status.state == JobState::ended || status.state == JobState::gone ||
                       (status.state == JobState::running &&
                        attempt->state != AttemptState::running);
  if (!is_news) return;
  enter(about, [this, about, status](StudyLoop& loop, Attempt& a) {
    return seen(loop, about, a, status);
  });
}

Result<void> Jobs::seen(StudyLoop& loop, const Ref& about, Attempt& attempt,
                        const JobStatus& status) {
  const bool was_doubtful =
      attempt.state == AttemptState::submitting || attempt.state == AttemptState::unknown;
  if (status.state == JobState::ended) {
    return ledger_.record(loop, AttemptEnded{about.trial, about.attempt, *status.outcome});
  }
  if (status.state == JobState::gone) {
    Outcome lost{.status = OutcomeStatus::lost, .failure = FailureClass::lost,
                 .message = "the job is gone and left no result: " + status.detail};
    return ledger_.record(loop, AttemptEnded{about.trial, about.attempt, std::move(lost)});
  }
  const bool is_running = status.state == JobState::running;
  if (was_doubtful) {
    return ledger_.record(loop, AttemptSubmitted{about.trial, about.attempt, about.job.name,
                                                 status.native_id, is_running});
  }
  if (is_running && attempt.state != AttemptState::running) {
    return ledger_.record(loop, AttemptRunning{about.trial, about.attempt});
  }
  return {};
}

void Jobs::ended(const std::vector<std::string>& names) {
  std::map<std::string, std::vector<Ref>> refs;
  std::vector<std::string> strangers;
  for (const std::string& name : names) {
    const auto place = ledger_.find_job(name);
    const Attempt* attempt = place ? attempt_of({.study = place->study, .trial = place->trial,
                                                 .job = {.name = name}}) : nullptr;
    if (!attempt) {
      strangers.push_back(name);
      continue;
    }
    const StudyLoop& loop = *ledger_.get(place->study);
    refs[loop.spec().executor.type].push_back(ref(loop, *attempt));
  }
  for (auto& [executor, list] : refs) poll(executor, std::move(list), [] {});
  forget(strangers);  // their end is committed: the file outlived a crash
}

void Jobs::forget(const std::vector<std::string>& names) {
  if (names.empty()) return;
  threads_.compute([names, directory = StatePaths{config_.state_directory}.ended() + "/"] {
    for (const std::string& name : names) ::unlink((directory + name).c_str());
  });
}

}  // namespace hpo::loop
