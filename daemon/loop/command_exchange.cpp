// One exchange with a worker: what it tells is recorded, its leases begin anew, it gets trials.
//
// A trial of its own that it does not hold was in an answer that got lost, so it is in this one:
// that makes asking again safe without a memory of what was answered. Ends come first, so that a
// begin that follows finds the place free; `parallel` counts what has begun. Engine strand.
#include <algorithm>
#include <map>
#include <set>
#include <utility>

#include "daemon/loop/exchange_reply.hpp"
#include "daemon/loop/job_request.hpp"
#include "daemon/loop/telling.hpp"

namespace hpo::loop {
namespace {

class Visit {
 public:
  Visit(const CommandContext& context, StudyLoop& loop, const Exchange& said)
      : context_(context), loop_(loop), said_(said) {}

  Result<Reply> answer() {
    if (auto heard = hear(); !heard) return heard.error();
    renew();
    find_lost_answers();
    if (auto noted = note_worker_job(); !noted) return noted.error();
    if (auto granted = grant(); !granted) return granted.error();
    for (const int trial : given_.trials) {
      context_.leases.renew(loop_, {trial, loop_.study.open.at(trial).trial.lease.fence});
    }
    return reply();
  }

 private:
  Result<void> hear() {
    const LateSteps late = late_steps();
    for (const Reported& reported : said_.reports) {
      if (late.contains(key_of(reported.lease))) continue;
      if (auto told = note(reported); !told) return told;
    }
    for (const Told& told : said_.ended) {
      const auto steps = late.find(key_of(told.lease));
      if (steps != late.end()) {
        if (auto noted = note_late(told, steps->second); !noted) return noted;
      }
      if (auto noted = note(told.lease, tell_end(context_, loop_, told)); !noted) return noted;
    }
    for (const Held& lease : said_.started) {
      if (auto noted = note(lease, tell_begin(context_, loop_, lease)); !noted) return noted;
    }
    for (const Held& lease : said_.returned) {
      if (auto noted = note(lease, tell_return(context_, loop_, lease)); !noted) return noted;
    }
    return {};
  }

  Result<void> note(const Held& lease, const Result<Objection>& objection) {
    if (!objection) return objection.error();
    if (!objection->empty()) drop(lease, *objection);
    return {};
  }

  // What it trains of a trial that has finished can bring nothing any more. While the trial is
  // open, a late result may count.
  void drop(const Held& lease, const std::string& why) {
    given_.dropped.push_back({lease, why});
    if (!loop_.study.open.contains(lease.trial)) given_.stop.push_back({lease, why});
  }

  Result<void> note(const Reported& reported) {
    return note(reported, tell_step(context_, loop_, reported));
  }

  Result<void> note(const Reported& reported, const Result<Heard>& heard) {
    if (!heard) return heard.error();
    const Held& lease = reported.lease;
    if (heard->is_verdict_new && has_ended(lease)) {
      const engine::LiveTrial& live = loop_.study.open.at(lease.trial);
      if (auto noted = context_.reports.note_untold(loop_, live, heard->decision); !noted) {
        return noted;
      }
    }
    if (heard->ignored.empty() || !reported.told().is_step()) return {};
    given_.ignored.push_back({reported.lease, reported.step, heard->ignored});
    return {};
  }

  using LeaseKey = std::pair<int, std::int64_t>;
  static LeaseKey key_of(const Held& lease) { return {lease.trial, lease.fence}; }

  // What is told together with an end, of leases that have ended: that end says whether it counts.
  using LateSteps = std::map<LeaseKey, std::vector<const Reported*>>;
  LateSteps late_steps() const {
    LateSteps late;
    for (const Told& told : said_.ended) {
      if (!holder(loop_, told.lease)) late.try_emplace(key_of(told.lease));
    }
    if (late.empty()) return late;
    for (const Reported& reported : said_.reports) {
      const auto found = late.find(key_of(reported.lease));
      if (found != late.end()) found->second.push_back(&reported);
    }
    return late;
  }

  // Before the result, so that a finished trial has its whole curve.
  Result<void> note_late(const Told& told, const std::vector<const Reported*>& steps) {
    const Attempt* attempt = late_attempt(loop_, told);
    for (const Reported* step : steps) {
      auto heard = attempt ? context_.reports.tell_late(loop_, *attempt, step->told())
                           : Heard{{}, why_gone(loop_, step->lease)};
      if (auto noted = note(*step, heard); !noted) return noted;
    }
    return {};
  }

  void renew() {
    if (!said_.holds) return;
    for (const Held& lease : *said_.holds) {
      const engine::LiveTrial* live = holder(loop_, lease);
      const bool is_its = live && live->trial.lease.worker == said_.worker;
      if (is_its) keep(lease);
      else drop(lease, why_gone(loop_, lease));
    }
  }

  void keep(const Held& lease) {
    context_.leases.renew(loop_, lease);
    const bool has_begun = loop_.study.running.contains(lease.trial);
    const bool is_unwanted = has_begun && engine::is_unwanted(loop_.study, lease.trial);
    if (!is_unwanted) return;
    given_.stop.push_back({lease, why_unwanted(loop_.study.open.at(lease.trial))});
  }

