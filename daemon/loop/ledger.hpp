// The studies in memory and their rows on disk, changed together: one event at a time.
//
// record() folds an event into the state and writes it in the open transaction. If an entry fails
// half-way, or the COMMIT does, the touched studies are read again: memory never runs ahead of
// what the disk will have. Engine strand.
#pragma once

#include <functional>
#include <map>
#include <memory>
#include <set>
#include <string>
#include <unordered_map>
#include <vector>

#include "daemon/loop/commands.hpp"
#include "daemon/loop/event_log.hpp"
#include "daemon/loop/fair_share.hpp"
#include "daemon/loop/study_loop.hpp"
#include "daemon/loop/threads.hpp"
#include "daemon/store/store.hpp"

namespace hpo::loop {

class Ledger {
 public:
  Ledger(store::Store& store, Threads& threads) : store_(store), threads_(threads) {}

  // Whose attempts are to be logged one by one: by the name of the executor. Before anything else.
  void log_attempts_of(std::function<bool(const std::string&)> is_logged) {
    is_logged_ = std::move(is_logged);
  }

  // What else is written with each change of a worker job. Before anything else.
  using WorkerChange = std::function<Result<void>(const StudyLoop&, const WorkerJob&)>;
  void write_with_workers(WorkerChange write) { write_with_worker_ = std::move(write); }

  // Reads the unfinished studies; called once, at the start.
  Result<void> load();

  StudyLoop* get(std::int64_t study);
  StudyLoop* get(const std::string& name);           // nullptr: none of those in memory
  Result<StudyLoop*> find(const std::string& name);  // ended ones too, for this batch
  std::map<std::int64_t, std::unique_ptr<StudyLoop>>& studies() { return studies_; }

  // Where the job of a running trial, or of a worker, belongs; stale names are possible, so look
  // before you trust.
  struct Place { std::int64_t study = 0; Owner owner{}; };
  std::optional<Place> find_job(const std::string& job) const;

  Result<StudyLoop*> create(const StudySpec& spec, const std::string& content_hash);
  Result<void> record(StudyLoop& loop, decltype(Event::body) body);
  // Keeps a report under the next number of the order that trials finish in, with what `judge` says
  // of it. REQUIRES: the trial has no report of that step
  Result<Decision> keep(StudyLoop& loop, JudgedReport row,
                        const std::function<Decision(const Report&)>& judge);

  // An idempotency key and its reply, as durable as the events of the same entry.
  Result<void> remember(const IdempotencyKey& key, const store::StoredReply& reply);

  // As the store's: of no study's state, so no plan is made anew for it.
  Result<void> keep_absence(std::string_view job, std::chrono::nanoseconds absent) {
    has_written_ = true;
    return store_.keep_absence(job, absent);
  }

  // A worker's token by its hash: as durable, as logged; all of a study's at once are revoked.
  Result<void> keep_token(const StudyLoop& loop, std::string_view sha256,
                          std::chrono::seconds valid);
  Result<void> revoke_tokens(const StudyLoop& loop);

  // An entry is what a savepoint spans, if there is one.
  void begin_entry() {
    touched_by_entry_.clear();
    log_of_entry_ = log_.size();
  }
  bool has_changed_in_entry() const { return !touched_by_entry_.empty(); }
  Result<void> undo_entry();

  // Marks a study as one whose plan must be looked at, though no event was recorded.
  void touch(std::int64_t study) { touched_.insert(study); }
  const std::set<std::int64_t>& touched() const { return touched_; }
  bool has_written() const { return has_written_; }
  // Of the last report, or trial finished.
  std::int64_t history_seq() const { return history_seq_; }

  struct Outcome {
    std::set<std::int64_t> touched{};
    std::vector<std::string> ended_jobs{};
    std::vector<LogLine> log{};
    std::vector<std::string> ended_studies{};
    std::int64_t last_event_seq = 0;
  };
  Outcome committed();           // starts the next batch; ended studies leave memory
  Result<void> rolled_back();    // reads the touched studies again

  FairShare& shares() { return shares_; }
  const FairShare& shares() const { return shares_; }
  std::set<int> devices_taken() const;

 private:
  StudyLoop& adopt(engine::Study study);
  Result<void> reload(const std::set<std::int64_t>& studies);
  void release_shares(const StudyLoop& loop);
  void note_end(StudyLoop& loop, const Attempt& attempt);
  static void tell_pruner(StudyLoop& loop, const Trial& trial);
  void forget_flight(StudyLoop& loop, const Owner& owner, const std::string& job);
  void log(StudyLoop& loop, const Event& event);
  void keep_books(StudyLoop& loop, const engine::Changes& changes, int running_before);
  void keep_books(StudyLoop& loop, const Attempt& of_worker);

  store::Store& store_;
  Threads& threads_;
  std::map<std::int64_t, std::unique_ptr<StudyLoop>> studies_{};
  std::map<std::string, std::int64_t, std::less<>> names_{};
  std::unordered_map<std::string, Place> jobs_{};
  FairShare shares_{};
  std::set<std::int64_t> touched_{};
  std::set<std::int64_t> touched_by_entry_{};
  std::set<std::int64_t> reported_{};  // studies that keep a report of the open transaction
  std::vector<std::string> ended_jobs_{};
  std::function<bool(const std::string&)> is_logged_ = [](const std::string&) { return false; };
  WorkerChange write_with_worker_ = [](const StudyLoop&, const WorkerJob&) {
    return Result<void>();
  };
  std::vector<LogLine> log_{};
  std::size_t log_of_entry_ = 0;  // where the lines of the entry begin
  bool has_written_ = false;
  std::int64_t history_seq_ = 0;
  std::int64_t event_seq_ = 0;
};

}  // namespace hpo::loop
