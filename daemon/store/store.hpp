// The store: the one memory of the daemon, a SQLite file that it alone writes.
//
// One writer, on the engine strand, which also owns every checkpoint. A batch of commands is one
// transaction with a savepoint for each; nothing is acknowledged before commit() returns, or a
// crash could take back what somebody relies on. After an Error with outcome_unknown nothing may be
// retried: the process must end, and the next start decides from disk. After no_space the
// transaction is rolled back.
#pragma once

#include <chrono>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "daemon/engine/study.hpp"
#include "schema/report.hpp"

namespace hpo::store {

struct StoredReply {
  std::string body_hash{};
  bool created = false;
  std::string body{};
};

struct NamedStudy {
  std::int64_t id = 0;
  std::string content_hash{};
  StudyState state{};
};

struct SubmissionOf {
  std::int64_t study = 0;
  int trial = 0;
  int attempt = 0;
};

// What is known of a trial's reports without reading them.
struct ReportTail {
  int count = 0;
  std::int64_t last_step = -1;
};

struct StoreOptions {
  std::string path{};          // of hpo.db
  std::string vfs = "unix-excl";
  bool survives_power_loss = true;  // false: faster commits, for simulations only
  // How long the WAL may be: below the first checkpoint() does nothing, above the second it cuts
  // the file.
  std::int64_t wal_bytes_before_checkpoint = 4LL << 20;
  std::int64_t wal_bytes_before_truncate = 64LL << 20;
};

// Stored replies to idempotency keys are kept so long, and tokens beyond their end.
inline constexpr int replies_kept_days = 7;

class Store {
 public:
  // Opens or creates the file, sets the pragmas, migrates, and claims the epoch.
  // Error: unavailable if another process holds it, corrupt if it is not ours or newer than us.
  static Result<std::unique_ptr<Store>> open(const StoreOptions& options);
  virtual ~Store() = default;

  virtual Result<void> begin() = 0;
  virtual Result<void> savepoint() = 0;
  virtual Result<void> release() = 0;           // keeps what came since savepoint()
  virtual Result<void> undo() = 0;  // back to savepoint(); Error: the whole transaction is gone
  virtual Result<void> commit() = 0;
  virtual void rollback() = 0;

  // Within a transaction. `content_hash` tells whether a submitted study is the same as before.
  virtual Result<std::int64_t> create_study(const StudySpec& spec, std::string_view content_hash,
                                            const Event& event) = 0;
  // The study's columns, the changed rows and the event. Returns the event's seq.
  virtual Result<std::int64_t> write(const engine::Study& study, const engine::Changes& changes,
                                     const Event& event) = 0;
  // REQUIRES: the trial has no report of that step
  virtual Result<void> write_report(std::int64_t study, const JudgedReport& row) = 0;
  virtual Result<void> remember(std::string_view key, std::string_view route,
                                const StoredReply& reply) = 0;
  virtual Result<std::optional<StoredReply>> recall(std::string_view key,
                                                    std::string_view route) = 0;
  virtual Result<std::optional<NamedStudy>> find_study(std::string_view name) = 0;
  // How long the executor has not known a submission, in doubt or not, since it last did, whoever
  // asked; 0: not at all yet.
  virtual Result<void> keep_absence(std::string_view job, std::chrono::nanoseconds absent) = 0;
  virtual Result<std::chrono::nanoseconds> absence_of(std::string_view job) = 0;
  // Whether a job of any study was submitted there, or meant to be, however long ago.
  virtual Result<bool> has_submitted_to(std::string_view executor) = 0;
  // Tokens of workers, by the SHA-256 of their text. One that is kept already stays as it is.
  virtual Result<void> keep_token(std::int64_t study, std::string_view sha256,
                                  std::chrono::seconds valid) = 0;
  virtual Result<void> drop_token(std::string_view sha256) = 0;  // there or not
  virtual Result<void> revoke_tokens(std::int64_t study) = 0;
  virtual Result<std::int64_t> count_tokens(std::int64_t study) = 0;

  // For the start, and after a failed commit: unfinished studies with their open trials.
  virtual Result<std::vector<engine::Study>> load_unfinished() = 0;
  virtual Result<engine::Study> load(std::int64_t study) = 0;
  // A finished trial, for retry; values and all. Error: not_found.
  virtual Result<Trial> load_trial(std::int64_t study, int number) = 0;
  // Numbers of failed trials that no later trial retries.
  virtual Result<std::vector<int>> failed_trials(std::int64_t study) = 0;
  // Names of all jobs of a trial, oldest first.
  virtual Result<std::vector<std::string>> jobs_of(std::int64_t study, int trial) = 0;
  virtual Result<std::vector<std::string>> jobs_of_worker(std::int64_t study, int worker) = 0;
  // How the attempt that was begun under this lease stands. nullopt: none was.
  virtual Result<std::optional<Attempt>> find_lease(std::int64_t study, int trial,
                                                    std::int64_t fence) = 0;
  virtual Result<ReportTail> report_tail(std::int64_t study, int trial) = 0;
  // What counts of a step, without other metrics. nullopt: it was not told yet.
  virtual Result<std::optional<Report>> find_report(std::int64_t study, int trial,
                                                    std::int64_t step) = 0;
  // All that a study's pruner has been told, in that order: reports with the value, without other
  // metrics and decisions; ends with the value, NaN if it did not complete.
  // About 10⁶ rows a second.
  struct Retold {
    std::function<void(const JudgedReport& row)> report{};
    std::function<void(int trial, TrialState state, double value)> end{};
  };
  virtual Result<void> retell(std::int64_t study, const Retold& told) = 0;
  // Whose submission it was, however long ago. nullopt: none of ours.
  virtual Result<std::optional<SubmissionOf>> find_submission(std::string_view job) = 0;

  // Of the last report, or trial finished, of all studies.
  virtual std::int64_t last_history_seq() const = 0;
  virtual std::int64_t last_event_seq() const = 0;    // of the last event committed
  virtual std::string installation() const = 0;       // 4 base32 characters, drawn at creation

  // After a batch, replies sent: PASSIVE checkpoint if the WAL is long, nothing if it is short;
  // at the end: TRUNCATE. Outside transactions. Error: no_space loses nothing, the WAL grows on.
  virtual Result<void> checkpoint(bool is_last) = 0;
};

}  // namespace hpo::store
