// See lease_book.hpp. What happens in the slots, and what is begun and ended there.
#include "cli/worker/lease_book.hpp"

#include <algorithm>
#include <utility>

namespace hpo::cli::worker {
namespace {

const std::string time_over = "the worker's time was over (--max-time)";

// Else a training that takes longer than its worker may use up all its attempts.
std::string remedy_of(const std::string& drain_reason) {
  if (drain_reason != time_over) return {};
  return "; to mend it, raise the executor's \"time\" (of a worker started by hand --max-time), or "
         "save checkpoints (hpo.checkpoint()): the next attempt goes on from there";
}

Outcome preempted(const std::string& why) {
  return {.status = OutcomeStatus::failed, .failure = FailureClass::preempted, .message = why};
}

}  // namespace

void LeaseBook::close(Entry& entry, Outcome outcome) {
  entry.phase = Phase::ended;
  entry.slot = -1;
  entry.outcome = std::move(outcome);
}

// The runner says "cancelled" whoever told the training to end; if it was us, it is to go on
// elsewhere, from its checkpoint.
void LeaseBook::ended(LeaseKey key, Outcome outcome, Instant now) {
  const auto found = entries_.find(key);
  if (found == entries_.end()) return;
  Entry& entry = found->second;
  if (outcome.status == OutcomeStatus::completed) run_times_.add(now - entry.began);
  if (outcome.failure != FailureClass::infrastructure) begin_failures_ = 0;
  if (entry.is_preempted && outcome.status == OutcomeStatus::cancelled) {
    outcome.status = OutcomeStatus::failed;
    outcome.failure = FailureClass::preempted;
    outcome.message = drain_reason_ + "; the training was told to end" +
                      remedy_of(drain_reason_);
  }
  close(entry, std::move(outcome));
  if (is_gone_) entries_.erase(found);
}

void LeaseBook::not_begun(LeaseKey key, Outcome outcome, Instant now) {
  begin_at_ = now + begin_pause(++begin_failures_);
  ended(key, std::move(outcome), now);
}

void LeaseBook::reported(LeaseKey key, StepTold report) {
  const auto found = entries_.find(key);
  if (found == entries_.end()) return;
  HeldSteps& reports = found->second.reports;
  if (found->second.is_dropped) thin(found->second, reports.push_waiting(std::move(report)));
  else reports.push(std::move(report));
}

void LeaseBook::thin(Entry& entry, int gone) {
  entry.thinned += gone;
  reports_thinned_ += gone;
}

void LeaseBook::drain(const std::string& why) {
  if (!is_draining()) drain_reason_ = why;
}

void LeaseBook::study_is_gone() {
  is_gone_ = true;
  in_flight_.reset();
  is_unsure_ = false;
  drain("the study takes no results any more");
  std::erase_if(entries_, [](const auto& each) { return each.second.phase != Phase::training; });
}

std::vector<Action> LeaseBook::take_actions(Instant now) {
  if (now >= limits_.stop_at) drain(time_over);
  std::vector<Action> actions;
  give_back(now);
  stop_trainings(actions);
  fill_slots(now, actions);
  return actions;
}

bool LeaseBook::has_time(Instant now) const {
  if (limits_.stop_at == never) return true;
  return now + run_times_.usual().value_or(Instant(0)) < limits_.stop_at;
}

// Trials of an expired lease may train elsewhere by now: they are not begun, and not told of. In a
// pause nothing is begun, and a worker job that holds nothing may leave.
void LeaseBook::give_back(Instant now) {
  const bool keeps = !is_draining() && state_ < StudyState::cancelling && has_time(now);
  for (auto it = entries_.begin(); it != entries_.end();) {
    Entry& entry = it->second;
    const bool is_lost = entry.phase == Phase::ahead && now >= entry.lease_until;
    if (is_lost) {
      it = entries_.erase(it);
      continue;
    }
    const bool is_kept = keeps && (entry.trial.is_started || state_ == StudyState::running);
    if (entry.phase == Phase::ahead && !is_kept) {
      if (!entry.trial.is_started) entry.phase = Phase::returned;
      else close(entry, preempted(is_draining() ? drain_reason_ : "its worker had no time left"));
    }
    ++it;
  }
}

void LeaseBook::stop_trainings(std::vector<Action>& actions) {
  for (auto& [key, entry] : entries_) {
    const bool is_wanted = entry.is_stop_wanted || is_draining();
    if (entry.phase != Phase::training || entry.is_stop_given || !is_wanted) continue;
    entry.is_stop_given = true;
    entry.is_preempted = !entry.is_stop_wanted;
    actions.emplace_back(StopTraining{key});
  }
}

bool LeaseBook::may_begin(Instant now) const {
  return !is_draining() && state_ < StudyState::cancelling && now >= begin_at_ && has_time(now);
}

// Those that the daemon counts as running go first; others need time to tell.
LeaseBook::Entries::iterator LeaseBook::next_ahead(Instant now) {
  auto best = entries_.end();
  for (auto it = entries_.begin(); it != entries_.end(); ++it) {
    const Entry& entry = it->second;
    const bool may = entry.trial.is_started || now + begin_margin(lease_) < entry.lease_until;
    if (entry.phase != Phase::ahead || !may) continue;
    if (entry.trial.is_started) return it;
    if (best == entries_.end()) best = it;
  }
  return best;
}

void LeaseBook::fill_slots(Instant now, std::vector<Action>& actions) {
  if (!may_begin(now)) return;
  for (const int slot : free_slots()) {
    const auto next = next_ahead(now);
    if (next == entries_.end()) return;
    Entry& entry = next->second;
    entry.phase = Phase::training;
    entry.slot = slot;
    entry.began = now;
    entry.is_start_told = entry.trial.is_started;
    actions.emplace_back(Begin{entry.trial, slot});
  }
}

std::vector<int> LeaseBook::free_slots() const {
  std::vector<bool> is_taken(static_cast<std::size_t>(limits_.slots), false);
  for (const auto& [key, entry] : entries_) {
    if (entry.phase == Phase::training) is_taken[static_cast<std::size_t>(entry.slot)] = true;
  }
  std::vector<int> free;
  for (int slot = 0; slot < limits_.slots; ++slot) {
    if (!is_taken[static_cast<std::size_t>(slot)]) free.push_back(slot);
  }
  return free;
}

int LeaseBook::count(Phase phase) const {
  return static_cast<int>(std::count_if(entries_.begin(), entries_.end(), [&](const auto& each) {
    return each.second.phase == phase;
  }));
}

int LeaseBook::reports_waiting(LeaseKey key) const {
  const auto found = entries_.find(key);
  if (found == entries_.end() || found->second.is_dropped) return 0;
  return static_cast<int>(found->second.reports.count());
}

std::string LeaseBook::why_done(const std::string& study) const {
  if (is_draining()) return drain_reason_;
  if (is_dismissed_) return study + " has nothing left for it";
  if (state_ >= StudyState::cancelling) return study + " is " + std::string(word(state_));
  return "no further trial would end in its time (--max-time)";
}

bool LeaseBook::is_done(Instant now) const {
  const bool is_over = is_draining() || state_ >= StudyState::cancelling || !has_time(now);
  return is_over && entries_.empty() && !in_flight_ && !must_ask_again();
}

}  // namespace hpo::cli::worker
