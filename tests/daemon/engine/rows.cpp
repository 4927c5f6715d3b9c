// Keeps the rows, and counts each change of a state.
#include "tests/daemon/engine/rows.hpp"

#include <catch2/catch.hpp>

namespace hpo::engine {

void Rows::write(const Study& study, const Changes& changes) {
  note("study", word(study_state_), word(study.progress.state));
  study_state_ = study.progress.state;
  if (changes.attempt) write(*changes.attempt);
  if (changes.trial) write(*changes.trial);
  if (changes.worker) write(*changes.worker);
}

void Rows::write(const WorkerJob& worker) {
  const auto row = workers_.find(worker.attempt.number);
  note("worker", row == workers_.end() ? "" : word(row->second.attempt.state),
       word(worker.attempt.state));
  workers_[worker.attempt.number] = worker;
  const bool is_running = worker.attempt.state == AttemptState::running;
  if (is_running) workers_have_run_.insert(worker.attempt.number);
}

void Rows::write(const Attempt& attempt) {
  const auto row = attempts_.find({attempt.trial, attempt.number});
  note("attempt", row == attempts_.end() ? "" : word(row->second.state), word(attempt.state));
  attempts_[{attempt.trial, attempt.number}] = attempt;
  if (attempt.state == AttemptState::running) have_run_.insert({attempt.trial, attempt.number});
}

void Rows::write(const Trial& trial) {
  const auto row = trials_.find(trial.number);
  if (row != trials_.end()) REQUIRE_FALSE(is_finished(row->second.state));  // I7: final is final
  note("trial", row == trials_.end() ? "" : word(row->second.state), word(trial.state));
  trials_[trial.number] = trial;
  if (is_finished(trial.state)) check_finished(trial);
}

void Rows::note(std::string kind, std::string_view from, std::string_view to) {
  if (from != to) ++fired_[kind + " " + std::string(from) + ">" + std::string(to)];
}

const Attempt* Rows::attempt(int trial, int number) const {
  const auto found = attempts_.find({trial, number});
  return found == attempts_.end() ? nullptr : &found->second;
}

Study Rows::load(const Study& study) const {
  Study loaded{.id = study.id, .spec = study.spec, .progress = study.progress};
  for (const auto& [number, trial] : trials_) {
    if (!is_finished(trial.state)) loaded.open[number].trial = trial;
  }
  for (const auto& [key, attempt] : attempts_) {
    const auto live = loaded.open.find(key.first);
    if (live == loaded.open.end()) continue;
    live->second.attempt = attempt;  // in the order of numbers: the latest stays
    const bool is_given_up =
        attempt.state == AttemptState::lost || attempt.state == AttemptState::late;
    if (is_given_up) live->second.lost.push_back(attempt);
  }
  for (const auto& [number, worker] : workers_) {
    const AttemptState state = worker.attempt.state;
    if (is_live(state) || state == AttemptState::absent) loaded.workers[number] = worker;
  }
  index(loaded);
  return loaded;
}

}  // namespace hpo::engine
