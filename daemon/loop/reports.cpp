// See reports.hpp. Engine strand.
#include "daemon/loop/reports.hpp"

#include <algorithm>
#include <cmath>

#include "schema/json/writer.hpp"

namespace hpo::loop {
namespace {

// A training that tells every batch, or tells them downwards, must not fill the disk.
bool is_thinned(const StudySpec& spec, const store::ReportTail& tail, std::int64_t step) {
  return tail.count >= trial_reports_max || is_near(tail.last_step, step, spec.fidelity_max());
}

const std::string thinned = "beyond 1,024 steps only some are kept, a thousandth apart";

std::string number_or_none(double value) {
  return std::isfinite(value) ? json::number_text(value) : "no number";
}

// A paused trial that runs again has been taken up, whatever it has told since.
void note_taken_up(Pruner& pruner, const engine::Study& study) {
  for (const auto& [number, live] : study.open) {
    const bool goes_on = live.trial.resumes > 0 && live.trial.state != TrialState::paused;
    const bool is_judged =
        live.trial.state == TrialState::running && !live.attempt->decision.goes_on();
    if (goes_on && !is_judged) pruner.taken_up(number);
  }
}

}  // namespace

std::string beyond_max_text(const StudySpec& spec, std::int64_t step) {
  if (!spec.fidelity || step <= spec.fidelity->max) return {};
  return "step " + std::to_string(step) + " is beyond " + std::to_string(spec.fidelity->max) +
         ", the fidelity's \"max\": no trial is compared there; train to HPO_FIDELITY_MAX, or give "
         "\"max\" in the steps that the training reports";
}

Result<void> Reports::wake_pruner(StudyLoop& loop) {
  if (loop.pruner || loop.spec().pruner.type == "none") return {};
  auto made = Pruner::make(loop.spec());
  if (!made) return made.error();
  auto told = store_.retell(loop.id(), {
      .report = [&](const JudgedReport& row) { made->report(row.report); },
      .end = [&](int trial, TrialState state, double value) {
        made->finished(trial, state, value);
      }});
  if (!told) return told;
  note_taken_up(*made, loop.study);
  loop.pruner = *std::move(made);
  return {};
}

Result<store::ReportTail*> Reports::tail_of(StudyLoop& loop, int trial) {
  const auto known = loop.tails.find(trial);
  if (known != loop.tails.end()) return &known->second;
  auto tail = store_.report_tail(loop.id(), trial);
  if (!tail) return tail.error();
  return &loop.tails.emplace(trial, *tail).first->second;
}

// Once in the trial's history, or nobody would know why its curve is not what it told. A hpod that
// has just started reads metrics files from their beginning, and knows by the key.
Result<void> Reports::remark(StudyLoop& loop, const Attempt& attempt, Remark what,
                             const std::string& text) {
  if (loop.remarks[attempt.trial].contains(what)) return {};
  const IdempotencyKey key{.key = std::string(word(what)) + " " + loop.spec().name + "/" +
                                  std::to_string(attempt.trial),
                           .route = "remark"};
  const auto known = store_.recall(key.key, key.route);
  if (!known) return known.error();
  if (!*known) {
    auto recorded = ledger_.record(loop, AttemptIncident{attempt.trial, attempt.number, text,
                                                         attempt.job, what});
    if (recorded) recorded = ledger_.remember(key, {.body = text});
    if (!recorded) return recorded;
  }
  loop.remarks[attempt.trial].insert(what);
  return {};
}

Result<Heard> Reports::leave_out(StudyLoop& loop, const Attempt& attempt, Remark what,
                                 const std::string& ignored, const std::string& text) {
  const Decision before = attempt.decision;
  auto said = remark(loop, attempt, what, text);
  return said ? Result<Heard>(Heard{before, ignored}) : said.error();
}

// The same again is a repeated word, and another attempt goes on from a checkpoint.
Result<Heard> Reports::told_again(StudyLoop& loop, const Attempt& attempt, const Report& first,
                                  double value) {
  const bool is_same = first.value == value || (std::isnan(first.value) && std::isnan(value));
  if (is_same || first.attempt != attempt.number) return Heard{attempt.decision, ""};
  const std::string step = "step " + std::to_string(first.step);
  return leave_out(loop, attempt, Remark::told_twice,
                   step + " was told before, with " + number_or_none(first.value) +
                       ": the first value counts",
                   step + " was told twice, with " + number_or_none(first.value) +
                       " and then with " + number_or_none(value) + ": the first value counts, for "
                       "the pruner too; report each step once, with the best or the last value "
                       "within it");
}

Result<void> Reports::check_max(StudyLoop& loop, const Attempt& attempt, std::int64_t step) {
  const std::string text = beyond_max_text(loop.spec(), step);
  return text.empty() ? Result<void>() : remark(loop, attempt, Remark::beyond_max, text);
}

Result<void> Reports::check_count(StudyLoop& loop, const Attempt& attempt, const StepTold& told) {
  if (told.left_out == 0) return {};
  const std::string kept = std::to_string(told.metrics.size());
  return remark(loop, attempt, Remark::too_many,
                "step " + std::to_string(told.step) + " told " + kept + " numbers and " +
                    std::to_string(told.left_out) + " more: the first " + kept + " of a step are "
                    "kept; write the objective first, and the others into a file of your own");
}

Result<Heard> Reports::tell(StudyLoop& loop, const engine::LiveTrial& live, StepTold told) {
  return hear(loop, *live.attempt, std::move(told), false);
}

Result<Heard> Reports::tell_late(StudyLoop& loop, const Attempt& attempt, StepTold told) {
  return hear(loop, attempt, std::move(told), true);
}

Result<Heard> Reports::hear(StudyLoop& loop, const Attempt& attempt, StepTold told, bool is_late) {
  const std::string& metric = loop.spec().objective.metric;
  if (!told.unread.empty()) {
    return leave_out(loop, attempt, Remark::no_report, told.unread,
                     told.unread + "; lines like it are not kept: write {\"step\": 3, \"" + metric +
                         "\": 0.1}, as the helpers do");
  }
  if (!told.skipped.empty()) {
    return leave_out(loop, attempt, Remark::too_fast, told.skipped,
                     told.skipped + ": steps told there alone are not kept; report less often");
  }
  if (auto said = check_count(loop, attempt, told); !said) return said.error();
  auto objective = told.metrics.extract(metric);
  if (!objective) {
    const std::string ignored = "it has no '" + metric + "', the study's objective" +
                                (told.left_out > 0 ? ", among the numbers that are kept" : "");
    return leave_out(loop, attempt, Remark::no_objective, ignored,
                     "step " + std::to_string(told.step) + " and those like it are not kept: " +
                         ignored);
  }
  const double value = std::isfinite(objective.mapped()) ? objective.mapped() : NAN;
  return tell(loop, attempt, {.trial = attempt.trial, .step = told.step, .value = value,
                              .metrics = std::move(told.metrics), .attempt = attempt.number,
                              .is_late = is_late});
}

Result<Heard> Reports::tell(StudyLoop& loop, const Attempt& attempt, const Report& report) {
  const Decision before = attempt.decision;
  auto tail = tail_of(loop, attempt.trial);
  if (!tail) return tail.error();
  if (report.step <= (*tail)->last_step) {
    auto first = store_.find_report(loop.id(), attempt.trial, report.step);
    if (!first) return first.error();
    if (*first) return told_again(loop, attempt, **first, report.value);
  }
  if (auto checked = check_max(loop, attempt, report.step); !checked) return checked.error();
  if (is_thinned(loop.spec(), **tail, report.step)) return Heard{before, thinned};
  auto decision = keep(loop, report, **tail);
  if (!decision) return decision.error();
  if (!before.goes_on() || report.is_late) return Heard{before, ""};
  if (decision->goes_on()) return Heard{*decision, ""};
  auto recorded = ledger_.record(loop, TrialPruning{report.trial, report.attempt, *decision});
  if (!recorded) return recorded.error();
  return Heard{*decision, "", true};
}

Result<void> Reports::note_untold(StudyLoop& loop, const engine::LiveTrial& live,
                                  const Decision& decision) {
  const Attempt& attempt = *live.attempt;
  loop.untold.insert(live.trial.number);
  return ledger_.record(
      loop, AttemptIncident{live.trial.number, attempt.number,
                            "the training had ended by itself before its pruner's \"" +
                                std::string(word(decision.verdict)) + "\" could be told",
                            attempt.job});
}

Result<Decision> Reports::keep(StudyLoop& loop, const Report& report, store::ReportTail& tail) {
  if (auto awake = wake_pruner(loop); !awake) return awake.error();
  auto decision = ledger_.keep(loop, {.report = report}, [&](const Report& kept) {
    learn(loop, tail.last_step, kept);
    return loop.pruner ? loop.pruner->report(kept) : Decision{};
  });
  if (!decision) return decision;
  ++tail.count;
  tail.last_step = std::max(tail.last_step, report.step);
  return decision;
}

// A training that counts from 0 looks as if a step were missing, and no rule sees it at "max".
Result<void> Reports::check_last(StudyLoop& loop, const Attempt& attempt, std::int64_t last_step) {
  const std::int64_t max = loop.spec().fidelity->max;
  if (last_step != max - 1) return {};
  const auto first = store_.find_report(loop.id(), attempt.trial, 0);
  if (!first) return first.error();
  if (!*first) return {};
  const std::string whole = std::to_string(max);
  return remark(loop, attempt, Remark::from_zero,
                "it told steps 0 to " + std::to_string(last_step) + " of max " + whole +
                    ": steps count what is done, from 1 to " + whole + "; as it is, the whole "
                    "training is never seen as whole; report each step plus 1");
}

// A training that heard its pruner may have ended at any step for that.
Result<Outcome> Reports::as_it_counts(StudyLoop& loop, const Attempt& attempt,
                                      Outcome outcome) {
  const bool is_judged = !attempt.decision.goes_on();
  const bool has_heard = loop.untold.erase(attempt.trial) == 0 && is_judged;
  const auto& fidelity = loop.spec().fidelity;
  if (outcome.status != OutcomeStatus::completed || (!is_judged && !fidelity)) return outcome;
  const auto tail = tail_of(loop, attempt.trial);
  if (!tail) return tail.error();
  if (fidelity && (*tail)->last_step >= fidelity->max) return outcome;
  if (fidelity && !has_heard) {
    auto said = check_last(loop, attempt, (*tail)->last_step);
    if (!said) return said.error();
  }
  if (is_judged) outcome.status = OutcomeStatus::pruned;
  return outcome;
}

Result<bool> Reports::take_up(StudyLoop& loop, const engine::TakeUpPaused& wanted) {
  if (auto awake = wake_pruner(loop); !awake) return awake.error();
  const auto next = loop.pruner ? loop.pruner->take_up() : std::nullopt;
  if (next && loop.study.paused.contains(next->trial)) {
    auto recorded = ledger_.record(loop, TrialTakenUp{next->trial});
    if (!recorded) return recorded.error();
    loop.pruner->taken_up(next->trial);
    return true;
  }
  if (!wanted.is_last) return false;
  const std::set<int> rest = loop.study.paused;
  for (const int trial : rest) {
    if (auto recorded = ledger_.record(loop, TrialPruned{trial}); !recorded) {
      return recorded.error();
    }
  }
  return true;
}

}  // namespace hpo::loop
