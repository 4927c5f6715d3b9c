// The reader on SQLite: what reader.cpp, pages.cpp and history.cpp share.
#pragma once

#include <chrono>

#include "daemon/store/reader.hpp"
#include "daemon/store/sqlite.hpp"

namespace hpo::store {

// A read that takes longer is stopped: it would hold back the checkpoint.
inline constexpr std::chrono::milliseconds read_limit{2000};
inline constexpr int page_trials_max = 1000;
inline constexpr int history_chunk_trials = 10'000;
inline constexpr int history_chunk_reports = 100'000;
// Names that a not_found error is compared with.
inline constexpr int near_names_max = 10'000;

class SqliteReader final : public Reader {
 public:
  explicit SqliteReader(Database database) : db_(std::move(database)) {}
  void stop_slow_reads();  // once, when the object has its final place

  Result<std::vector<StudyRow>> studies(std::string_view after_name, int limit) override;
  Result<StudyRow> study(std::string_view name) override;
  Result<TrialPage> trials(const TrialQuery& query) override;
  Result<TrialRow> trial(std::string_view study, int number) override;
  Result<std::vector<Attempt>> attempts(std::string_view study, int trial) override;
  Result<std::vector<JudgedReport>> reports(const ReportQuery& query) override;
  Result<std::vector<EventRow>> events(std::int64_t after_seq, std::string_view study,
                                       int limit) override;
  Result<std::vector<EventRow>> doubts(std::string_view study, int trial) override;
  Result<std::int64_t> last_event_seq() override;
  Result<std::optional<TokenRow>> token(std::string_view sha256) override;
  Result<History> history(std::int64_t study, const SearchSpace& space,
                          std::int64_t history_seq_max) override;
  Result<void> add_rungs(std::int64_t study, const std::vector<std::int64_t>& steps,
                         std::int64_t seq_max, History& history) override;

 private:
  // One call: one snapshot, one deadline.
  class Snapshot {
   public:
    explicit Snapshot(SqliteReader& reader);
    ~Snapshot();
    Snapshot(const Snapshot&) = delete;
    Snapshot& operator=(const Snapshot&) = delete;

   private:
    Database& db_;
  };

  static int is_too_late(void* self);
  Result<std::int64_t> id_of(std::string_view study);
  Error no_study(std::string_view name);
  Result<std::vector<TrialRow>> page(std::int64_t study, const TrialQuery& query);
  Result<std::size_t> append_chunk(std::int64_t study, const SearchSpace& space,
                                   std::int64_t history_seq_max, History& history);
  class RungReading;
  Result<std::size_t> add_rung_chunk(RungReading& reading, History& history);

  Database db_;
  std::chrono::steady_clock::time_point deadline_{};
};

}  // namespace hpo::store
