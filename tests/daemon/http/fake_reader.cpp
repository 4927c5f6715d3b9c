// Reads from the tables as the database would, in its order and with its errors.
#include "tests/daemon/http/fake_reader.hpp"

#include <stdexcept>

namespace hpo::http::test {

const char* const study_text = R"({
  "name": "jets",
  "description": "a test",
  "tags": ["one", "two"],
  "workdir": "/tmp",
  "space": {"lr": {"float": [0.001, 0.1], "log": true}, "layers": {"int": [1, 8]}},
  "objective": {"maximize": "auc"},
  "command": ["train", "{lr}", "{layers}"],
  "budget": {"trials": 60},
  "parallel": 2
})";

std::unique_lock<std::mutex> FakeReader::lock() const {
  std::unique_lock lock(tables_.mutex);
  if (tables_.throws) throw std::runtime_error("planted bug");
  return lock;
}

Result<std::vector<store::StudyRow>> FakeReader::studies(std::string_view after, int limit) {
  const auto held = lock();
  std::vector<store::StudyRow> rows;
  for (auto it = tables_.studies.upper_bound(std::string(after)); it != tables_.studies.end();
       ++it) {
    if (rows.size() == static_cast<std::size_t>(limit)) break;
    rows.push_back(it->second);
  }
  return rows;
}

Result<store::StudyRow> FakeReader::study(std::string_view name) {
  const auto held = lock();
  const auto found = tables_.studies.find(std::string(name));
  if (found != tables_.studies.end()) return found->second;
  return Error{ErrorCode::not_found, "there is no study \"" + std::string(name) + "\"", "the store",
               "hpo list shows them all"};
}

Result<store::TrialPage> FakeReader::trials(const store::TrialQuery& query) {
  if (auto found = study(query.study); !found) return found.error();
  const auto held = lock();
  store::TrialPage page;
  const auto found = tables_.trials.find(query.study);
  if (found == tables_.trials.end()) return page;
  const int after = query.cursor.empty() ? -1 : std::stoi(query.cursor);
  for (const store::TrialRow& row : found->second) {
    if (row.trial.number <= after || (query.state && row.trial.state != *query.state)) continue;
    if (page.trials.size() == static_cast<std::size_t>(query.limit)) {
      page.next = std::to_string(page.trials.back().trial.number);
      break;
    }
    page.trials.push_back(row);
  }
  return page;
}

Result<store::TrialRow> FakeReader::trial(std::string_view study_name, int number) {
  if (auto found = study(study_name); !found) return found.error();
  const auto held = lock();
  const auto found = tables_.trials.find(std::string(study_name));
  if (found != tables_.trials.end()) {
    for (const store::TrialRow& row : found->second) {
      if (row.trial.number == number) return row;
    }
  }
  return Error{ErrorCode::not_found, "there is no such trial", "the store", "see hpo trials"};
}

Result<std::vector<Attempt>> FakeReader::attempts(std::string_view study_name, int number) {
  if (auto found = trial(study_name, number); !found) return found.error();
  const auto held = lock();
  const auto found = tables_.attempts.find({std::string(study_name), number});
  return found == tables_.attempts.end() ? std::vector<Attempt>{} : found->second;
}

Result<std::vector<JudgedReport>> FakeReader::reports(const store::ReportQuery& query) {
  std::vector<JudgedReport> found;
  for (const JudgedReport& row : tables_.reports) {
    const std::int64_t order = query.trial ? row.report.step : row.report.seq;
    const bool is_its = !query.trial || *query.trial == row.report.trial;
    if (is_its && order > query.after) found.push_back(row);
  }
  return found;
}

Result<std::vector<store::EventRow>> FakeReader::doubts(std::string_view, int) {
  const auto held = lock();
  return tables_.doubts;
}

Result<std::vector<store::EventRow>> FakeReader::events(std::int64_t after,
                                                        std::string_view study_name, int limit) {
  const auto held = lock();
  std::vector<store::EventRow> rows;
  for (const store::EventRow& row : tables_.events) {
    const bool is_asked = row.seq > after && (study_name.empty() || row.study == study_name);
    if (is_asked && rows.size() < static_cast<std::size_t>(limit)) rows.push_back(row);
  }
  return rows;
}

Result<std::int64_t> FakeReader::last_event_seq() {
  const auto held = lock();
  return tables_.events.empty() ? std::int64_t{0} : tables_.events.back().seq;
}

Result<std::optional<store::TokenRow>> FakeReader::token(std::string_view sha256) {
  const auto held = lock();
  const auto found = tables_.tokens.find(sha256);
  if (found == tables_.tokens.end()) return std::optional<store::TokenRow>();
  return std::optional(found->second);
}

Result<History> FakeReader::history(std::int64_t, const SearchSpace&, std::int64_t) {
  return History(0);
}

Result<void> FakeReader::add_rungs(std::int64_t, const std::vector<std::int64_t>&, std::int64_t,
                                   History&) {
  return {};
}

store::StudyRow study_row(const std::string& name) {
  store::StudyRow row{.id = 1, .name = name, .spec = study_text, .waiting = 1, .running = 2};
  row.progress = {.created = 5, .completed = 2, .trials_more = 1, .attempts = 6,
                  .best_trial = 1, .best_value = 0.875, .spent_ns = 12'500'000'000,
                  .spent_node_ms = 5'400'000, .created_ns = 1'700'000'000'000'000'000};
  row.best_params = R"({"lr":0.01,"layers":3})";
  return row;
}

store::TrialRow trial_row(int number, TrialState state) {
  Trial trial{.number = number, .state = state};
  trial.attempts = 1;
  trial.created_ns = 1'700'000'000'000'000'000;
  if (state == TrialState::completed) {
    trial.value = 0.5 + number / 8.0;
    trial.metrics = {{"auc", *trial.value}};
    trial.started_ns = trial.created_ns;
    trial.ended_ns = trial.started_ns + 3'500'000'000;
  }
  store::TrialRow row{.trial = trial, .params = R"({"lr":0.01,"layers":3})", .slot = 1};
  row.attempt_state =
      state == TrialState::completed ? AttemptState::succeeded : AttemptState::submitted;
  row.submitted_ns = trial.created_ns;
  if (state == TrialState::completed) {
    row.started_ns = trial.created_ns + 2'000'000'000;
    row.ended_ns = *row.started_ns + 1'250'000'000;
  }
  return row;
}

}  // namespace hpo::http::test
