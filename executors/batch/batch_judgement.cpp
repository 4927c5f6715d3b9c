// The part of batch_executor.hpp that concludes: from files and listings to the status of a job.
#include <algorithm>

#include "executors/batch/batch_executor.hpp"
#include "executors/batch/job_files.hpp"
#include "executors/runner/claim.hpp"
#include "executors/runner/exit_file.hpp"
#include "executors/runner/files.hpp"
#include "executors/runner/text.hpp"

namespace hpo::batch {
namespace {

constexpr int listings_min = 3;
constexpr std::size_t log_bytes_max = 64U << 10U;
constexpr std::size_t log_bytes_shown = 2000;

std::optional<runner::Claim> claim_of(const Job& job) {
  const auto claim = runner::read_claim(job.directory);
  return claim ? *claim : std::nullopt;
}

std::string log_path(const Job& job) { return job.directory + "/" + std::string(job_log_name); }

// What the job printed before it could report: the cause of most ends without a result.
std::string log_tail(const Job& job) {
  const auto text = runner::read_file(log_path(job), log_bytes_max);
  if (!text || text->empty()) return {};
  const std::size_t begin = text->size() - std::min(text->size(), log_bytes_shown);
  return "\nlast lines of job.log:\n" + runner::cleaned(text->substr(begin));
}

JobStatus status(JobState state, const Sighting& seen, std::string detail) {
  return {.state = state, .native_id = seen.id, .outcome = std::nullopt,
          .detail = std::move(detail)};
}

JobStatus ended(const Job& job, const std::string& id, Outcome outcome) {
  return {.state = JobState::ended, .native_id = id.empty() ? job.native_id : id,
          .outcome = std::move(outcome), .detail = {}};
}

bool is_waiting(const Sighting& seen) {
  return seen.phase == Phase::queued || seen.phase == Phase::held;
}

std::string minutes_text(std::int64_t ns) {
  return std::to_string(std::chrono::round<std::chrono::minutes>(
             std::chrono::nanoseconds(ns)).count()) + " min";
}

}  // namespace

// nullopt: the files say nothing. A torn exit.json is looked at again, as long as the job is known.
std::optional<JobStatus> BatchExecutor::by_exit(const Job& job) {
  auto outcome = read_exit(job.directory, job.name, job.identity);
  if (!outcome || !*outcome) return std::nullopt;
  const bool is_others_doing = (*outcome)->status == OutcomeStatus::cancelled &&
                               !cancelled_.contains(job.name);
  if (!is_others_doing || !queries_.refresh()) return ended(job, {}, std::move(**outcome));
  const Sighting* seen = choose(job);
  if (!seen || seen->phase == Phase::ended) {
    return ended(job, {}, seen ? attributed(job, **outcome, *seen) : std::move(**outcome));
  }
  if (has_waited(job.name)) return ended(job, seen->id, std::move(**outcome));
  return status(JobState::running, *seen, "it was told to end; the scheduler has yet to say why");
}

// The runner knows that it was told to end; the scheduler knows why.
Outcome BatchExecutor::attributed(const Job& job, Outcome outcome, const Sighting& seen) {
  Outcome why = scheduler_->outcome_of(seen, true, log_path(job));
  if (why.failure == FailureClass::no_result || why.failure == FailureClass::infrastructure ||
      why.failure == FailureClass::exit_code) {
    return outcome;
  }
  outcome.status = why.status;
  outcome.failure = why.failure;
  outcome.is_unwanted = why.is_unwanted;
  outcome.message = why.message;
  return outcome;
}

JobStatus BatchExecutor::by_listing(const Job& job, bool is_in_doubt) {
  const Sighting* seen = choose(job);
  if (!seen) return by_absence(job, is_in_doubt);
  missing_.erase(job.name);
  return by_sighting(job, *seen);
}

JobStatus BatchExecutor::by_sighting(const Job& job, const Sighting& seen) {
  switch (seen.phase) {
    case Phase::queued:
    case Phase::held: return by_waiting(job, seen);
    case Phase::running: return status(JobState::running, seen, {});
    case Phase::completing: return status(JobState::running, seen, "its nodes are being freed");
    case Phase::ended: return by_end(job, seen);
    case Phase::unknown: break;
  }
  return status(JobState::unknown, seen, "the scheduler calls its state '" + seen.state + "'");
}

// One that waits for what never comes would keep its study waiting too.
JobStatus BatchExecutor::by_waiting(const Job& job, const Sighting& seen) {
  const std::string why = scheduler_->wait_text(seen);
  if (seen.phase == Phase::held || !scheduler_->waits_for_ever(seen)) {
    stuck_since_ns_.erase(job.name);
    return status(JobState::queued, seen, why);
  }
  const auto [since, is_new] = stuck_since_ns_.try_emplace(job.name, now_ns());
  if (now_ns() - since->second < config_.batch.stuck_after.count()) {
    return status(JobState::queued, seen, why);
  }
  if (auto done = scheduler_->cancel({&seen, 1}); !done) {
    return status(JobState::queued, seen, why + "; it cannot be cancelled: " + done.error().what);
  }
  return ended(job, seen.id, Outcome{
      .failure = FailureClass::rejected,
      .message = "the job could never start and was cancelled: it " + why +
                 ". Ask for what the site allows: hpo validate --check"});
}

// exit.json may be on its way through a network file system; and the one that counts may be that
// of the attempt's other submission, which took the claim.
JobStatus BatchExecutor::by_end(const Job& job, const Sighting& seen) {
  const auto claim = claim_of(job);
  const bool is_duplicate = claim && claim->job != job.name && !job.identity.empty() &&
                            claim->identity == job.identity;
  if (is_duplicate) {
    const auto others = queries_.named(claim->job);
    const bool is_under_way = std::ranges::any_of(others, [](const Sighting* other) {
      return other->phase != Phase::ended;
    });
    if (is_under_way) {
      return status(JobState::running, *others.front(),
                    "the attempt is held by its other submission " + claim->job);
    }
  }
  if (!has_waited(job.name)) return status(JobState::running, seen, "exit.json is awaited");
  Outcome outcome = scheduler_->outcome_of(seen, claim.has_value(), log_path(job));
  outcome.message += log_tail(job);
  outcome.started_ns = std::chrono::nanoseconds(std::chrono::seconds(seen.start_s)).count();
  outcome.ended_ns = std::chrono::nanoseconds(std::chrono::seconds(seen.end_s)).count();
  return ended(job, seen.id, std::move(outcome));
}

bool BatchExecutor::has_waited(const std::string& name) {
  const auto [since, is_new] = end_seen_ns_.try_emplace(name, now_ns());
  return now_ns() - since->second >= config_.batch.result_grace.count();
}

JobStatus BatchExecutor::by_absence(const Job& job, bool is_in_doubt) {
  if (const auto row = accounted_.find(job.name); row != accounted_.end()) {
    return by_end(job, row->second);
  }
  if (is_in_doubt && !claim_of(job)) return {.state = JobState::absent};
  Missing& missing = missing_[job.name];
  if (missing.listings == 0) missing.since_ns = now_ns();
  if (missing.last_listing != queries_.count()) ++missing.listings;
  missing.last_listing = queries_.count();
  const std::int64_t gone_ns = now_ns() - missing.since_ns;
  const std::string detail = "the scheduler has not shown it for " + minutes_text(gone_ns);
  if (missing.listings < listings_min || gone_ns < config_.batch.lost_after.count()) {
    return {.state = JobState::unknown, .native_id = job.native_id, .outcome = std::nullopt,
            .detail = detail};
  }
  return {.state = JobState::gone, .native_id = job.native_id, .outcome = std::nullopt,
          .detail = detail + ", accounting says nothing, and there is no exit.json" +
                    log_tail(job)};
}

// Several jobs of one name come from a submission that was carried out twice. The one with the
// claim counts, else the oldest. Once there is a claim, what still waits is withdrawn; before, it may
// have begun and taken the claim since the listing. What runs finds the claim taken.
const Sighting* BatchExecutor::choose(const Job& job) {
  std::vector<const Sighting*> found = queries_.named(job.name);
  if (found.size() < 2) return found.empty() ? nullptr : found.front();
  const auto claim = claim_of(job);
  const auto is_older = [](const Sighting* a, const Sighting* b) {
    return std::pair(a->id.size(), a->id) < std::pair(b->id.size(), b->id);
  };
  const Sighting* kept = *std::ranges::min_element(found, is_older);
  for (const Sighting* each : found) {
    if (claim && claim->native_id == each->id) kept = each;
  }
  std::vector<Sighting> surplus;
  for (const Sighting* each : found) {
    if (claim && each != kept && is_waiting(*each)) surplus.push_back(*each);
  }
  if (!surplus.empty()) {
    config_.log("warn", "incident: job " + job.name + " is there " +
                            std::to_string(found.size()) + " times; id=" + kept->id +
                            " is kept, and those that wait are cancelled");
    if (auto done = scheduler_->cancel(surplus); !done) config_.log("warn", done.error().what);
  }
  return kept;
}

}  // namespace hpo::batch
