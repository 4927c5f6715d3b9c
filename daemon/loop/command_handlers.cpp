// Commands on studies that exist; submitting is in command_submit.cpp.
#include "daemon/loop/command_handlers.hpp"

#include <algorithm>
#include <set>

#include "schema/codec/codec.hpp"
#include "schema/json/writer.hpp"

namespace hpo::loop {
namespace {

constexpr int enqueue_max = 1000;  // trials in one request

Reply state_reply(const StudyLoop& loop) {
  json::Writer w;
  w.object().member("study", loop.spec().name);
  w.member("state", word(loop.study.progress.state)).end();
  return {.body = std::move(w).text()};
}

Reply trials_reply(const StudyLoop& loop, const std::vector<int>& numbers) {
  json::Writer w;
  w.object().member("study", loop.spec().name).member("trials", numbers).end();
  return {.created = true, .body = std::move(w).text()};
}

Error refused(const StudyLoop& loop, std::string what, std::string remedy) {
  return {ErrorCode::conflict, std::move(what), "study '" + loop.spec().name + "'",
          std::move(remedy)};
}

bool is_out_of_time(const StudyLoop& loop) {
  const auto& time = loop.spec().budget.time;
  return time && loop.study.progress.spent_ns >= std::chrono::nanoseconds(*time).count();
}

bool can_retry(const CommandContext& context, const StudyLoop& loop) {
  if (is_out_of_time(loop) || engine::has_spent_node_hours(loop.study)) return false;
  const auto failed = context.store.failed_trials(loop.id());
  return failed && !failed->empty();
}

// Then a submission is another study: a budget is never raised, and none learns from another.
std::string submit_again(const StudyLoop& loop, const std::string& first) {
  return first + "type 'hpo submit FILE': another study, which begins anew; its \"initial\" can "
         "list params of this one ('hpo best " + loop.spec().name + "')";
}

// What is told to whom a limit of the study file stops: "budget.trials".
std::string by_raising(const StudyLoop& loop, const std::string& limit) {
  return submit_again(loop, "raise " + limit + " in the study file and ");
}

// How a new study would get further than the one that ended.
std::string how_to_go_on(const StudyLoop& loop) {
  const engine::Progress& progress = loop.study.progress;
  if (progress.state == StudyState::cancelled) return submit_again(loop, "");
  switch (progress.reason) {
    case StudyReason::trials: return by_raising(loop, "budget.trials");
    case StudyReason::time: return by_raising(loop, "budget.time");
    case StudyReason::node_hours: return by_raising(loop, "budget.node_hours");
    case StudyReason::patience: return by_raising(loop, "budget.patience");
    case StudyReason::space_exhausted:
      return submit_again(loop, "widen the space in the study file and ");
    case StudyReason::max_failures: return submit_again(loop, "mend what fails and ");
    default: return submit_again(loop, "");
  }
}

Error refused_as_ended(const CommandContext& context, const StudyLoop& loop) {
  const std::string& name = loop.spec().name;
  if (loop.study.progress.state == StudyState::cancelling) {
    return refused(loop, "the study is being cancelled", "'hpo status " + name + "' shows when "
                   "its last trial has ended; to go on searching, " + submit_again(loop, ""));
  }
  const std::string retry =
      can_retry(context, loop) ? "'hpo retry " + name + "' retries its failed trials; " : "";
  return refused(loop, "the study has ended (" + std::string(word(loop.study.progress.state)) +
                 ")", retry + "to go on searching, " + how_to_go_on(loop));
}

// All of them before the first is recorded: a wrong one leaves nothing to take back.
Result<std::vector<Values>> read_params(const StudyLoop& loop,
                                        const std::vector<json::Node>& params) {
  std::vector<Values> all;
  for (std::size_t i = 0; i < params.size(); ++i) {
    auto values = params_from_node(loop.spec().space, params[i]);
    if (!values) {
      Error error = values.error();
      error.where = "/params/" + std::to_string(i) + error.where;
      return error;
    }
    all.push_back(*std::move(values));
  }
  return all;
}

}  // namespace

Result<Reply> handle(const CommandContext& context, const PauseStudy& command) {
  auto loop = context.ledger.find(command.study);
  if (!loop) return loop.error();
  const StudyState state = (*loop)->study.progress.state;
  if (is_ended(state) || state == StudyState::cancelling) return refused_as_ended(context, **loop);
  if (state == StudyState::running) {
    auto recorded = context.ledger.record(**loop, StudyPaused{StudyReason::user, ""});
    if (!recorded) return recorded.error();
  }
  return state_reply(**loop);
}

Result<Reply> handle(const CommandContext& context, const ResumeStudy& command) {
  auto loop = context.ledger.find(command.study);
  if (!loop) return loop.error();
  const StudyState state = (*loop)->study.progress.state;
  if (is_ended(state) || state == StudyState::cancelling) return refused_as_ended(context, **loop);
  if (state == StudyState::paused) {
    if (auto recorded = context.ledger.record(**loop, StudyResumed{}); !recorded) {
      return recorded.error();
    }
  }
  return state_reply(**loop);
}

Result<Reply> handle(const CommandContext& context, const CancelStudy& command) {
  auto loop = context.ledger.find(command.study);
  if (!loop) return loop.error();
  const StudyState state = (*loop)->study.progress.state;
  const bool is_done = state == StudyState::cancelling || state == StudyState::cancelled;
  if (is_ended(state) && !is_done) {
    return refused(**loop, "the study has ended (" + std::string(word(state)) + ")",
                   "nothing of it is left to cancel: 'hpo status " + command.study + "' shows it");
  }
  if (!is_done) {
    if (auto recorded = context.ledger.record(**loop, StudyCancelling{}); !recorded) {
      return recorded.error();
    }
  }
  return state_reply(**loop);
}

Result<Reply> handle(const CommandContext& context, const CancelTrial& command) {
  auto found = context.ledger.find(command.study);
  if (!found) return found.error();
  StudyLoop& loop = **found;
  const std::string where = "trial " + command.study + "/" + std::to_string(command.trial);
  if (command.trial < 0 || command.trial >= loop.study.progress.created) {
    return Error{ErrorCode::not_found, "there is no such trial", where,
                 "'hpo trials " + command.study + "' lists the trials"};
  }
  const auto live = loop.study.open.find(command.trial);
  if (live == loop.study.open.end()) {
    return Error{ErrorCode::conflict, "the trial has finished", where,
                 "'hpo trial " + command.study + "/" + std::to_string(command.trial) +
                     "' shows how"};
  }
  const auto& attempt = live->second.attempt;
  const bool has_job = loop.study.running.contains(command.trial) && is_live(attempt->state);
  Result<void> recorded;
  if (!has_job) recorded = context.ledger.record(loop, TrialCancelled{command.trial});
  if (has_job && !attempt->cancelling) {
    recorded = context.ledger.record(loop, TrialCancelling{command.trial});
  }
  if (!recorded) return recorded.error();
  return state_reply(loop);
}

namespace {

// The trials to repeat: those named, or all that failed and have not been repeated yet.
Result<std::vector<int>> to_retry(const CommandContext& context, const StudyLoop& loop,
                                  const std::vector<int>& named) {
  auto failed = context.store.failed_trials(loop.id());
  if (!failed) return failed.error();
  for (const int number : named) {
    if (std::ranges::count(*failed, number) > 0) continue;
    return refused(loop, "trial " + std::to_string(number) + " has not failed, or has been "
                   "retried already", "'hpo trials " + loop.spec().name +
                   " --state failed' lists the failed ones; 'hpo enqueue' tries any values again");
  }
  if (failed->empty()) {
    return refused(loop, "no trial is left to retry", "'hpo trials " + loop.spec().name +
                   "' lists the trials");
  }
  if (named.empty()) return *failed;
  const std::set<int> once(named.begin(), named.end());
  return std::vector<int>(once.begin(), once.end());
}

}  // namespace

Result<Reply> handle(const CommandContext& context, const RetryTrials& command) {
  auto found = context.ledger.find(command.study);
  if (!found) return found.error();
  StudyLoop& loop = **found;
  if (loop.study.progress.state == StudyState::cancelling) return refused_as_ended(context, loop);
  if (is_out_of_time(loop)) {
    return refused(loop, "its time budget is used up", by_raising(loop, "budget.time"));
  }
  if (engine::has_spent_node_hours(loop.study)) {
    return refused(loop, "its node-hours are used up", by_raising(loop, "budget.node_hours"));
  }
  auto numbers = to_retry(context, loop, command.trials);
  if (!numbers) return numbers.error();
  if (is_ended(loop.study.progress.state)) {
    if (auto r = context.ledger.record(loop, StudyReopened{}); !r) return r.error();
  }
  drop_proposals(loop);
  std::vector<int> created;
  for (const int number : *numbers) {
    auto failed = context.store.load_trial(loop.id(), number);
    if (!failed) return failed.error();
    created.push_back(loop.study.progress.created);
    auto r = context.ledger.record(loop, TrialCreated{.trial = created.back(),
                                                      .values = failed->values,
                                                      .origin = Origin::retry,
                                                      .retry_of = number});
    if (!r) return r.error();
  }
  return trials_reply(loop, created);
}

Result<Reply> handle(const CommandContext& context, const EnqueueTrials& command) {
  auto found = context.ledger.find(command.study);
  if (!found) return found.error();
  StudyLoop& loop = **found;
  const StudyState state = loop.study.progress.state;
  if (is_ended(state) || state == StudyState::cancelling) return refused_as_ended(context, loop);
  const int count = static_cast<int>(command.params.size());
  if (command.params.size() > enqueue_max) {
    return Error{ErrorCode::too_large, "more than " + std::to_string(enqueue_max) +
                 " trials in one request", "/params", "send them in several requests"};
  }
  if (count > loop.study.trials_total() - loop.study.progress.created) {
    return refused(loop, "the budget of " + std::to_string(loop.study.trials_total()) +
                   " trials is used up", by_raising(loop, "budget.trials"));
  }
  auto all = read_params(loop, command.params);
  if (!all) return all.error();
  drop_proposals(loop);
  std::vector<int> created;
  for (Values& values : *all) {
    created.push_back(loop.study.progress.created);
    auto r = context.ledger.record(loop, TrialCreated{.trial = created.back(),
                                                      .values = std::move(values),
                                                      .origin = Origin::enqueued});
    if (!r) return r.error();
  }
  return trials_reply(loop, created);
}

namespace {

Result<Reply> carry_out(const CommandContext& context, const Command& command) {
  return std::visit([&](const auto& body) { return handle(context, body); }, command.body);
}

}  // namespace

Result<Reply> handle(const CommandContext& context, const Command& command) {
  if (!command.key) return carry_out(context, command);
  auto stored = context.store.recall(command.key->key, command.key->route);
  if (!stored) return stored.error();
  if (*stored) {
    if ((*stored)->body_hash == command.key->body_hash) {
      return Reply{(*stored)->created, (*stored)->body};
    }
    return Error{ErrorCode::invalid_argument, "this Idempotency-Key came with another body before",
                 "header Idempotency-Key", "use a new key for a new request"};
  }
  auto reply = carry_out(context, command);
  if (!reply || reply->is_empty) return reply;  // nothing yet: it will be asked again
  auto remembered = context.ledger.remember(
      *command.key, {command.key->body_hash, reply->created, reply->body});
  if (!remembered) return remembered.error();
  return reply;
}

}  // namespace hpo::loop
