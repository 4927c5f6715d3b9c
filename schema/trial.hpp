// Trials and their attempts as plain values.
//
// A trial is one set of params to try; an attempt is one job that tries it. What is finished
// never changes: `hpo retry` makes a new trial that names the old one.
#pragma once

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "schema/outcome.hpp"
#include "schema/report.hpp"
#include "schema/search_space.hpp"

namespace hpo {

enum class TrialState {
  waiting, running, paused, completed, pruned, infeasible, failed, cancelled
};
template <>
inline constexpr auto words<TrialState> = word_table("waiting", "running", "paused", "completed",
    "pruned", "infeasible", "failed", "cancelled");

constexpr bool is_finished(TrialState s) { return s >= TrialState::completed; }

enum class AttemptState {
  submitting, unknown, absent, rejected, submitted, queued, running,
  succeeded, failed, lost, cancelled, late
};
template <>
inline constexpr auto words<AttemptState> = word_table("submitting", "unknown", "absent",
    "rejected", "submitted", "queued", "running", "succeeded", "failed", "lost", "cancelled",
    "late");

// A job may exist, so the attempt needs asking, cancelling or waiting for.
constexpr bool is_live(AttemptState s) {
  return s == AttemptState::submitting || s == AttemptState::unknown ||
         (s >= AttemptState::submitted && s <= AttemptState::running);
}

// Who chose a trial's values.
enum class Origin { default_values, initial, enqueued, strategy, retry };
template <>
inline constexpr auto words<Origin> = word_table("default", "initial", "enqueued", "strategy",
    "retry");

// What a strategy knew when it proposed: enough for replay to recompute the same values.
struct Suggestion {
  std::string strategy{};       // the one that answered
  std::string instead_of{};     // the study's own, which did not within deadline_ms; empty: it did
  std::int64_t deadline_ms = 0;
  int version = 0;
  std::string build{};          // build id of the daemon
  std::int64_t history_seq = 0; // the last finished trial, or report at a rung, that the ask saw
  std::int64_t model_seq = 0;   // the fits due by then are in the model; 0: all that were due
  int first_number = 0;         // of the batch that this trial belongs to
  int count = 0;
  friend bool operator==(const Suggestion&, const Suggestion&) = default;
};

// Who has an open trial of a study whose trials are pulled. The fence grows with each lease of the
// trial, so what a worker still says that was given up is told from what the next one says.
struct Lease {
  std::string worker{};    // empty: nobody has it
  std::int64_t fence = 0;  // of this lease, or of the last one; 0: there was none
  bool is_held() const { return !worker.empty(); }
  bool is_held_under(std::int64_t number) const { return is_held() && fence == number; }
  friend bool operator==(const Lease&, const Lease&) = default;
};

struct Trial {
  int number = 0;  // 0, 1, 2, … within its study, never reused
  Values values{};
  TrialState state = TrialState::waiting;
  Origin origin = Origin::strategy;
  std::optional<int> retry_of{};        // the failed trial that this one repeats
  Suggestion suggestion{};              // of a trial that a strategy proposed
  int attempts = 0;                     // counts submissions that were not refuted as absent
  int resumes = 0;                      // of those: to go on after a pause, not to try again
  Lease lease{};
  std::optional<double> value{};        // the objective; set if and only if completed
  std::map<std::string, double> metrics{};
  std::optional<FailureClass> failure{};  // set if and only if failed
  std::string message{};
  std::int64_t history_seq = 0;         // orders finished trials as strategies see them; 0: open
  std::int64_t created_ns = 0;          // UTC; likewise below
  std::int64_t started_ns = 0;
  std::int64_t ended_ns = 0;
  friend bool operator==(const Trial&, const Trial&) = default;
};

// What an attempt's job asks of a batch system; what is unset is left to the site.
struct Asked {
  std::optional<std::chrono::seconds> time{};
  std::optional<std::int64_t> memory_bytes{};  // per node
  friend bool operator==(const Asked&, const Asked&) = default;
};

struct Attempt {
  int trial = 0;
  int number = 1;                    // 1, 2, … within its trial
  AttemptState state = AttemptState::submitting;
  std::string job{};                 // unique for ever; new for each submission
  std::string native_id{};           // "pid:start:boot", a batch job's id, or a worker's name
  std::int64_t fence = 0;            // of the lease under which a worker has begun it; 0: none
  int slot = 0;                      // 0 … slots-1 of its study
  std::vector<int> devices{};        // GPU indices of this node
  Asked asked{};                     // the same for all its submissions
  bool cancelling = false;           // a cancel was acknowledged; the job has yet to go
  Decision decision{};               // likewise, if a pruner wants it to end
  Outcome outcome{};                 // meaningful once the attempt has ended
  std::string message{};             // of a rejection or a doubt
  std::int64_t submitting_ns = 0;
  std::int64_t submitted_ns = 0;
  friend bool operator==(const Attempt&, const Attempt&) = default;
};

// A job of a study whose trials are pulled: a worker that hpod starts, and that asks for them. It
// is submitted, found and ended as an attempt is.
struct WorkerJob {
  std::string name{};      // its process is called so, with "-" and more behind it
  bool has_asked = false;  // for a trial
  Attempt attempt{.trial = -1, .number = 0};  // number: the worker job's, 0, 1, 2, … in its study
  friend bool operator==(const WorkerJob&, const WorkerJob&) = default;
};

// Of a worker's process "hpoabcd-w3-4711-9f3c": the name of its worker job, if it has one.
std::string_view job_name_of_worker(std::string_view worker);

}  // namespace hpo
