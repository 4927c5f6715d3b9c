// See telling.hpp. Engine strand.
#include "daemon/loop/telling.hpp"

#include <algorithm>

#include "daemon/loop/job_request.hpp"
#include "schema/codec/codec.hpp"
#include "schema/json/writer.hpp"

namespace hpo::loop {
namespace {

const Attempt* attempt_of(const engine::LiveTrial& live, std::int64_t fence) {
  if (live.attempt && live.attempt->fence == fence) return &*live.attempt;
  for (const Attempt& lost : live.lost) {
    if (lost.fence == fence) return &lost;
  }
  return nullptr;
}

// As far as a repeated word can differ: what the engine adds to an outcome is its own.
bool is_same(const Outcome& stored, const Outcome& told) {
  const bool is_partial = stored.status == OutcomeStatus::pruned &&
                          told.status == OutcomeStatus::completed;  // see Reports::as_it_counts()
  return (stored.status == told.status || is_partial) && stored.value == told.value;
}

// "completed, value 0.25, auc 0.9"; "failed (exit_code): no beam".
std::string in_words(const Outcome& outcome) {
  std::string text(word(outcome.status));
  if (outcome.failure) text += " (" + std::string(word(*outcome.failure)) + ")";
  if (outcome.value) text += ", value " + json::number_text(*outcome.value);
  for (const auto& [name, value] : outcome.metrics) {
    text += ", " + name + " " + json::number_text(value);
  }
  return outcome.message.empty() ? text : text + ": " + outcome.message;
}

// Of an attempt that ended without it, or was never begun for all that is known here. Once: a
// repeated word finds the key.
Result<Objection> keep_late(const CommandContext& context, StudyLoop& loop, const Attempt& attempt,
                            const Outcome& outcome) {
  const std::string text = outcome_to_json(outcome);
  const std::string key = "late " + loop.spec().name + "/" + std::to_string(attempt.trial) + " " +
                          std::to_string(attempt.fence);
  const Objection superseded =
      "its lease had run out: the result is kept in the trial's history, and not counted";
  auto known = context.store.recall(key, "late");
  if (!known) return known.error();
  if (*known) return superseded;
  auto kept = context.ledger.record(loop, AttemptIncident{attempt.trial, attempt.number,
                                                          "a late result, not counted: " +
                                                              in_words(outcome),
                                                          attempt.job});
  if (kept) kept = context.ledger.remember({.key = key, .route = "late"}, {.body = text});
  if (!kept) return kept.error();
  return superseded;
}

// It had the trial ahead, and began it when its lease had run out, or could not say so in time.
Result<Objection> keep_unbegun(const CommandContext& context, StudyLoop& loop, const Told& told) {
  const auto trial = context.store.load_trial(loop.id(), told.lease.trial);
  const bool is_known = trial && told.lease.fence <= trial->lease.fence;
  if (!is_known) return why_gone(loop, told.lease);
  const Attempt attempt{.trial = told.lease.trial, .number = std::max(1, trial->attempts),
                        .fence = told.lease.fence};
  return keep_late(context, loop, attempt, told.outcome);
}

// The trial is open no more, or this attempt's end is known.
Result<Objection> compare(const CommandContext& context, StudyLoop& loop, const Told& told) {
  const Held& lease = told.lease;
  const auto stored = context.store.find_lease(loop.id(), lease.trial, lease.fence);
  if (!stored) return stored.error();
  if (!*stored) return keep_unbegun(context, loop, told);
  if ((*stored)->state == AttemptState::lost) {
    return keep_late(context, loop, **stored, told.outcome);
  }
  if (is_same((*stored)->outcome, told.outcome)) return Objection();
  return Objection("another result of this attempt came first and stands");
}

}  // namespace

const engine::LiveTrial* holder(const StudyLoop& loop, const Held& lease) {
  const auto live = loop.study.open.find(lease.trial);
  const bool is_its = live != loop.study.open.end() &&
                      live->second.trial.lease.is_held_under(lease.fence);
  return is_its ? &live->second : nullptr;
}

const Attempt* late_attempt(const StudyLoop& loop, const Told& told) {
  const auto live = loop.study.open.find(told.lease.trial);
  if (live == loop.study.open.end()) return nullptr;
  const Attempt* attempt = attempt_of(live->second, told.lease.fence);
  const bool is_late = attempt && attempt->state == AttemptState::lost;
  return is_late && engine::counts_late(live->second, told.outcome) ? attempt : nullptr;
}

Objection why_gone(const StudyLoop& loop, const Held& lease) {
  if (lease.trial < 0 || lease.trial >= loop.study.progress.created) {
    return "there is no such trial";
  }
  const auto live = loop.study.open.find(lease.trial);
  if (live == loop.study.open.end()) return "the trial has finished";
  if (lease.fence > live->second.trial.lease.fence) {
    return "no lease of this trial has fence " + std::to_string(lease.fence) +
           " yet: send the one that came with the trial";
  }
  return "its lease has run out: nothing was heard of it for so long, and it goes to another";
}

Result<Objection> tell_begin(const CommandContext& context, StudyLoop& loop, const Held& lease) {
  const engine::LiveTrial* live = holder(loop, lease);
  if (!live) return why_gone(loop, lease);
  if (!loop.study.leased.contains(lease.trial)) return Objection();  // it has been told
  auto recorded = context.ledger.record(
      loop, AttemptStarted{.trial = lease.trial, .attempt = live->trial.attempts + 1,
                           .worker = live->trial.lease.worker, .fence = lease.fence,
                           .job = leased_job_name(context.store.installation(), loop.study,
                                                  lease.trial, lease.fence)});
  if (!recorded) return recorded.error();
  return Objection();
}

Result<Heard> tell_step(const CommandContext& context, StudyLoop& loop, const Reported& reported) {
  const Held& lease = reported.lease;
  const auto begun = tell_begin(context, loop, lease);
  if (!begun) return begun.error();
  if (!begun->empty()) return Heard{{}, *begun};
  return context.reports.tell(loop, *holder(loop, lease), reported.told());
}

Result<Objection> tell_end(const CommandContext& context, StudyLoop& loop, const Told& told) {
  const Held& lease = told.lease;
  if (loop.study.leased.contains(lease.trial) && holder(loop, lease)) {  // its begin was not told
    if (auto begun = tell_begin(context, loop, lease); !begun) return begun;
  }
  const auto live = loop.study.open.find(lease.trial);
  const Attempt* attempt =
      live == loop.study.open.end() ? nullptr : attempt_of(live->second, lease.fence);
  const bool is_news = attempt && (is_live(attempt->state) || attempt->state == AttemptState::lost);
  if (!is_news) return compare(context, loop, told);
  auto outcome = context.reports.as_it_counts(loop, *attempt, told.outcome);
  if (!outcome) return outcome.error();
  auto recorded = context.ledger.record(loop, AttemptEnded{lease.trial, attempt->number,
                                                           *std::move(outcome)});
  if (!recorded) return recorded.error();
  return Objection();
}

Result<Objection> tell_return(const CommandContext& context, StudyLoop& loop, const Held& lease) {
  if (!holder(loop, lease)) return Objection();  // it has been told, or has run out
  if (!loop.study.leased.contains(lease.trial)) {
    return Objection("it has begun; tell how it ended");
  }
  auto recorded = context.ledger.record(loop, TrialReturned{lease.trial, lease.fence});
  if (!recorded) return recorded.error();
  return Objection();
}

}  // namespace hpo::loop
