// See slurm_scheduler.hpp.
#include "executors/slurm/slurm_scheduler.hpp"

#include <unistd.h>

#include <algorithm>
#include <string_view>

#include "executors/runner/text.hpp"
#include "executors/slurm/accounting.hpp"
#include "executors/slurm/arguments.hpp"
#include "executors/slurm/job_end.hpp"
#include "executors/slurm/queue.hpp"
#include "executors/slurm/reasons.hpp"
#include "executors/slurm/states.hpp"
#include "executors/slurm/submission.hpp"
#include "executors/slurm/times.hpp"

namespace hpo::slurm {
namespace {

using namespace std::chrono_literals;
using batch::Sighting;

constexpr auto submit_patience = 60s;
constexpr auto query_patience = 60s;
constexpr auto cancel_patience = 60s;
constexpr auto detail_patience = 10s;  // of what people would like to know
constexpr std::chrono::nanoseconds accounting_recheck = 1h;  // it does not appear by itself
constexpr auto accounting_back = std::chrono::hours(24 * 7);
constexpr std::size_t ids_per_call = 200;
constexpr std::size_t names_per_call = 500;
constexpr std::size_t said_bytes = 500;

Result<batch::CommandResult> run(std::vector<std::string> argv, std::chrono::seconds patience) {
  return batch::run(command(std::move(argv), patience));
}

Error no_answer(const std::vector<std::string>& argv, const batch::CommandResult& result) {
  const std::string how =
      result.is_timed_out ? "it did not answer in time"
      : result.is_cut     ? "it printed more than can be a listing"
      : result.signal     ? "it was ended by signal " + std::to_string(*result.signal)
                          : "exit code " + std::to_string(result.exit_code.value_or(-1));
  std::string said = runner::excerpt(result.error, said_bytes);
  while (said.ends_with('\n')) said.pop_back();
  return {ErrorCode::unavailable, "Slurm does not answer: " + argv.front() + ": " + how +
              (said.empty() ? "" : ", \"" + said + "\""),
          batch::text_of(argv), "try it by hand; hpo asks again by itself"};
}

Result<std::string> printed(const std::vector<std::string>& argv) {
  const auto done = run(argv, detail_patience);
  if (!done) return done.error();
  if (!done->is_good()) return no_answer(argv, *done);
  return done->output;
}

// All that scancel complains of is that there is nothing left to cancel.
bool is_over_already(std::string_view standard_error) {
  if (standard_error.empty()) return false;
  while (!standard_error.empty()) {
    const std::string_view line = standard_error.substr(0, standard_error.find('\n'));
    standard_error.remove_prefix(std::min(line.size() + 1, standard_error.size()));
    const bool is_over = line.ends_with("Invalid job id specified") ||
                         line.ends_with("Job/step already completing or completed");
    if (!is_over) return false;
  }
  return true;
}

// Those of one name are named besides: then an id that Slurm gave to another job meanwhile does no
// harm. For many names that would take a call each; a listing of this moment has shown them.
Result<void> cancel_by(const std::vector<std::string>& command, std::span<const Sighting> jobs) {
  Result<void> answer;
  const bool is_one_name = std::ranges::all_of(
      jobs, [&](const Sighting& job) { return job.name == jobs.front().name; });
  for (std::size_t begin = 0; begin < jobs.size(); begin += ids_per_call) {
    const auto part = jobs.subspan(begin, std::min(ids_per_call, jobs.size() - begin));
    std::vector<std::string> argv = command;
    if (is_one_name) argv.push_back("--name=" + jobs.front().name);
    for (const Sighting& job : part) argv.push_back(job.id);
    const auto done = run(argv, cancel_patience);
    if (!done) return done.error();
    if (!done->is_good() && !is_over_already(done->error)) answer = no_answer(argv, *done);
  }
  return answer;
}

Sighting sighting(const QueueRow& row) {
  return {.id = row.id, .name = row.name, .phase = phase_of(row.state, row.reason),
          .state = row.state, .reason = row.reason, .node_list = row.node_list,
          .start_s = row.start_s, .end_s = row.end_s};
}

// sacct has a word for no node.
Sighting sighting(const AccountingRow& row) {
  return {.id = row.id, .name = row.name, .phase = phase_of(row.state, row.reason),
          .state = row.state, .reason = row.reason,
          .node_list = row.node_list == "None assigned" ? std::string() : row.node_list,
          .exit_code = row.exit_code, .signal = row.signal, .start_s = row.start_s,
          .end_s = row.end_s};
}

}  // namespace

SlurmScheduler::SlurmScheduler(const ExecutorConfig& config)
    : hpo_program_(config.hpo_program), monotonic_ns_(config.monotonic_ns),
      utc_ns_(config.utc_ns), limits_(printed, config.monotonic_ns) {}

void SlurmScheduler::prepare(AttemptSpec& spec) { slurm::prepare(spec); }

Result<std::string> SlurmScheduler::submit(const JobRequest& request) {
  const auto done = run(submit_arguments(hpo_program_, request), submit_patience);
  if (!done) {
    Error error = done.error();
    error.code = ErrorCode::unavailable;  // nothing was started
    return error;
  }
  const CommandEnd end{.exit_code = done->exit_code, .signal = done->signal,
                       .is_timed_out = done->is_timed_out};
  SubmitReading reading = read_submission(end, done->output, done->error);
  if (reading.answer != SubmitAnswer::accepted) return std::move(reading.error);
  return std::move(reading.id);
}

Result<std::vector<Sighting>> SlurmScheduler::list() {
  const auto argv = queue_arguments(std::to_string(::getuid()));
  const auto done = run(argv, query_patience);
  if (!done) return done.error();
  if (!done->is_good()) return no_answer(argv, *done);
  const auto rows = parse_queue(done->output);
  if (!rows) return rows.error();
  std::vector<Sighting> jobs;
  for (const QueueRow& row : *rows) jobs.push_back(sighting(row));
  return jobs;
}

Result<std::optional<Sighting>> SlurmScheduler::look_up(const Sighting& job) {
  const auto argv = queue_arguments_for(job.id);
  const auto done = run(argv, query_patience);
  if (!done) return done.error();
  if (is_unknown_id(done->error)) return std::optional<Sighting>();
  if (!done->is_good()) return no_answer(argv, *done);
  const auto rows = parse_queue(done->output);
  if (!rows) return rows.error();
  for (const QueueRow& row : *rows) {
    if (row.id == job.id && row.name == job.name) return std::optional(sighting(row));
  }
  return no_answer(argv, *done);  // another job may have the id by now
}

Result<std::vector<Sighting>> SlurmScheduler::account(std::span<const std::string> names) {
  std::vector<Sighting> jobs;
  for (std::size_t begin = 0; begin < names.size(); begin += names_per_call) {
    if (monotonic_ns_() < no_accounting_until_ns_) return jobs;
    const auto part = names.subspan(begin, std::min(names_per_call, names.size() - begin));
    const auto argv = accounting_arguments({part.begin(), part.end()}, accounting_back);
    const auto done = run(argv, query_patience);
    if (!done && done.error().code != ErrorCode::not_found) return done.error();
    if (!done || is_accounting_absent(done->error)) {
      no_accounting_until_ns_ = monotonic_ns_() + accounting_recheck.count();
      return jobs;
    }
    if (!done->is_good()) return no_answer(argv, *done);
    const auto rows = parse_accounting(done->output);
    if (!rows) return rows.error();
    for (const AccountingRow& row : *rows) jobs.push_back(sighting(row));
  }
  return jobs;
}

Result<void> SlurmScheduler::cancel(std::span<const Sighting> jobs) {
  return cancel_by({"scancel"}, jobs);
}

// For a job that waits, scancel would ask again and again, for a minute and more: hence the state.
Result<void> SlurmScheduler::tell_runners(std::span<const Sighting> jobs) {
  return cancel_by({"scancel", "--batch", "--signal=TERM", "--state=RUNNING"}, jobs);
}

std::string SlurmScheduler::wait_text(const Sighting& job) {
  const std::int64_t now_s = utc_ns_() / std::chrono::nanoseconds(1s).count();
  const std::string start = job.start_s == 0 ? std::string() : clock_text(job.start_s, now_s);
  return explain_wait({.reason = job.reason, .expected_start = start,
                       .limit = limits_.of(job.reason, std::to_string(::getuid()))});
}

Outcome SlurmScheduler::outcome_of(const Sighting& job, const batch::Traces& traces) {
  const std::string user_id = std::to_string(::getuid());
  return slurm::outcome_of({.state = job.state, .reason = job.reason, .exit_code = job.exit_code,
                            .signal = job.signal, .node_list = job.node_list,
                            .start_s = job.start_s, .end_s = job.end_s,
                            .has_begun = traces.has_begun, .has_claimed = traces.has_claimed,
                            .has_left = traces.has_left, .has_setup = traces.has_setup,
                            .user_id = user_id, .printed = traces.printed});
}

}  // namespace hpo::slurm
