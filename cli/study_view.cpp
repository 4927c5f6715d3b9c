// A study as the daemon tells it, in fields and in words.
#include "cli/study_view.hpp"

#include <algorithm>
#include <cmath>

#include "cli/text.hpp"

namespace hpo::cli {
namespace {

constexpr double rate_time_least_s = 1;

TrialCounts counts_of(const json::Node& trials) {
  const auto count = [&](const char* key) { return integer_of(member(trials, key)); };
  return TrialCounts{.total = count("total"),
                     .created = count("created"),
                     .waiting = count("waiting"),
                     .paused = count("paused"),
                     .running = count("running"),
                     .queued = count("queued"),
                     .completed = count("completed"),
                     .pruned = count("pruned"),
                     .infeasible = count("infeasible"),
                     .failed = count("failed"),
                     .cancelled = count("cancelled")};
}

std::optional<Best> best_of(const json::Node& best) {
  if (is_null(best)) return std::nullopt;
  return Best{.trial = integer_of(member(best, "trial")),
              .value = number_of(member(best, "value")).value_or(0),
              .params = member(best, "params")};
}

std::optional<WorkerJobs> workers_of(const json::Node& workers) {
  if (is_null(workers)) return std::nullopt;
  const auto count = [&](const char* key) { return integer_of(member(workers, key)); };
  return WorkerJobs{.jobs = count("jobs"), .slots = count("slots"), .running = count("running"),
                    .queued = count("queued"), .ended = count("ended"), .lost = count("lost")};
}

// "97 trials: waits for priority; 3 trials: your QOS runs 2 jobs at a time".
std::string waits_of(const json::Node& waits, std::string_view whose) {
  constexpr std::size_t shown = 3;
  std::string text;
  for (std::size_t i = 0; i < std::min(shown, waits.items.size()); ++i) {
    text += (text.empty() ? "" : "\n") +
            counted(integer_of(member(waits.items[i], "trials")), whose) + ": " +
            text_of(member(waits.items[i], "text"));
  }
  const auto more = static_cast<std::int64_t>(waits.items.size()) -
                    static_cast<std::int64_t>(shown);
  if (more > 0) text += "\nand " + counted(more, "reason") + " more";
  return text;
}

std::optional<NodeHours> node_hours_of(const json::Node& study) {
  const auto budget = number_of(member(study, "budget", "node_hours"));
  if (!budget) return std::nullopt;
  return NodeHours{.budget = *budget,
                   .spent = number_of(member(study, "spent_node_hours")).value_or(0),
                   .trial = number_of(member(study, "trial_node_hours")).value_or(0)};
}

std::optional<Quantiles> quantiles_of(const json::Node& times) {
  if (is_null(times)) return std::nullopt;
  return Quantiles{.p50_ms = number_of(member(times, "p50")).value_or(0),
                   .p99_ms = number_of(member(times, "p99")).value_or(0)};
}

Suggestions suggestions_of(const json::Node& study) {
  return {.stand_ins = integer_of(member(study, "suggestions", "stand_ins")),
          .waited = quantiles_of(member(study, "suggestions", "slot_waited_ms")),
          .took = quantiles_of(member(study, "suggestions", "strategy_took_ms"))};
}

std::string milliseconds(const Quantiles& times) {
  const auto rounded = [](double ms) { return short_number(std::round(ms * 100) / 100); };
  return rounded(times.p50_ms) + " ms, p99 " + rounded(times.p99_ms) + " ms";
}

// Retries may ask for more than that, so this is told late rather than wrongly.
bool waits_for_node_hours(const StudyView& study) {
  if (!study.node_hours || study.trials.running == 0) return false;
  const auto& [budget, spent, trial] = *study.node_hours;
  return spent + trial * static_cast<double>(study.trials.running + 1) > budget;
}

// Why a study stopped, for those reasons whose word says less than a sentence.
std::string reason_text(const StudyView& study) {
  switch (study.reason) {
    case StudyReason::none: return {};
    case StudyReason::user: return "by you";
    case StudyReason::failures_alike: return "its attempts fail alike";
    case StudyReason::strategy_error: return "its strategy made an error";
    case StudyReason::strategy_slow: return "its strategy took too long";
    case StudyReason::trials: return "all its trials are done";
    case StudyReason::time: return "its time is used up";
    case StudyReason::patience: return "no improvement within its patience";
    case StudyReason::max_failures:
      return "more than " + counted(study.max_failures, "trial") + " failed";
    case StudyReason::space_exhausted:
      return study.strategy == "external" ? "its strategy's program has nothing more to propose"
                                          : "its space is exhausted: every point was tried";
    case StudyReason::node_hours: return "its node-hours are used up";
    case StudyReason::workers: return "its worker jobs end before they ask for a trial";
  }
  return {};
}

std::string text_of_workers(const StudyView& study) {
  const WorkerJobs& workers = *study.workers;
  if (study.trials.running > 0) return "more trials begin when its workers ask for them";
  if (workers.running > 0) return "its workers are about to ask for trials";
  return workers.queued > 0 ? "its worker jobs have yet to start" : "its worker jobs are due";
}

// Such a trial trains nothing, and its slot is not just busy.
std::string text_of_loading(const StudyView& study) {
  return counted(study.trials.loading, "trial") + " waiting for a warm script that has not called "
         "hpo.serve(train) for a minute: it loads, or trains by itself\nif it trains: hpo cancel " +
         shell_quoted(study.name) + "; end the script with hpo.serve(train), or leave \"warm\" out";
}

std::string running_text(const StudyView& study) {
  const TrialCounts& trials = study.trials;
  if (!study.unready.empty()) return "the daemon starts nothing: " + study.unready;
  if (!study.waits_for.empty()) return study.waits_for;
  if (trials.loading > 0) return text_of_loading(study);
  if (trials.running >= study.slots && trials.running > 0) {
    if (is_batch(study.executor) && !study.workers) {
      return trials.queued == 0 ? "as many jobs run as \"parallel\" allows"
                                : "as many jobs run or wait in the queue as \"parallel\" allows";
    }
    return study.slots == 1 ? "its slot is busy"
                            : "all " + std::to_string(study.slots) + " slots are busy";
  }
  if (trials.created >= trials.total && trials.running > 0) {
    return trials.queued == trials.running ? "its last jobs wait in the queue"
                                           : "its last trials are running";
  }
  if (study.workers) return text_of_workers(study);
  if (study.executor == "external") {
    return trials.running == 0
               ? "nobody has a trial: hpo worker --study " + study.name +
                     " trains them, hpo ask " + study.name + " hands one to a program"
               : "more trials begin when workers ask for them";
  }
  if (waits_for_node_hours(study)) return "its jobs may need all node-hours that are left";
  if (trials.waiting > 0 && trials.running == 0) {
    return counted(trials.waiting, "trial") + (is_batch(study.executor)
        ? " waiting to be submitted: \"submit_rate\" and \"max_queued\" count jobs of all studies"
        : " waiting for a free slot: this node serves other studies too");
  }
  if (trials.waiting > 0) return counted(trials.waiting, "trial") + " about to start";
  if (is_batch(study.executor)) {
    return "the next job comes when \"submit_rate\" and \"max_queued\" allow it, and the strategy "
           "has chosen its values";
  }
  if (trials.running > 0) return "the strategy is choosing the next values";
  return trials.finished() == 0 ? "starting: the strategy is choosing the first values"
                                : "the strategy is choosing the next values";
}

}  // namespace

StudyView study_view(const json::Node& study) {
  StudyView view;
  view.name = text_of(member(study, "name"));
  view.state = from_word<StudyState>(text_of(member(study, "state"))).value_or(view.state);
  view.reason = from_word<StudyReason>(text_of(member(study, "reason"))).value_or(view.reason);
  view.detail = text_of(member(study, "detail"));
  view.description = text_of(member(study, "description"));
  view.metric = text_of(member(study, "objective", "metric"));
  view.direction = from_word<Direction>(text_of(member(study, "objective", "direction")))
                       .value_or(view.direction);
  view.strategy = text_of(member(study, "strategy"));
  view.pruner = text_of(member(study, "pruner"));
  if (const json::Node& chosen = member(study, "strategy_chosen"); !is_null(chosen)) {
    view.strategy = text_of(member(chosen, "name"));
    view.chosen_for = text_of(member(chosen, "because"));
  }
  view.executor = text_of(member(study, "executor"));
  view.parallel = integer_of(member(study, "parallel"));
  view.slots = integer_of(member(study, "slots"));
  view.max_failures = integer_of(member(study, "budget", "max_failures"));
  view.trials = counts_of(member(study, "trials"));
  view.trials.unheard = integer_of(member(study, "unheard"));
  view.trials.loading = integer_of(member(study, "loading"));
  view.attempts = integer_of(member(study, "attempts"));
  view.best = best_of(member(study, "best"));
  view.recommended = best_of(member(study, "recommended"));
  view.workers = workers_of(member(study, "workers"));
  view.waits_for = waits_of(member(study, "waits_for"), view.workers ? "worker job" : "trial");
  view.node_hours = node_hours_of(study);
  view.suggestions = suggestions_of(study);
  view.spent_s = number_of(member(study, "spent_s")).value_or(0);
  const auto from = utc_seconds(text_of(member(study, "started_at")));
  const auto to = utc_seconds(text_of(member(study, "ended_at")));
  if (from && to) view.lasted_s = *to - *from;
  return view;
}

std::string workers_text(const StudyView& study) {
  if (!study.workers) return {};
  const WorkerJobs& workers = *study.workers;
  const std::pair<std::int64_t, const char*> parts[] = {{workers.running, "running"},
      {workers.queued, "queued"}, {workers.ended, "ended"}, {workers.lost, "lost"}};
  std::string text;
  for (const auto& [count, name] : parts) {
    if (count != 0) text += std::to_string(count) + " " + name + ", ";
  }
  return text + "at most " + std::to_string(workers.jobs) + " at once of " +
         counted(workers.slots, "slot");
}

std::string suggestions_text(const StudyView& study) {
  constexpr double much = 0.01;  // of the trials
  const auto& [stand_ins, waited, took] = study.suggestions;
  std::string text;
  if (waited) text = "a free slot waited " + milliseconds(*waited);
  if (took) text += (text.empty() ? "" : "; ") + ("the strategy took " + milliseconds(*took));
  if (stand_ins == 0) return text;
  const double share =
      static_cast<double>(stand_ins) / static_cast<double>(std::max<std::int64_t>(
                                           study.trials.created, stand_ins));
  text += (text.empty() ? "" : "\n") + std::to_string(stand_ins) + " of " +
          counted(study.trials.created, "trial") + " (" +
          short_number(std::round(share * 1000) / 10) +
          " %) by a stand-in, as the strategy did not answer in time";
  if (share <= much) return text;
  return text + "\nif that is too many: raise \"ask_deadline\" of \"strategies\" in hpod.json";
}

std::string state_word(const StudyView& study) { return std::string(word(study.state)); }

std::optional<double> rate_per_s(const StudyView& study) {
  const std::int64_t finished = study.trials.finished() - study.trials.cancelled;
  const double time_s = std::max(study.spent_s, study.lasted_s);
  if (finished <= 0 || time_s < rate_time_least_s) return std::nullopt;
  return static_cast<double>(finished) / time_s;
}

// Few of the trials that have paused go on, so that they count as done, in the past and in what is
// to come: of a pruner that promotes hardly one finishes before the end.
std::optional<double> time_left_s(const StudyView& study) {
  const TrialCounts& trials = study.trials;
  const std::int64_t done = trials.finished() - trials.cancelled + trials.paused;
  const std::int64_t left = trials.total - trials.finished() - trials.paused;
  const double time_s = std::max(study.spent_s, study.lasted_s);
  const bool is_known = done > 0 && time_s >= rate_time_least_s && left >= 0;
  if (!is_known || study.state != StudyState::running) return std::nullopt;
  return static_cast<double>(left) * time_s / static_cast<double>(done);
}

std::string rate_text(double per_s) {
  const auto tenths = [](double rate) { return short_number(std::floor(rate * 10) / 10); };
  if (per_s >= 1) return tenths(per_s) + "/s";
  if (per_s * 60 >= 1) return tenths(per_s * 60) + "/min";
  return tenths(per_s * 3600) + "/h";
}

std::string why_text(const StudyView& study) {
  const std::string reason = reason_text(study);
  switch (study.state) {
    case StudyState::running: return running_text(study);
    case StudyState::paused:
      return study.reason == StudyReason::user ? "paused by you" : "paused: " + reason;
    case StudyState::cancelling:
      return "being cancelled: " + counted(study.trials.running, "trial") + " still ending";
    case StudyState::cancelled: return reason.empty() ? "cancelled" : "cancelled " + reason;
    default: return reason;
  }
}

bool is_paused_by_itself(const StudyView& study) {
  return study.state == StudyState::paused && study.reason != StudyReason::user;
}

ExitCode exit_code_of(const StudyView& study) {
  if (!is_ended(study.state)) return ExitCode::pending;
  if (study.reason == StudyReason::max_failures) return ExitCode::failures;
  return study.trials.completed == 0 ? ExitCode::no_success : ExitCode::ok;
}

}  // namespace hpo::cli
