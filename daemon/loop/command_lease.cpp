// The leases of programs that ask and tell by themselves, one trial at a time. Engine strand.
#include "daemon/engine/apply.hpp"
#include "daemon/loop/exchange_reply.hpp"
#include "daemon/loop/telling.hpp"
#include "schema/json/writer.hpp"

namespace hpo::loop {

namespace {

// False: nothing is left to ask for. The study's own end is another COMMIT, or it has ended.
bool has_more(const engine::Study& study) {
  const bool is_over = engine::enough(study) != StudyReason::none && study.open.empty();
  return study.progress.state < StudyState::cancelling && !is_over;
}

// Trials that others hold, of a study that has nothing else to give: one of them may come back.
// 0: there is something to ask for, or nothing at all.
int awaited(const engine::Study& study) {
  const bool is_free = study.waiting.size() > study.leased.size() || !study.paused.empty();
  if (is_free || !has_more(study) || engine::enough(study) == StudyReason::none) return 0;
  return static_cast<int>(study.open.size());
}

}  // namespace

Result<StudyLoop*> find_pulled(const CommandContext& context, const std::string& study) {
  auto loop = context.ledger.find(study);
  if (!loop || (*loop)->spec().is_pulled()) return loop;
  return Error{ErrorCode::conflict, "hpod starts the trials of this study itself: executor '" +
               (*loop)->spec().executor.type + "'", "study '" + study + "'",
               "look on: hpo status; to have trials pulled, submit it with \"executor\": "
               "\"external\" (your own workers and programs), or with \"dispatch\": \"workers\""};
}

namespace {

// All of them were kept.
std::string remark_on(const StudyLoop& loop, const std::vector<Reported>& reports) {
  for (const Reported& each : reports) {
    const std::string text = beyond_max_text(loop.spec(), each.step);
    if (!text.empty()) return text;
  }
  return {};
}

}  // namespace

Result<Reply> handle(const CommandContext& context, const RenewLease& command) {
  auto found = find_pulled(context, command.study);
  if (!found) return found.error();
  StudyLoop& loop = **found;
  const Held& lease = command.lease;
  std::string ignored;
  for (const Reported& reported : command.reports) {
    auto heard = tell_step(context, loop, reported);
    if (!heard) return heard.error();
    if (!heard->ignored.empty()) ignored = std::move(heard->ignored);
  }
  const engine::LiveTrial* live = holder(loop, lease);
  if (live) context.leases.renew(loop, lease);
  const bool is_unwanted = live && loop.study.running.contains(lease.trial) &&
                           engine::is_unwanted(loop.study, lease.trial);
  const std::string reason = !live         ? why_gone(loop, lease)
                             : is_unwanted ? why_unwanted(*live)
                                           : std::string();
  const bool pauses = is_unwanted && live->attempt->decision.verdict == Verdict::pause;
  json::Writer w;
  w.object().member("stop", !live || is_unwanted).member("pause", pauses);
  w.member("reason", reason).member("ignored", ignored);
  w.member("remark", live && ignored.empty() ? remark_on(loop, command.reports) : std::string());
  w.member("lease_s", loop.spec().executor.lease.count()).end();
  return Reply{.body = std::move(w).text()};
}

namespace {

bool is_cancelling(const StudyLoop& loop, int trial) {
  const auto live = loop.study.open.find(trial);
  return live != loop.study.open.end() && live->second.attempt &&
         live->second.attempt->cancelling;
}

// Of a result that has ended its attempt, and is not the trial's for all that.
Objection why_uncounted(const StudyLoop& loop, const Trial& trial, const Outcome& outcome) {
  if (outcome.status != OutcomeStatus::completed) return {};
  if (trial.state == TrialState::cancelled || is_cancelling(loop, trial.number)) {
    return "the trial had been cancelled: the result is kept with its attempt";
  }
  const bool is_another = trial.state == TrialState::completed && trial.value != outcome.value;
  return is_another ? "another attempt's result came first" : Objection();
}

}  // namespace

Result<Reply> handle(const CommandContext& context, const TellTrial& command) {
  auto found = find_pulled(context, command.study);
  if (!found) return found.error();
  StudyLoop& loop = **found;
  const int trial = command.told.lease.trial;
  const auto objection = tell_end(context, loop, command.told);
  if (!objection) return objection.error();
  const auto stored = context.store.load_trial(loop.id(), trial);
  if (!stored) return stored.error();
  const Objection note = objection->empty() ? why_uncounted(loop, *stored, command.told.outcome)
                                            : *objection;
  json::Writer w;
  w.object().member("trial", trial).member("state", word(stored->state));
  w.member("counted", note.empty()).member("note", note);
  w.member("more", has_more(loop.study)).member("awaited", awaited(loop.study)).end();
  return Reply{.body = std::move(w).text()};
}

}  // namespace hpo::loop
