// The store on SQLite: what store.cpp (transactions and writes) and load.cpp (reads) share.
//
// A study's counters change with every event, but its row is written once per commit: until then
// they wait in `pending_`, which undo() and rollback() forget just as SQLite forgets the rows.
#pragma once

#include <map>

#include "daemon/store/sqlite.hpp"
#include "daemon/store/store.hpp"

namespace hpo::store {

class SqliteStore final : public Store {
 public:
  SqliteStore(Database database, StoreOptions options)
      : db_(std::move(database)), options_(std::move(options)) {}

  // Once, after the settings: watches the WAL's length, migrates and claims the epoch.
  Result<void> take_over();

  Result<void> begin() override;
  Result<void> savepoint() override;
  Result<void> release() override;
  Result<void> undo() override;
  Result<void> commit() override;
  void rollback() override;

  Result<std::int64_t> create_study(const StudySpec& spec, std::string_view content_hash,
                                    const Event& event) override;
  Result<std::int64_t> write(const engine::Study& study, const engine::Changes& changes,
                             const Event& event) override;
  Result<void> write_report(std::int64_t study, const JudgedReport& row) override;
  Result<void> remember(std::string_view key, std::string_view route,
                        const StoredReply& reply) override;
  Result<std::optional<StoredReply>> recall(std::string_view key,
                                            std::string_view route) override;
  Result<std::optional<NamedStudy>> find_study(std::string_view name) override;
  Result<void> keep_absence(std::string_view job, std::chrono::nanoseconds absent) override;
  Result<std::chrono::nanoseconds> absence_of(std::string_view job) override;
  Result<bool> has_submitted_to(std::string_view executor) override;
  Result<void> keep_token(std::int64_t study, std::string_view sha256,
                          std::chrono::seconds valid) override;
  Result<void> drop_token(std::string_view sha256) override;
  Result<void> revoke_tokens(std::int64_t study) override;
  Result<std::int64_t> count_tokens(std::int64_t study) override;

  Result<std::vector<engine::Study>> load_unfinished() override;
  Result<engine::Study> load(std::int64_t study) override;
  Result<Trial> load_trial(std::int64_t study, int number) override;
  Result<std::vector<int>> failed_trials(std::int64_t study) override;
  Result<std::vector<std::string>> jobs_of(std::int64_t study, int trial) override;
  Result<std::vector<std::string>> jobs_of_worker(std::int64_t study, int worker) override;
  Result<std::optional<Attempt>> find_lease(std::int64_t study, int trial,
                                            std::int64_t fence) override;
  Result<ReportTail> report_tail(std::int64_t study, int trial) override;
  Result<std::optional<Report>> find_report(std::int64_t study, int trial,
                                            std::int64_t step) override;
  Result<void> retell(std::int64_t study, const Retold& told) override;
  Result<std::optional<SubmissionOf>> find_submission(std::string_view job) override;

  std::int64_t last_history_seq() const override { return pending_.history_seq; }
  std::int64_t last_event_seq() const override { return event_seq_; }
  std::string installation() const override { return installation_; }
  Result<void> checkpoint(bool is_last) override;

 private:
  using StudyRows = std::map<std::int64_t, engine::Progress>;
  struct Pending {
    StudyRows studies{};           // of commands that were released
    StudyRows of_command{};        // since savepoint()
    std::int64_t history_seq = 0;  // the highest given out
    std::int64_t history_seq_before_command = 0;
    std::int64_t history_seq_before_batch = 0;
    std::int64_t event_seq = 0;    // of the last event written
    std::int64_t event_seq_before_command = 0;
  };

  // Passes a result on, having noted what an error means for the transaction and for the store.
  template <class T>
  Result<T> noted(Result<T> result);
  void note(const Error& error);
  Result<void> check_usable() const;       // outside transactions too
  Result<void> check_transaction() const;
  const engine::Progress* pending(std::int64_t study) const;
  void keep_command();
  void forget_command();
  void forget_batch();

  Result<void> write_rows(const engine::Study& study, const engine::Changes& changes,
                          const Event& event);
  Result<void> write_pending_rows();
  Result<void> confirm_epoch();
  Result<void> read_meta();
  Result<void> drop_old_rows();
  Result<void> copy_wal(int mode);

  Result<std::shared_ptr<const StudySpec>> spec_of(std::int64_t study);
  Result<void> load_open_trials(engine::Study& study);
  Result<void> load_attempts(engine::Study& study);
  Result<void> load_workers(engine::Study& study);

  static int on_commit(void* self, sqlite3*, const char*, int wal_pages);

  Database db_;
  StoreOptions options_;
  Pending pending_{};
  std::optional<Error> broken_{};   // after outcome_unknown: nothing is possible any more
  std::optional<Error> aborted_{};  // SQLite rolled the transaction back of its own accord
  std::int64_t epoch_ = 0;
  std::int64_t event_seq_ = 0;
  std::int64_t wal_bytes_ = 0;
  std::string installation_{};
  std::int64_t spec_study_ = 0;     // whose spec was decoded last: retries ask for one many times
  std::shared_ptr<const StudySpec> spec_{};
};

template <class T>
Result<T> SqliteStore::noted(Result<T> result) {
  if (!result) note(result.error());
  return result;
}

}  // namespace hpo::store
