// Read-only queries for REST, status and histories, each on a connection of its own.
//
// Never blocks the writer and never sees a half transaction. Each call is one short read
// transaction, aborted after 2 s. One thread at a time: the reader strand, or a compute thread
// with a Reader of its own.
#pragma once

#include <chrono>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "daemon/engine/study.hpp"
#include "schema/report.hpp"
#include "schema/history.hpp"

namespace hpo::store {

// Of a study that has such: worker jobs by what has become of them.
struct WorkerCounts {
  int running = 0;
  int queued = 0;  // or on their way there
  int ended = 0;   // by themselves, or as they were not wanted any more
  int lost = 0;    // rejected, failed, taken away
};

struct StudyRow {
  std::int64_t id = 0;
  std::string name{};
  std::string spec{};           // canonical JSON, as stored
  engine::Progress progress{};
  int waiting = 0;
  int paused = 0;               // trials that a pruner may go on with
  int running = 0;
  int queued = 0;               // of those that are running: their job has not started yet
  std::int64_t history_seq = 0; // of its newest finished trial or report; 0 without either
  std::string best_params{};    // JSON object; empty without a best trial
  std::string recommended_params{};  // likewise of the recommended trial
  WorkerCounts workers{};
  std::string strategies{};     // that proposed its first trials, with commas between
};

struct TrialRow {
  Trial trial{};                // without values
  std::string params{};         // JSON object, the bytes as stored
  // The attempt whose late result the trial has ended with, else the latest; nullopt: none yet.
  std::optional<int> attempt{};
  std::optional<AttemptState> attempt_state{};  // of that one; likewise below, where it is known
  std::optional<int> slot{};
  std::optional<std::int64_t> submitted_ns{};
  std::optional<std::int64_t> started_ns{};  // of the training, as its runner or the scheduler says
  std::optional<std::int64_t> ended_ns{};
  std::optional<std::int64_t> step{};        // the last one that it told
  std::optional<int> rung{};                 // the highest one at which a pruner judged it
  // Where a pruner told that attempt to stop or to pause; it may have gone on a little.
  std::optional<std::int64_t> verdict_step{};
  std::optional<int> verdict_rung{};         // nullopt too if no rung decided
};

struct ReportQuery {
  std::string study{};
  std::optional<int> trial{};   // nullopt: of all trials, in the order in which they came
  std::int64_t after = -1;      // of one trial: above this step; of all: above this seq
  int limit = 1000;             // 1 … 1000
};

struct TrialQuery {
  std::string study{};
  std::optional<TrialState> state{};
  enum class Sort { number, value, value_descending } sort = Sort::number;
  std::string cursor{};         // opaque, from TrialPage::next; empty: the first page
  int limit = 100;              // 1 … 1000
};

struct TrialPage {
  std::vector<TrialRow> trials{};
  std::string next{};           // empty: this was the last page
};

struct EventRow {
  std::int64_t seq = 0;
  std::int64_t at_ns = 0;
  std::string study{};
  std::string kind{};
  std::string data{};           // JSON object
};

struct TokenRow {
  std::string study{};          // the only one that it opens
  std::chrono::seconds left{};  // until its end; 0 or less: it has expired
};

class Reader {
 public:
  static Result<std::unique_ptr<Reader>> open(const std::string& path,
                                              const std::string& vfs = "unix-excl");
  virtual ~Reader() = default;

  virtual Result<std::vector<StudyRow>> studies(std::string_view after_name, int limit) = 0;
  virtual Result<StudyRow> study(std::string_view name) = 0;  // Error: not_found, with near names
  virtual Result<TrialPage> trials(const TrialQuery& query) = 0;
  virtual Result<TrialRow> trial(std::string_view study, int number) = 0;
  virtual Result<std::vector<Attempt>> attempts(std::string_view study, int trial) = 0;
  virtual Result<std::vector<JudgedReport>> reports(const ReportQuery& query) = 0;
  virtual Result<std::vector<EventRow>> events(std::int64_t after_seq, std::string_view study,
                                               int limit) = 0;
  // The trial's submissions in doubt and incidents, oldest first.
  virtual Result<std::vector<EventRow>> doubts(std::string_view study, int trial) = 0;
  virtual Result<std::int64_t> last_event_seq() = 0;
  // Of a worker, by the SHA-256 of its text. nullopt: never given out, or revoked.
  virtual Result<std::optional<TokenRow>> token(std::string_view sha256) = 0;

  // Trials of the study that finished with history_seq ≤ limit, in that order. In chunks, so that
  // no read transaction is long. 10⁶ trials of 8 parameters in ≤ 6 s.
  virtual Result<History> history(std::int64_t study, const SearchSpace& space,
                                  std::int64_t history_seq_max) = 0;
  // Adds what the study's trials told at rungs of these steps, by reports with seq ≤ limit, in the
  // order of seq. Likewise in chunks. REQUIRES: the history has none yet
  virtual Result<void> add_rungs(std::int64_t study, const std::vector<std::int64_t>& steps,
                                 std::int64_t seq_max, History& history) = 0;
};

}  // namespace hpo::store
