// The part of batch_executor.hpp that concludes: from files and listings to the status of a job.
#include <algorithm>
#include <chrono>
#include <csignal>
#include <filesystem>
#include <system_error>
#include <utility>

#include "executors/attempt_directory.hpp"
#include "executors/batch/batch_executor.hpp"
#include "executors/batch/job_files.hpp"
#include "executors/runner/claim.hpp"
#include "executors/runner/exit_file.hpp"
#include "executors/runner/files.hpp"
#include "executors/runner/text.hpp"
#include "schema/paths.hpp"

namespace hpo::batch {
namespace {

using namespace std::chrono_literals;

constexpr int listings_min = 3;
constexpr std::size_t log_bytes_shown = 2000;

std::string log_path(const Job& job) { return job.directory + "/" + std::string(job_log_name); }

// What the job printed before it could report: the cause of most ends without a result.
std::string printed_by(const Job& job) {
  const auto text = runner::read_tail(log_path(job), log_bytes_shown);
  return text ? runner::cleaned(*text) : std::string();
}

Traces traces_of(const Job& job) {
  std::error_code ignored;
  const auto exists = [&](std::string_view name) {
    return std::filesystem::exists(job.directory + "/" + std::string(name), ignored);
  };
  return {.has_begun = exists(job_log_name), .has_claimed = claim_of(job).has_value(),
          .has_left = exists(std::string(runner::duplicate_prefix) + job.name),
          .has_setup = exists("setup.sh"), .printed = printed_by(job)};
}

std::string log_tail(const Job& job, const std::string& printed) {
  return printed.empty() ? printed : "\nlast lines of " + log_path(job) + ":\n" + printed;
}

JobStatus status(JobState state, const Sighting& seen, std::string detail) {
  return {.state = state, .native_id = seen.id, .outcome = std::nullopt,
          .detail = std::move(detail)};
}

JobStatus ended(const Job& job, const std::string& id, Outcome outcome) {
  return {.state = JobState::ended, .native_id = id.empty() ? job.native_id : id,
          .outcome = std::move(outcome), .detail = {}};
}

// A scheduler tells all processes of a job to end, so the training may be gone before its runner
// knows why. Shells and launchers pass the signal of what they started on as an exit code.
bool may_be_told(const Outcome& outcome) {
  constexpr int of_signals = 128;
  const auto is_ended_by = [&](int signal) {
    return outcome.signal == signal || outcome.exit_code == of_signals + signal;
  };
  const bool is_killed = outcome.status == OutcomeStatus::failed &&
                         (is_ended_by(SIGTERM) || is_ended_by(SIGKILL));
  return is_killed || outcome.status == OutcomeStatus::cancelled;
}

// Whatever it died of: we had told it to end.
Outcome by_our_cancel(Outcome outcome, const char* when) {
  outcome.status = OutcomeStatus::cancelled;
  outcome.failure.reset();
  outcome.is_unwanted = false;
  outcome.message = std::string("cancelled") + when;
  return outcome;
}

constexpr std::string_view result_awaited =
    "the job is over, and its result is waited for: network file systems show files late";

std::int64_t nanoseconds_of(std::int64_t seconds) { return seconds * 1'000'000'000; }

// " for 10 min", " for 40 s"; "" where no time has passed yet.
std::string since_text(std::int64_t ns) {
  using namespace std::chrono;
  const auto time = round<seconds>(nanoseconds(ns));
  if (time == 0s) return {};
  const auto count = time < 2min ? time.count() : round<minutes>(time).count();
  return " for " + std::to_string(count) + (time < 2min ? " s" : " min");
}

}  // namespace

// nullopt: the files say nothing. A torn exit.json is looked at again, as long as the job is known.
// The runner knows that it was told to end; the scheduler knows why, a listing later.
std::optional<JobStatus> BatchExecutor::by_exit(const Job& job) {
  auto outcome = read_exit(job.directory, job.name, job.identity);
  if (!outcome || !*outcome) return std::nullopt;
  over_.insert(job.name);
  if (!may_be_told(**outcome)) return ended(job, {}, std::move(**outcome));
  if (cancelled_.contains(job.name)) {
    const bool is_told = (*outcome)->status == OutcomeStatus::cancelled;
    return ended(job, {}, is_told ? std::move(**outcome)
                                  : by_our_cancel(std::move(**outcome), " while it ran"));
  }
  const bool is_waiting_over = has_waited(job.name);
  const std::int64_t seen_ns = end_seen_ns_.at(job.name);
  const auto since_ns = is_waiting_over ? std::optional(seen_ns) : std::nullopt;
  const bool is_asked = queries_.refresh(since_ns) && queries_.is_after(seen_ns);
  if (is_asked) ask_accounting({&job, 1});
  const Sighting* seen = is_asked ? choose(job) : nullptr;
  if (seen && seen->phase == Phase::ended) {
    return ended(job, seen->id, attributed(job, std::move(**outcome), *seen));
  }
  if (is_asked && is_waiting_over) return ended(job, {}, std::move(**outcome));  // one may lack it
  return JobStatus{.state = JobState::running, .native_id = job.native_id, .outcome = std::nullopt,
                   .detail = "it was told to end; the scheduler has yet to say why"};
}

Outcome BatchExecutor::attributed(const Job& job, Outcome outcome, const Sighting& seen) {
  Traces traces = traces_of(job);
  traces.has_claimed = true;  // or nobody had written exit.json
  Outcome why = scheduler_->outcome_of(seen, traces);
  if (why.failure == FailureClass::no_result || why.failure == FailureClass::infrastructure ||
      why.failure == FailureClass::exit_code || why.failure == FailureClass::signal) {
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
  return seen ? by_presence(job, *seen) : by_absence(job, is_in_doubt);
}

JobStatus BatchExecutor::by_presence(const Job& job, const Sighting& seen) {
  missing_.erase(job.name);
  JobStatus answer = by_sighting(job, seen);
  answer.missing = std::chrono::nanoseconds(0);
  return answer;
}

JobStatus BatchExecutor::by_sighting(const Job& job, const Sighting& seen) {
  switch (seen.phase) {
    case Phase::queued:
    case Phase::held: return by_waiting(job, seen);
    case Phase::running:
      return status(JobState::running, seen, seen.name == job.name ? std::string()
                        : "the attempt is held by its other submission " + seen.name);
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
      .message = "the job could never start and was cancelled: " + why +
                 ". Ask for what the site allows: hpo validate --check"});
}

// exit.json may be on its way through a network file system, if it ever had a node. Of a worker
// that we told to end it says nothing new: it tells of its trials itself, or they end with it.
JobStatus BatchExecutor::by_end(const Job& job, const Sighting& seen) {
  const bool has_run = !seen.node_list.empty();
  remember_end(seen);
  if (has_run && !is_moot(job) && !has_waited(job.name)) {
    return status(JobState::running, seen, std::string(result_awaited));
  }
  const Traces traces = traces_of(job);
  Outcome outcome = scheduler_->outcome_of(with_exit_code(seen), traces);
  if (cancelled_.contains(job.name)) {
    outcome = by_our_cancel(std::move(outcome), has_run ? " while it ran" : " before it ran");
  }
  outcome.message += log_tail(job, traces.printed);
  outcome.started_ns = has_run ? nanoseconds_of(seen.start_s) : 0;
  outcome.ended_ns = nanoseconds_of(seen.end_s);
  return ended(job, seen.id, std::move(outcome));
}

bool BatchExecutor::has_waited(const std::string& name) {
  const auto [since, is_new] = end_seen_ns_.try_emplace(name, now_ns());
  return now_ns() - since->second >= config_.batch.result_grace.count();
}

JobStatus BatchExecutor::by_absence(const Job& job, bool is_in_doubt) {
  const MaybeClaim claim = claim_of(job);
  if (is_in_doubt && !claim) {
    return {.state = JobState::absent, .native_id = {}, .outcome = std::nullopt,
            .detail = "the scheduler has not confirmed its submission and does not show it; when "
                      "it has not for a while, it is submitted again"};
  }
  if (!queries_.is_after(submitted_ns(job))) {
    return {.state = JobState::queued, .native_id = job.native_id, .outcome = std::nullopt,
            .detail = "it was submitted after the last listing"};
  }
  const Sighting hidden{.id = claim && !claim->native_id.empty() ? claim->native_id : job.native_id,
                        .name = claim ? claim->job : job.name};
  Missing& missing = missing_.try_emplace(job.name, Missing{now_ns()}).first->second;
  const bool is_news = std::exchange(missing.last_listing, queries_.count()) != queries_.count();
  if (is_news) ++missing.listings;
  if (is_news) {
    if (auto answer = by_question(job, hidden)) return *std::move(answer);
  }
  const std::int64_t gone_ns = now_ns() - missing.since_ns;
  JobStatus answer{.state = JobState::unknown, .native_id = job.native_id, .outcome = std::nullopt,
                   .detail = "the scheduler has not shown it" + since_text(gone_ns),
                   .missing = std::chrono::nanoseconds(gone_ns)};
  const bool is_late = missing.listings >= listings_min &&
                       gone_ns >= config_.batch.lost_after.count();
  if (!is_late || withdrawals_left_-- <= 0) return answer;
  return given_up(job, hidden, std::move(answer));
}

// What no listing shows is asked about by its id before it is given up: if the scheduler has it, it
// may still wait or run, and another attempt would run beside it.
JobStatus BatchExecutor::given_up(const Job& job, const Sighting& hidden, JobStatus answer) {
  if (!hidden.id.empty()) {
    const auto found = scheduler_->look_up(hidden);
    if (found && *found) return by_presence(job, **found);
    // Denied, or not answered well: that there is no such job is the usual answer here, and good.
    static_cast<void>(scheduler_->cancel({&hidden, 1}));
  }
  answer.state = JobState::gone;
  answer.detail += (scheduler_->keeps_accounting()
                        ? ", accounting tells of no end"
                        : ", the site keeps no accounting that could tell of its end") +
                   std::string(", and there is no exit.json") + log_tail(job, printed_by(job));
  return answer;
}

// A scheduler may show an end for less time than lies between two listings. So what we told to end
// is asked about by its id: a job that it denies cannot begin any more, and it keeps one until its
// nodes are free. Of other jobs that is not enough: a scheduler that lost its state denies some
// that run, and what they bring is wanted.
std::optional<JobStatus> BatchExecutor::by_question(const Job& job, const Sighting& hidden) {
  const bool is_asked = cancelled_.contains(job.name) && !hidden.id.empty();
  if (!is_asked || withdrawals_left_-- <= 0) return std::nullopt;
  const auto found = scheduler_->look_up(hidden);
  if (!found) return std::nullopt;
  if (*found) return by_sighting(job, **found);
  if (!is_moot(job) && !has_waited(job.name)) {
    return status(JobState::running, hidden, std::string(result_awaited));
  }
  return ended(job, hidden.id, by_our_cancel({}, "; the scheduler has it no more"));
}

}  // namespace hpo::batch
