// Stands for the database, which lies outside of the room: reads from plain maps.
#pragma once

#include <cstdint>
#include <map>
#include <mutex>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "daemon/store/reader.hpp"

namespace hpo::http::test {

// What FakeReader reads. Filled before the server starts, or under the lock.
struct Tables {
  mutable std::mutex mutex{};
  std::map<std::string, store::StudyRow> studies{};
  std::map<std::string, std::vector<store::TrialRow>> trials{};
  std::map<std::pair<std::string, int>, std::vector<Attempt>> attempts{};
  std::vector<store::EventRow> events{};
  std::vector<store::EventRow> doubts{};  // of every trial
  std::vector<JudgedReport> reports{};
  std::map<std::string, store::TokenRow, std::less<>> tokens{};  // by SHA-256
  bool throws = false;  // each query meets a bug
};

class FakeReader : public store::Reader {
 public:
  explicit FakeReader(const Tables& tables) : tables_(tables) {}

  Result<std::vector<store::StudyRow>> studies(std::string_view after, int limit) override;
  Result<store::StudyRow> study(std::string_view name) override;
  Result<store::TrialPage> trials(const store::TrialQuery& query) override;
  Result<store::TrialRow> trial(std::string_view study, int number) override;
  Result<std::vector<Attempt>> attempts(std::string_view study, int trial) override;
  Result<std::vector<store::EventRow>> events(std::int64_t after, std::string_view study,
                                              int limit) override;
  Result<std::vector<store::EventRow>> doubts(std::string_view study, int trial) override;
  Result<std::vector<JudgedReport>> reports(const store::ReportQuery& query) override;
  Result<std::int64_t> last_event_seq() override;
  Result<std::optional<store::TokenRow>> token(std::string_view sha256) override;
  Result<History> history(std::int64_t study, const SearchSpace& space, std::int64_t max) override;
  Result<void> add_rungs(std::int64_t study, const std::vector<std::int64_t>& steps,
                         std::int64_t max, History& history) override;

 private:
  std::unique_lock<std::mutex> lock() const;  // throws if the tables say so

  const Tables& tables_;
};

extern const char* const study_text;  // a legal study.json named "jets", with workdir
store::StudyRow study_row(const std::string& name);
store::TrialRow trial_row(int number, TrialState state = TrialState::completed);

}  // namespace hpo::http::test
