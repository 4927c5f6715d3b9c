// The part of jobs.hpp that asks for news: by timer for all jobs, by ended/ for a few.
#include <unistd.h>

#include <algorithm>
#include <utility>

#include "daemon/loop/jobs.hpp"
#include "schema/paths.hpp"

namespace hpo::loop {
namespace {

constexpr int looks_min = 3;  // a stray is one that two listings show

// Workers tell of their trials themselves; hpod may have started these workers.
bool has_jobs_of_ours(const StudyLoop& loop) {
  return !loop.spec().is_pulled() || loop.spec().has_worker_jobs();
}

}  // namespace

// What an earlier life submitted may come late, though its study has ended since. How long ago that
// was is not known, as wall clocks jump: it is waited for as if it had been just now.
Result<void> Jobs::start() {
  for (const auto& [name, executor] : executors_) {
    const ExecutorRules& rules = config_.rules_of(name);
    if (rules.is_on_this_node) continue;
    const auto has_submitted = store_.has_submitted_to(name);
    if (!has_submitted) return has_submitted.error();
    if (*has_submitted) {
      lines_[name].quiet_ns = threads_.monotonic_ns() + rules.absent_after.count();
    }
  }
  poll_all();
  return {};
}

void Jobs::poll_all() {
  const std::int64_t now_ns = threads_.monotonic_ns();
  std::map<std::string, std::vector<Ref>> refs;  // of the executors whose time has come
  for (const auto& [id, loop] : ledger_.studies()) {
    if (!has_jobs_of_ours(*loop)) continue;
    Line& line = lines_[loop->spec().executor.type];
    const bool has_jobs = add_refs(*loop, is_due(line, now_ns) ? &refs : nullptr);
    const ExecutorRules& rules = config_.rules_of(loop->spec().executor.type);
    if (!has_jobs || rules.is_on_this_node) continue;
    line.quiet_ns = now_ns + rules.absent_after.count();
    line.looks = 0;
  }
  waits_.forget_if([this](const std::string& study) {
    return std::ranges::none_of(ledger_.studies(), [&](const auto& entry) {
      return entry.second->spec().name == study;
    });
  });
  for (const auto& [name, line] : lines_) {  // what comes late may come after the last job
    const bool may_come = now_ns < line.quiet_ns || (line.quiet_ns > 0 && line.looks < looks_min);
    if (may_come && is_due(line, now_ns)) refs.try_emplace(name);
  }
  for (auto& [name, list] : refs) {
    Line& line = lines_[name];
    line.is_polling = true;
    line.next_poll_ns = now_ns + config_.rules_of(name).poll_interval.count();
    poll(name, std::move(list), [this, name = name] {
      lines_[name].is_polling = false;
      cancel_strays(name);
    });
  }
}

bool Jobs::is_due(const Line& line, std::int64_t now_ns) {
  return now_ns >= line.next_poll_ns && !line.is_polling;  // a poll has yet to return
}

// True: the study has jobs to be asked about. They are added if there is a list.
bool Jobs::add_refs(StudyLoop& loop, std::map<std::string, std::vector<Ref>>* refs) {
  bool has_jobs = false;
  const auto add_ref = [&](Ref ref) {
    has_jobs = true;
    if (!refs) return;
    hand_absence(loop, ref);
    (*refs)[loop.spec().executor.type].push_back(std::move(ref));
  };
  for (const auto& [number, worker] : loop.study.workers) {
    const bool is_known = is_live(worker.attempt.state) && !worker.attempt.native_id.empty();
    if (is_known) add_ref(ref(loop, Owner{.is_worker = true, .number = number}));
  }
  if (loop.spec().is_pulled()) return has_jobs;
  const auto add = [&](const Attempt& attempt) { add_ref(ref_with_steps(loop, attempt)); };
  for (const int number : loop.study.running) {
    const auto& attempt = loop.study.open.at(number).attempt;
    if (attempt && is_live(attempt->state) && !attempt->native_id.empty()) add(*attempt);
  }
  for (const int number : loop.with_lost) {
    const auto live = loop.study.open.find(number);
    if (live == loop.study.open.end()) continue;
    for (const Attempt& lost : live->second.lost) {  // given up, but a result is a result
      if (lost.state == AttemptState::lost) add(lost);
    }
  }
  return has_jobs;
}

void Jobs::cancel_strays(const std::string& name) {
  if (config_.rules_of(name).is_on_this_node) return;  // there, each job ends with its successor
  std::vector<std::string> live;
  for (const auto& [id, loop] : ledger_.studies()) {
    if (loop->spec().executor.type != name) continue;
    for (const int number : loop->study.running) {
      const auto& attempt = loop->study.open.at(number).attempt;
      if (attempt && is_live(attempt->state)) live.push_back(attempt->job);
    }
    for (const auto& [number, worker] : loop->study.workers) {
      if (is_live(worker.attempt.state)) live.push_back(worker.attempt.job);
    }
  }
  threads_.executor(name, [this, name, executor = executors_.find(name)->second.get(),
                           live = std::move(live)] {
    const bool has_looked = executor->cancel_strays(live);
    take_incidents(*executor);
    if (has_looked) threads_.engine([this, name] { ++lines_[name].looks; });
  });
}

// On the executor's strand; from there to the engine's.
void Jobs::take_incidents(Executor& executor) {
  auto incidents = executor.take_incidents();
  if (incidents.empty()) return;
  threads_.engine([this, incidents = std::move(incidents)] {
    for (const Incident& each : incidents) note(each);
  });
}

// Told in the history of its trial; the executor has logged it, for a study that has ended too.
void Jobs::note(const Incident& incident) {
  commits_.enter({.change = [this, incident]() -> Result<void> {
    const auto place = store_.find_submission(incident.job);
    if (!place) return place.error();
    StudyLoop* loop = *place ? ledger_.get((*place)->study) : nullptr;
    if (!loop) return {};
    return ledger_.record(*loop, AttemptIncident{(*place)->trial, (*place)->attempt,
                                                 incident.message, incident.job});
  }});
}

void Jobs::poll(const std::string& name, std::vector<Ref> refs, Work returned) {
  Executor* executor = executors_.find(name)->second.get();
  threads_.executor(name, [this, executor, refs = std::move(refs), returned = std::move(returned)] {
    std::vector<Job> jobs;
    for (const Ref& about : refs) jobs.push_back(about.job);
    auto statuses = executor->poll(jobs);
    take_incidents(*executor);
    std::vector<News> news;
    for (std::size_t i = 0; statuses && i < refs.size(); ++i) {
      news.push_back(news_of(refs[i], (*statuses)[i]));
    }
    threads_.engine([this, refs, returned, news = std::move(news)] {
      returned();
      if (news.empty()) return;  // the next poll asks again
      for (std::size_t i = 0; i < refs.size(); ++i) tell(refs[i], news[i]);
      waits_.publish();
    });
  });
}

// An entry only for news: most polls find everything as it was, and cost no transaction.
void Jobs::tell(const Ref& about, const News& news) {
  const JobStatus& status = news.status;
  const Attempt* attempt = attempt_of(about);
  if (!attempt) return;
  if (attempt->state == AttemptState::lost && status.state != JobState::ended) return;
  note_wait(about, status);
  if (is_live(attempt->state)) note_absence(about, status);
  const bool is_news = status.state == JobState::ended || status.state == JobState::gone ||
                       (status.state == JobState::running &&
                        attempt->state != AttemptState::running);
  if (!is_news && news.steps.empty() && news.bytes_skipped == 0) return;
  const bool is_over = status.state == JobState::ended || status.state == JobState::gone;
  if (about.owner.is_worker && is_over) end_worker(about, news);
  else record(about, news, is_news);
}

// Its trials are lost with it: the steps that it did not tell come first.
void Jobs::end_worker(const Ref& about, const News& news) {
  StudyLoop& loop = *ledger_.get(about.study);
  if (std::exchange(flight(loop, about.owner).is_ending, true)) return;
  const std::vector<int> begun = begun_by(loop, about.owner.number);
  if (begun.empty()) return record(about, news, true);
  const auto left = std::make_shared<std::size_t>(begun.size());
  for (const int trial : begun) {
    left_steps_.tell(loop, trial, [this, about, news, left] {
      if (--*left == 0) record(about, news, true);
    });
  }
}

void Jobs::record(const Ref& about, const News& news, bool is_news) {
  commits_.enter({.change = [this, about, news, is_news]() -> Result<void> {
    Attempt* current = attempt_of(about);
    if (!current) return {};
    StudyLoop& loop = *ledger_.get(about.study);
    const bool is_trial = !about.owner.is_worker;
    auto told = is_trial ? tell_steps(loop, about, *current, news) : Result<void>();
    const bool is_told = is_news && !news.has_more;
    return told && is_told ? seen(loop, about, *current, news.status) : told;
  }, .settled = [this, about, status = news.status, has_more = news.has_more](const auto& result) {
    if (!result) forget_news(about);
    else if (has_more) read_on(about, status);
  }});
}

void Jobs::note_wait(const Ref& about, const JobStatus& status) {
  const bool may_wait = status.state == JobState::queued || status.state == JobState::unknown ||
                        status.state == JobState::running;
  note_wait(*ledger_.get(about.study), about.owner, may_wait ? status.detail : std::string(),
            status.native_id);
}

Result<Outcome> Jobs::as_it_counts(StudyLoop& loop, const Ref& about, const Attempt& attempt,
                                   const Outcome& outcome) {
  if (about.owner.is_worker) return outcome;
  return reports_.as_it_counts(loop, attempt, outcome);
}

Result<void> Jobs::seen(StudyLoop& loop, const Ref& about, Attempt& attempt,
                        const JobStatus& status) {
  const bool was_doubtful =
      attempt.state == AttemptState::submitting || attempt.state == AttemptState::unknown;
  if (status.state == JobState::ended) {
    auto outcome = as_it_counts(loop, about, attempt, *status.outcome);
    return outcome ? record_end(ledger_, loop, about, *outcome) : outcome.error();
  }
  if (status.state == JobState::gone) {
    return record_end(ledger_, loop, about,
                      {.status = OutcomeStatus::lost, .failure = FailureClass::lost,
                       .message = "the job is gone and left no result: " + status.detail});
  }
  const bool is_running = status.state == JobState::running;
  if (was_doubtful) return ledger_.record(loop, job_submitted(about, status.native_id, is_running));
  if (is_running && attempt.state != AttemptState::running) {
    return ledger_.record(loop, job_running(about));
  }
  return {};
}

void Jobs::ended(const std::vector<std::string>& names) {
  std::map<std::string, std::vector<Ref>> refs;
  std::vector<std::string> strangers;
  for (const std::string& name : names) {
    const auto place = ledger_.find_job(name);
    const Attempt* attempt = place ? attempt_of({.study = place->study, .owner = place->owner,
                                                 .job = {.name = name}}) : nullptr;
    if (!attempt) {
      strangers.push_back(name);
      continue;
    }
    StudyLoop& loop = *ledger_.get(place->study);
    const bool is_workers_trial = loop.spec().is_pulled() && !place->owner.is_worker;
    if (is_workers_trial) continue;
    refs[loop.spec().executor.type].push_back(place->owner.is_worker
                                                  ? ref(loop, place->owner)
                                                  : ref_with_steps(loop, *attempt));
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
