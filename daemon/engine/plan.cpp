// What is due for a study: read from the state alone, so that a restart needs no other path.
#include <algorithm>

#include "daemon/engine/apply.hpp"

namespace hpo::engine {
namespace {

using Actions = std::vector<Action>;

// Jobs in doubt are looked for, jobs that must go are told so, in any state of the study.
void care_for_jobs(const Study& study, Actions& actions) {
  for (const int number : study.running) {
    const LiveTrial& live = study.open.at(number);
    if (!has_job(live)) continue;
    const Attempt& attempt = *live.attempt;
    if (is_doubtful(attempt.state)) {
      actions.push_back(Locate{number, attempt.number});
    } else if (is_unwanted(study, live)) {
      actions.push_back(Cancel{number, attempt.number});
    }
  }
}

// Of so many at most in one plan, A is due.
template <class A>
void add_each(const std::set<int>& trials, Actions& actions) {
  int count = 0;
  for (const int number : trials) {
    if (++count > drops_max) break;
    actions.push_back(A{number});
  }
}

// Trials that have no job and will get none.
void drop_jobless(const Study& study, Actions& actions) {
  for (const int number : study.running) {
    if (!has_job(study.open.at(number))) actions.push_back(Drop{number});
  }
  add_each<Drop>(study.waiting, actions);
}

// Paused trials end as what they are when no trial may start any more, or too few have improved on
// the best: they were worse than others.
void prune_paused(const Study& study, Actions& actions) {
  add_each<Prune>(study.paused, actions);
}

// Before a new trial, a paused one: it is known to be good so far.
void take_up(const Study& study, StudyReason reason, Actions& actions) {
  if (study.paused.empty()) return;
  if (reason == StudyReason::patience) return prune_paused(study, actions);
  const bool is_last =
      reason != StudyReason::none && study.running.empty() && study.waiting.empty();
  const bool has_place = room(study) > static_cast<int>(study.waiting.size());
  if (has_place) actions.push_back(TakeUpPaused{is_last});
}

}  // namespace

StudyReason enough(const Study& study) {
  const Progress& p = study.progress;
  const Budget& budget = study.spec->budget;
  if (p.failed - p.failures_forgiven > budget.max_failures) return StudyReason::max_failures;
  if (budget.time && p.spent_ns >= std::chrono::nanoseconds(*budget.time).count()) {
    return StudyReason::time;
  }
  if (budget.patience && p.best_trial && p.finished_since_best >= *budget.patience) {
    return StudyReason::patience;
  }
  const bool has_all = p.created >= study.trials_total() || p.exhausted;
  // If all have been tried, it does not matter that there would be no node-hours for another one.
  if (has_spent_node_hours(study) && (!has_all || p.cancelled > 0)) return StudyReason::node_hours;
  if (p.created >= study.trials_total()) return StudyReason::trials;
  return p.exhausted ? StudyReason::space_exhausted : StudyReason::none;
}

namespace {

// Trials that were promised a job are still run when the search has had enough, unless time,
// failures or node-hours forbid any further start.
bool forbids_starts(const Study& study, StudyReason reason) {
  return reason == StudyReason::time || reason == StudyReason::max_failures ||
         has_spent_node_hours(study);
}

// Returns the node-time that is left for new trials. A trial that asks for more than is free waits
// for what runs to give back what it does not use, and the later ones wait behind it: else those
// that ask for less would take it away each time.
std::int64_t start_waiting(const Study& study, Actions& actions) {
  if (study.spec->is_pulled()) return free_node_ms(study);  // workers start them
  for (const int number : study.running) {  // submitted in vain: the same attempt once more
    const LiveTrial& live = study.open.at(number);
    if (!has_job(live)) actions.push_back(Start{number, live.attempt->number});
  }
  int places = room(study);
  std::int64_t free_ms = free_node_ms(study);
  for (const int number : study.waiting) {
    if (places <= 0) break;
    const LiveTrial& live = study.open.at(number);
    const std::int64_t asked_ms = next_node_ms(study, live);
    if (!may_fit(study, live)) {
      actions.push_back(Drop{number});
      continue;
    }
    if (asked_ms > free_ms) return 0;
    actions.push_back(Start{number, live.trial.attempts + 1});
    free_ms -= asked_ms;
    --places;
  }
  return free_ms;
}

// One proposal ahead of need, so that a slot that falls free finds one ready. Workers take trials
// ahead of need themselves, and many come at once where there are many slots.
int ahead(const Study& study) {
  constexpr int share = 8;
  return study.spec->is_pulled() ? std::max(1, study.spec->slots() / share) : 1;
}

void ask(const Study& study, std::int64_t free_ms, Actions& actions) {
  const int waiting = static_cast<int>(study.waiting.size() - study.leased.size());
  const int wanted =
      std::min(std::max(ahead(study), room(study)) - waiting, trials_within(study, free_ms));
  const int left = study.trials_total() - study.progress.created;
  if (wanted > 0) actions.push_back(Ask{study.progress.created, std::min(wanted, left)});
}

bool must_pause(const Study& study) {
  return study.progress.failures_alike >= failures_alike_max && study.successes() == 0;
}

std::string pause_detail(const Study& study) {
  return std::to_string(study.progress.failures_alike) + " attempts failed alike (" +
         study.progress.failure_signature + ") and none has succeeded; look at one with " +
         "'hpo trial' and mend it; 'hpo status' says how to go on";
}

// With much noise the best value is luck in part. A model tells more, and is asked often at first,
// then every eighth trial more, and before the end once more.
bool wants_recommendation(const Study& study, bool is_ending) {
  constexpr int share = 8;
  const Progress& p = study.progress;
  if (study.spec->objective.noise != Noise::high || p.completed == 0) return false;
  return p.finished() - p.recommended_at > (is_ending ? 0 : p.recommended_at / share);
}

void plan_running(const Study& study, Actions& actions) {
  const StudyReason reason = enough(study);
  if (forbids_starts(study, reason)) {
    drop_jobless(study, actions);
    prune_paused(study, actions);
  } else if (must_pause(study)) {
    actions.push_back(Pause{StudyReason::failures_alike, pause_detail(study)});
    return;
  } else if (study.progress.workers_in_vain >= workers_in_vain_max) {
    actions.push_back(Pause{StudyReason::workers, workers_in_vain_detail(study)});
    return;
  } else {
    start_workers(study, actions);
    take_up(study, reason, actions);
    const std::int64_t free_ms = start_waiting(study, actions);
    if (reason == StudyReason::none) ask(study, free_ms, actions);
  }
  const bool is_ending = reason != StudyReason::none && study.open.empty();
  if (wants_recommendation(study, is_ending)) {
    actions.push_back(Recommend{study.progress.finished()});
    return;
  }
  if (!is_ending || !study.workers.empty()) return;
  const bool is_failed = reason == StudyReason::max_failures;
  actions.push_back(End{is_failed ? StudyState::failed : StudyState::finished, reason});
}

}  // namespace

int room(const Study& study) {
  return std::max(0, study.spec->slots() - static_cast<int>(study.running.size()));
}

bool may_begin(const Study& study) {
  return !forbids_starts(study, enough(study)) && !must_pause(study);
}

bool wants_trials(const Study& study) {
  return enough(study) == StudyReason::none && !must_pause(study);
}

std::optional<int> next_to_lease(const Study& study) {
  for (const int number : study.waiting) {
    if (!study.leased.contains(number)) return number;
  }
  return std::nullopt;
}

std::vector<Action> plan(const Study& study) {
  Actions actions;
  if (is_ended(study.progress.state)) return actions;
  care_for_jobs(study, actions);
  care_for_workers(study, actions);
  if (study.progress.state == StudyState::cancelling) {
    drop_jobless(study, actions);
    add_each<Drop>(study.paused, actions);
    const bool is_over = study.open.empty() && study.workers.empty();
    if (is_over) actions.push_back(End{StudyState::cancelled, StudyReason::user});
  } else if (study.progress.state == StudyState::running) {
    plan_running(study, actions);
  }
  return actions;
}

}  // namespace hpo::engine
