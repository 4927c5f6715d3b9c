// The other half of lease_book.hpp: what is told to the daemon, and what its answers change.
#include <algorithm>
#include <utility>

#include "cli/worker/lease_book.hpp"
#include "schema/assert.hpp"

namespace hpo::cli::worker {
namespace {

using namespace std::chrono_literals;

constexpr Instant ask_pause_min = 20ms;  // a daemon that does not wait is not asked in a loop

std::chrono::milliseconds whole_ms(Instant time) {
  return std::chrono::duration_cast<std::chrono::milliseconds>(time);
}

StepTold thinned_note(int gone) {
  return {.skipped = std::to_string(gone) + " steps were left out by its worker, evenly, when "
                     "many were to be told after its lease had ended"};
}

bool is_dropped_by(const Reply& reply, LeaseKey key) {
  return std::any_of(reply.dropped.begin(), reply.dropped.end(),
                     [&](const StopWish& wish) { return wish.key == key; });
}

}  // namespace

// Its lease matters: the daemon counts on us, and we on it.
bool LeaseBook::is_held(const Entry& entry) const {
  return !entry.is_dropped && entry.phase != Phase::returned;
}

bool LeaseBook::has_news() const {
  return std::any_of(entries_.begin(), entries_.end(), [](const auto& each) {
    const Entry& entry = each.second;
    const bool is_begun = entry.phase == Phase::training && !entry.is_start_told;
    return is_begun || entry.phase == Phase::ended || entry.phase == Phase::returned ||
           (entry.reports.count() > 0 && !entry.is_dropped);
  });
}

// An end is told with the last of its steps, or after them.
void LeaseBook::say(const LeaseKey& key, const Entry& entry, Draft& draft) const {
  if (entry.is_dropped) return say_late_end(key, entry, draft);
  Request& request = draft.request;
  std::size_t told = 0;
  for (const StepTold& report : entry.reports) {
    const bool is_full = static_cast<int>(request.reports.size()) >= limits_.reports_max;
    if (is_full || draft.bytes >= limits_.bytes_max) break;
    request.reports.push_back({key, report});
    draft.bytes += HeldSteps::bytes_of(report);
    ++told;
  }
  const bool is_whole = told == entry.reports.count() && draft.bytes < limits_.bytes_max;
  const bool was_begun = entry.phase == Phase::training || entry.phase == Phase::ended;
  if (was_begun && !entry.is_start_told) request.started.push_back(key);
  if (entry.phase == Phase::returned) request.returned.push_back(key);
  if (entry.phase == Phase::ended && is_whole) say_end(key, entry, draft);
  else if (is_held(entry)) request.holds.push_back(key);
}

// All at once, or in the next request: the daemon keeps these steps if it counts the result.
void LeaseBook::say_late_end(const LeaseKey& key, const Entry& entry, Draft& draft) const {
  const std::size_t bytes = draft.bytes + entry.reports.bytes();
  if (entry.phase != Phase::ended || (draft.bytes > 0 && bytes > limits_.bytes_max)) return;
  for (const StepTold& report : entry.reports) draft.request.reports.push_back({key, report});
  if (entry.thinned > 0) draft.request.reports.push_back({key, thinned_note(entry.thinned)});
  draft.bytes = bytes;
  say_end(key, entry, draft);
}

void LeaseBook::say_end(const LeaseKey& key, const Entry& entry, Draft& draft) {
  draft.request.ended.push_back({key, entry.outcome});
  draft.bytes += HeldSteps::bytes_of({.metrics = entry.outcome.metrics}) +
                 entry.outcome.message.size();
}

void LeaseBook::note_wants(Request& request, Instant now) const {
  if (!may_begin(now)) return;
  const int free = static_cast<int>(free_slots().size());
  const int ahead = count(Phase::ahead);
  request.start = std::max(0, free - ahead);
  request.ahead = std::max(0, limits_.ahead_max() - ahead);
}

std::optional<Request> LeaseBook::next_request(Instant now) {
  if (in_flight_ || is_gone_ || now < retry_at_) return std::nullopt;
  Draft draft{.request = {.slots = limits_.slots, .loading = loading_}};
  for (const auto& [key, entry] : entries_) say(key, entry, draft);
  Request& request = draft.request;
  note_wants(request, now);
  const bool asks = request.start + request.ahead > 0;
  const bool listens = !request.holds.empty() && now >= sent_at_ + listen_after(lease_);
  const bool may_ask = asks && now >= ask_at_;
  const bool says = request.says_something() || must_ask_again();
  if (!says && !may_ask && !listens) return std::nullopt;
  if (!says) request.wait = whole_ms(std::min<Instant>(limits_.wait, wait_longest(lease_)));
  sent_at_ = now;  // the lease is counted from here: later than it began, never earlier, over there
  is_unsure_ = is_unsure_ || asks;
  in_flight_ = request;
  return request;
}

bool LeaseBook::interrupts_wait() const {
  return is_waiting() && (has_news() || is_draining());
}

void LeaseBook::forget_report(LeaseKey key) {
  const auto found = entries_.find(key);
  if (found == entries_.end()) return;
  if (found->second.reports.count() > 0) found->second.reports.pop();
  else found->second.thinned = 0;  // the note came after them
}

// What was told of a lease that had ended is told again, with the end of the training.
void LeaseBook::forget_told(const Request& told, const Reply& reply) {
  for (const ReportedStep& each : told.reports) {
    if (!is_dropped_by(reply, each.key)) forget_report(each.key);
  }
  for (const LeaseKey key : told.started) {
    const auto found = entries_.find(key);
    if (found != entries_.end()) found->second.is_start_told = true;
  }
  for (const EndedTrial& each : told.ended) entries_.erase(each.key);
  for (const LeaseKey key : told.returned) entries_.erase(key);
}

void LeaseBook::take(const Reply& reply, Instant lease_until) {
  for (const StopWish& wish : reply.dropped) {
    const auto found = entries_.find(wish.key);
    if (found == entries_.end()) continue;
    const bool was_dropped = std::exchange(found->second.is_dropped, true);
    if (!was_dropped) thin(found->second, found->second.reports.wait_for_end());
    const Phase phase = found->second.phase;
    if (phase == Phase::ahead || phase == Phase::returned) entries_.erase(found);
  }
  for (const StopWish& wish : reply.stops) {
    const auto found = entries_.find(wish.key);
    if (found == entries_.end()) continue;
    found->second.is_stop_wanted = true;
    if (found->second.phase != Phase::ahead) continue;
    Outcome outcome;
    outcome.status = OutcomeStatus::cancelled;
    outcome.message = "it was told to end before it began: " + wish.reason;
    close(found->second, outcome);
  }
  for (const LeasedTrial& trial : reply.trials) {
    Entry entry{.trial = trial};
    entry.lease_until = lease_until;
    entries_.emplace(trial.key, std::move(entry));  // one that we have is as we have it
  }
}

void LeaseBook::answered(const Reply& reply, Instant now) {
  HPO_ASSERT(in_flight_, "an answer belongs to the request that is under way");
  const Request told = *std::exchange(in_flight_, std::nullopt);
  const Instant lease_until = sent_at_ + reply.lease;
  forget_told(told, reply);
  for (const LeaseKey key : told.holds) {
    const auto found = entries_.find(key);
    if (found != entries_.end()) found->second.lease_until = lease_until;
  }
  take(reply, lease_until);
  lease_ = reply.lease;
  is_dismissed_ = reply.leave;
  state_ = reply.leave ? StudyState::finished : reply.state;  // for us
  failures_ = 0;
  is_unsure_ = false;
  if (reply.trials.empty()) ask_at_ = now + std::max<Instant>(reply.wait, ask_pause_min);
}

void LeaseBook::unanswered(Instant now, double jitter) {
  in_flight_.reset();
  retry_at_ = now + back_off(++failures_, lease_, jitter);
}

bool LeaseBook::refused() {
  if (!in_flight_) return false;
  const Request told = *std::exchange(in_flight_, std::nullopt);
  for (const ReportedStep& each : told.reports) forget_report(each.key);
  reports_refused_ += static_cast<int>(told.reports.size());
  return !told.reports.empty();
}

Instant LeaseBook::wake_at(Instant now) const {
  Instant next = is_draining() ? never : limits_.stop_at;
  if (in_flight_ || is_gone_) return next;
  if (now < retry_at_) return std::min(next, retry_at_);
  const bool holds = std::any_of(entries_.begin(), entries_.end(),
                                 [&](const auto& each) { return is_held(each.second); });
  if (holds) next = std::min(next, sent_at_ + listen_after(lease_));
  for (const Instant moment : {ask_at_, begin_at_}) {
    if (moment > now) next = std::min(next, moment);
  }
  return std::max(next, now);
}

}  // namespace hpo::cli::worker