  bool has_ended(const Held& lease) const {
    return std::ranges::any_of(said_.ended, [&](const Told& told) {
      return told.lease.trial == lease.trial && told.lease.fence == lease.fence;
    });
  }

  bool is_held(int trial, std::int64_t fence) const {
    const auto is_it = [&](const Held& h) { return h.trial == trial && h.fence == fence; };
    return std::ranges::any_of(*said_.holds, is_it) || has_ended({trial, fence});
  }

  void find_lost_answers() {
    if (!said_.holds) return;
    for (const auto& [number, live] : loop_.study.open) {
      const Lease& lease = live.trial.lease;
      const bool is_its = lease.worker == said_.worker;
      if (is_its && !is_held(number, lease.fence)) given_.trials.push_back(number);
    }
  }

  // Of a worker that hpod has started: it works, and goes when it has nothing to do.
  Result<void> note_worker_job() {
    const auto job = engine::worker_job_of(loop_.study, said_.worker);
    if (!job) return {};
    given_.leave = engine::workers_unwanted(loop_.study).contains(*job);
    const bool asks = said_.start > 0 && !loop_.study.workers.at(*job).has_asked;
    return asks ? context_.ledger.record(loop_, WorkerAsked{*job}) : Result<void>();
  }

  // The next trial that nobody has; nullopt: there is none yet.
  Result<std::optional<int>> next_trial() {
    if (const auto waiting = engine::next_to_lease(loop_.study)) return waiting;
    if (!engine::wants_trials(loop_.study) || !context_.ready.may_take(loop_)) {
      return std::optional<int>();
    }
    auto created = context_.ready.create_trial(loop_);
    if (!created) return created.error();
    return std::optional(*created);
  }

  // Ahead only if nobody waits for a trial to begin: at the end of a study, idle slots come first.
  Result<void> grant() {
    const auto lost = static_cast<int>(given_.trials.size());  // it asks for less than it says
    auto granted = grant_some(said_.start - lost, true);
    if (!granted || said_.ahead == 0 || loop_.pulling > 0) return granted;
    return grant_some(std::min(said_.ahead, ahead_left()), false);
  }

  int own(const std::set<int>& trials) const {
    return static_cast<int>(std::ranges::count_if(trials, [&](int number) {
      return loop_.study.open.at(number).trial.lease.worker == said_.worker;
    }));
  }

  // Nothing ahead to free slots: it would begin there, beyond what `parallel` allows.
  int ahead_left() const {
    if (own(loop_.study.running) < said_.slots) return 0;
    return std::max(1, said_.slots / 4) - own(loop_.study.leased);
  }

  Result<void> grant_some(int count, bool begins) {
    for (int i = 0; i < count && may_grant(begins); ++i) {
      const auto trial = next_trial();
      if (!trial) return trial.error();
      if (!*trial || is_in_vain()) return {};
      if (auto recorded = lease(**trial, begins); !recorded) return recorded;
      given_.trials.push_back(**trial);
    }
    return {};
  }

  bool may_grant(bool begins) const {
    const bool is_open = !given_.leave && context_.may_start && loop_.is_running() &&
                         engine::may_begin(loop_.study);
    return is_open && (!begins || engine::room(loop_.study) > 0);
  }

  // A trial of which nobody would hear would be kept from others until its lease ends. Looked for
  // as late as can be; who hangs up after that is known by the lease alone.
  bool is_in_vain() {
    has_hung_up_ = has_hung_up_ || (said_.has_hung_up && said_.has_hung_up());
    return has_hung_up_;
  }

  Result<void> lease(int number, bool begins) {
    const Trial& trial = loop_.study.open.at(number).trial;
    const std::int64_t fence = trial.lease.fence + 1;
    if (!begins) return context_.ledger.record(loop_, TrialLeased{number, said_.worker, fence});
    return context_.ledger.record(
        loop_, AttemptStarted{.trial = number, .attempt = trial.attempts + 1,
                              .worker = said_.worker, .fence = fence,
                              .job = leased_job_name(context_.store.installation(), loop_.study,
                                                     number, fence)});
  }

  Reply reply() const {
    const StudyState state = loop_.study.progress.state;
    const bool says_nothing = !given_.leave && given_.trials.empty() && given_.stop.empty() &&
                              given_.dropped.empty();
    const bool has_told = !said_.reports.empty() || !said_.ended.empty() ||
                          !said_.started.empty() || !said_.returned.empty();
    const bool may_come = state == StudyState::running || state == StudyState::paused;
    return {.body = text_of(given_, loop_, context_.store.installation()),
            .is_empty = says_nothing && !has_told && may_come && !has_hung_up_};
  }

  const CommandContext& context_;
  StudyLoop& loop_;
  const Exchange& said_;
  Given given_{};
  bool has_hung_up_ = false;  // it waits for nothing any more
};

}  // namespace

Result<Reply> handle(const CommandContext& context, const Exchange& command) {
  auto loop = find_pulled(context, command.study);
  if (!loop) return loop.error();
  return Visit(context, **loop, command).answer();
}

}  // namespace hpo::loop
