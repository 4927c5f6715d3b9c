// Memory and rows in step: apply, write, keep the books; and read again what was undone.
//
// Engine strand.
#include "daemon/loop/ledger.hpp"

#include <cmath>
#include <utility>

namespace hpo::loop {

StudyLoop& Ledger::adopt(engine::Study study) {
  engine::index(study);
  auto& loop = studies_[study.id];
  if (!loop) loop = std::make_unique<StudyLoop>();
  names_[study.spec->name] = study.id;
  for (const int number : study.running) {
    shares_.started(study.id, threads_.monotonic_ns());
    const auto& attempt = study.open.at(number).attempt;
    if (attempt) jobs_[attempt->job] = {study.id, {.number = number}};
  }
  for (const auto& [number, worker] : study.workers) {
    jobs_[worker.attempt.job] = {study.id, {.is_worker = true, .number = number}};
  }
  for (const auto& [number, live] : study.open) {
    for (const Attempt& lost : live.lost) {
      jobs_[lost.job] = {study.id, {.number = number}};
      loop->with_lost.insert(number);
    }
  }
  loop->study = std::move(study);
  loop->counted_ns = threads_.monotonic_ns();
  return *loop;
}

void Ledger::release_shares(const StudyLoop& loop) {
  for (std::size_t i = 0; i < loop.study.running.size(); ++i) {
    shares_.ended(loop.id(), threads_.monotonic_ns());
  }
}

Result<void> Ledger::load() {
  auto unfinished = store_.load_unfinished();
  if (!unfinished) return unfinished.error();
  for (engine::Study& study : *unfinished) touch(adopt(std::move(study)).id());
  history_seq_ = store_.last_history_seq();
  return {};
}

StudyLoop* Ledger::get(std::int64_t study) {
  const auto found = studies_.find(study);
  return found == studies_.end() ? nullptr : found->second.get();
}

StudyLoop* Ledger::get(const std::string& name) {
  const auto known = names_.find(name);
  return known == names_.end() ? nullptr : get(known->second);
}

Result<StudyLoop*> Ledger::find(const std::string& name) {
  if (StudyLoop* known = get(name)) return known;
  auto stored = store_.find_study(name);
  if (!stored) return stored.error();
  if (!*stored) {
    return Error{ErrorCode::not_found, "no study is called '" + name + "'", "study '" + name + "'",
                 "'hpo status' lists the studies"};
  }
  auto study = store_.load((*stored)->id);
  if (!study) return study.error();
  touch((*stored)->id);
  return &adopt(std::move(*study));
}

Result<StudyLoop*> Ledger::create(const StudySpec& spec, const std::string& content_hash) {
  const Event event{.at_ns = threads_.utc_ns(), .body = StudyCreated{}};
  auto id = store_.create_study(spec, content_hash, event);
  if (!id) return id.error();
  engine::Study study{.id = *id, .spec = std::make_shared<const StudySpec>(spec)};
  if (auto applied = engine::apply(study, event); !applied) return applied.error();
  has_written_ = true;
  touch(*id);
  touched_by_entry_.insert(*id);
  StudyLoop& loop = adopt(std::move(study));
  log(loop, event);
  return &loop;
}

Result<void> Ledger::record(StudyLoop& loop, decltype(Event::body) body) {
  const std::int64_t now_ns = threads_.monotonic_ns();
  Event event{.at_ns = threads_.utc_ns(), .history_seq = history_seq_ + 1,
              .body = std::move(body)};
  if (loop.is_running()) event.elapsed_ns = now_ns - loop.counted_ns;
  loop.counted_ns = now_ns;
  touch(loop.id());
  touched_by_entry_.insert(loop.id());
  const int running_before = static_cast<int>(loop.study.running.size());
  auto changes = engine::apply(loop.study, event);
  if (!changes) return changes.error();
  keep_books(loop, *changes, running_before);
  has_written_ = true;
  auto seq = store_.write(loop.study, *changes, event);
  if (!seq) return seq.error();
  event_seq_ = *seq;
  log(loop, event);
  return changes->worker ? write_with_worker_(loop, *changes->worker) : Result<void>();
}

Result<Decision> Ledger::keep(StudyLoop& loop, JudgedReport row,
                              const std::function<Decision(const Report&)>& judge) {
  touched_by_entry_.insert(loop.id());
  reported_.insert(loop.id());
  has_written_ = true;
  row.report.seq = ++history_seq_;
  row.decision = judge(row.report);
  auto written = store_.write_report(loop.id(), row);
  if (!written) return written.error();
  return row.decision;
}

// A pruner that is not in memory reads it from the rows.
void Ledger::tell_pruner(StudyLoop& loop, const Trial& trial) {
  if (loop.pruner) loop.pruner->finished(trial.number, trial.state, trial.value.value_or(NAN));
}

void Ledger::log(StudyLoop& loop, const Event& event) {
  const auto* incident = std::get_if<AttemptIncident>(&event.body);
  const bool is_remark = incident && incident->remark;
  if (is_remark && !loop.remarks_logged.insert(*incident->remark).second) return;
  const std::string& name = loop.spec().name;
  auto line = is_logged_(loop.spec().executor.type)
                  ? log_line(name, event) : log_line_here(name, event, loop.failures_logged);
  if (line) log_.push_back(*std::move(line));
}

Result<void> Ledger::remember(const IdempotencyKey& key, const store::StoredReply& reply) {
  has_written_ = true;
  return store_.remember(key.key, key.route, reply);
}

Result<void> Ledger::keep_token(const StudyLoop& loop, std::string_view sha256,
                                std::chrono::seconds valid) {
  has_written_ = true;
  touched_by_entry_.insert(loop.id());
  log_.push_back({"info", "token given out study=" + loop.spec().name + " valid_s=" +
                              std::to_string(valid.count())});
  return store_.keep_token(loop.id(), sha256, valid);
}

Result<void> Ledger::revoke_tokens(const StudyLoop& loop) {
  has_written_ = true;
  touched_by_entry_.insert(loop.id());
  log_.push_back({"info", "tokens revoked study=" + loop.spec().name});
  return store_.revoke_tokens(loop.id());
}

void Ledger::keep_books(StudyLoop& loop, const engine::Changes& changes, int running_before) {
  const int running = static_cast<int>(loop.study.running.size());
  if (running > running_before) shares_.started(loop.id(), loop.counted_ns);
  if (running < running_before) shares_.ended(loop.id(), loop.counted_ns);
  if (changes.trial && is_finished(changes.trial->state)) {
    ++history_seq_;
    loop.with_lost.erase(changes.trial->number);
    loop.tails.erase(changes.trial->number);
    loop.remarks.erase(changes.trial->number);
    loop.untold.erase(changes.trial->number);
    tell_pruner(loop, *changes.trial);
    learn(loop, *changes.trial);
  }
  if (changes.worker) keep_books(loop, changes.worker->attempt);
  if (!changes.attempt) return;
  if (is_live(changes.attempt->state)) {
    jobs_[changes.attempt->job] = {loop.id(), {.number = changes.attempt->trial}};
  } else {
    note_end(loop, *changes.attempt);
  }
}

void Ledger::keep_books(StudyLoop& loop, const Attempt& of_worker) {
  const Owner owner{.is_worker = true, .number = of_worker.number};
  if (is_live(of_worker.state)) {
    jobs_[of_worker.job] = {loop.id(), owner};
    return;
  }
  jobs_.erase(of_worker.job);
  ended_jobs_.push_back(of_worker.job);
  forget_flight(loop, owner, of_worker.job);
}

// A lost job stays known while its trial is open. A flight may be of a newer job by now. A worker
// tells of its trials' ends itself, so they leave no file in ended/.
void Ledger::note_end(StudyLoop& loop, const Attempt& attempt) {
  if (attempt.state == AttemptState::lost) loop.with_lost.insert(attempt.trial);
  else jobs_.erase(attempt.job);
  if (!loop.spec().is_pulled()) ended_jobs_.push_back(attempt.job);
  forget_flight(loop, {.number = attempt.trial}, attempt.job);
}

void Ledger::forget_flight(StudyLoop& loop, const Owner& owner, const std::string& job) {
  const auto flight = loop.flights.find(owner);
  const bool is_its = flight != loop.flights.end() && flight->second.job == job;
  if (is_its) loop.flights.erase(flight);
}

Result<void> Ledger::undo_entry() {
  const auto touched = std::exchange(touched_by_entry_, {});
  log_.resize(log_of_entry_);
  if (auto undone = store_.undo(); !undone) return undone.error();
  return reload(touched);
}

Result<void> Ledger::rolled_back() {
  auto touched = std::exchange(touched_, {});
  touched.merge(reported_);
  reported_.clear();
  touched_by_entry_.clear();
  ended_jobs_.clear();
  log_.clear();
  has_written_ = false;
  auto reloaded = reload(touched);
  history_seq_ = store_.last_history_seq();
  return reloaded;
}

// What is under way with executors stays known: it does not depend on the lost transaction. The
// history goes too: it may hold trials that did not become finished after all.
Result<void> Ledger::reload(const std::set<std::int64_t>& studies) {
  for (const std::int64_t id : studies) {
    StudyLoop* loop = get(id);
    if (!loop) continue;
    release_shares(*loop);
    loop->study.running.clear();
    drop_proposals(*loop);
    loop->history.reset();
    loop->news.clear();
    loop->rung_news.clear();
    loop->pruner.reset();
    loop->tails.clear();
    loop->remarks.clear();
    loop->untold.clear();
    loop->remarks_logged.clear();
    loop->is_reading = false;
    loop->failures_logged.clear();
    const std::int64_t counted_ns = loop->counted_ns;
    const std::int64_t spent_ns = loop->study.progress.spent_ns;
    auto study = store_.load(id);
    if (study) {
      StudyLoop& again = adopt(std::move(*study));
      // What the undone events had counted of budget.time is still to be counted.
      again.counted_ns = counted_ns - (spent_ns - again.study.progress.spent_ns);
      touch(id);
    } else if (study.error().code == ErrorCode::not_found) {  // its creation was undone
      names_.erase(loop->spec().name);
      studies_.erase(id);
      touched_.erase(id);
    } else {
      return study.error();
    }
  }
  return {};
}

Ledger::Outcome Ledger::committed() {
  Outcome outcome{.touched = std::exchange(touched_, {}),
                  .ended_jobs = std::exchange(ended_jobs_, {}), .log = std::exchange(log_, {}),
                  .last_event_seq = event_seq_};
  touched_by_entry_.clear();
  reported_.clear();
  has_written_ = false;
  for (const std::int64_t id : outcome.touched) {
    StudyLoop* loop = get(id);
    if (!loop || !is_ended(loop->study.progress.state)) continue;
    names_.erase(loop->spec().name);
    outcome.ended_studies.push_back(loop->spec().name);
    shares_.forget(id);
    studies_.erase(id);
  }
  return outcome;
}

std::optional<Ledger::Place> Ledger::find_job(const std::string& job) const {
  const auto found = jobs_.find(job);
  return found == jobs_.end() ? std::nullopt : std::optional(found->second);
}

std::set<int> Ledger::devices_taken() const {
  std::set<int> taken;
  for (const auto& [id, loop] : studies_) {
    for (const int number : loop->study.running) {
      const auto& attempt = loop->study.open.at(number).attempt;
      if (attempt) taken.insert(attempt->devices.begin(), attempt->devices.end());
    }
    for (const auto& [number, worker] : loop->study.workers) {
      taken.insert(worker.attempt.devices.begin(), worker.attempt.devices.end());
    }
  }
  return taken;
}

}  // namespace hpo::loop
