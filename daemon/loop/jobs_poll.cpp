// The part of jobs.hpp that asks for news: by timer for all jobs, by ended/ for a few.
#include <unistd.h>

#include <algorithm>
#include <utility>

#include "daemon/loop/jobs.hpp"
#include "schema/paths.hpp"

namespace hpo::loop {
namespace {

constexpr int looks_min = 3;  // a stray is one that two listings show

}  // namespace

void Jobs::poll_all() {
  const std::int64_t now_ns = threads_.monotonic_ns();
  std::map<std::string, std::vector<Ref>> refs;  // of the executors whose time has come
  for (const auto& [id, loop] : ledger_.studies()) {
    if (loop->spec().is_pulled()) continue;  // workers tell of their trials themselves
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
bool Jobs::add_refs(const StudyLoop& loop, std::map<std::string, std::vector<Ref>>* refs) const {
  bool has_jobs = false;
  const auto add = [&](const Attempt& attempt) {
    has_jobs = true;
    if (refs) (*refs)[loop.spec().executor.type].push_back(ref(loop, attempt));
  };
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
    threads_.engine([this, refs, returned, statuses = std::move(statuses)] {
      returned();
      if (!statuses) return;  // the next poll asks again
      for (std::size_t i = 0; i < refs.size(); ++i) tell(refs[i], (*statuses)[i]);
      waits_.publish();
    });
  });
}

// An entry only for news: most polls find everything as it was, and cost no transaction.
void Jobs::tell(const Ref& about, const JobStatus& status) {
  const Attempt* attempt = attempt_of(about);
  if (!attempt) return;
  if (attempt->state == AttemptState::lost && status.state != JobState::ended) return;
  note_wait(about, status);
  const bool is_news = status.state == JobState::ended || status.state == JobState::gone ||
                       (status.state == JobState::running &&
                        attempt->state != AttemptState::running);
  if (!is_news) return;
  enter(about, [this, about, status](StudyLoop& loop, Attempt& a) {
    return seen(loop, about, a, status);
  });
}

void Jobs::note_wait(const Ref& about, const JobStatus& status) {
  const bool may_wait = status.state == JobState::queued || status.state == JobState::unknown ||
                        status.state == JobState::running;
  waits_.note(ledger_.get(about.study)->spec().name, about.trial,
              may_wait ? status.detail : std::string(), status.native_id);
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
    if (loop.spec().is_pulled()) continue;
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
