// Fake engine and database.
#include "tests/daemon/http/fakes.hpp"

#include <boost/asio/post.hpp>

#include <algorithm>
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

FakeSink::~FakeSink() {
  engine_.stop();
  engine_.join();
}

void FakeSink::post(loop::Command command, loop::Done done) {
  const std::lock_guard lock(mutex_);
  if (throws_) throw std::runtime_error("planted bug");
  commands_.push_back(command);
  auto work = [this, command = std::move(command), done = std::move(done)] {
    Answer answer;
    {
      const std::lock_guard inner(mutex_);
      answer = answer_;
    }
    done(answer ? answer(command) : loop::Reply{.body = R"({"study":"jets","state":"running"})"});
  };
  if (holds_) held_.push_back(std::move(work));
  else boost::asio::post(engine_, std::move(work));
}

loop::CommandSink::Health FakeSink::health() const {
  const std::lock_guard lock(mutex_);
  return health_;
}

void FakeSink::wait_for_event(std::int64_t after_seq, int wait_ms, std::function<void()> wake) {
  const std::lock_guard lock(mutex_);
  auto timer = std::make_shared<boost::asio::steady_timer>(engine_,
                                                           std::chrono::milliseconds(wait_ms));
  auto shared = std::make_shared<std::function<void()>>(std::move(wake));
  timer->async_wait([this, shared](auto) {
    std::function<void()> call;
    {
      const std::lock_guard inner(mutex_);
      call = std::exchange(*shared, nullptr);
      std::erase_if(waiters_, [&](const Waiter& each) { return each.wake == shared; });
    }
    if (call) call();
  });
  waiters_.push_back({after_seq, shared, timer});
  wake_due();
}

void FakeSink::wake_due() {
  for (const Waiter& waiter : waiters_) {
    if (waiter.after_seq < health_.last_event_seq) {
      boost::asio::post(engine_, [weak = std::weak_ptr(waiter.timer)] {
        if (const auto timer = weak.lock()) timer->cancel();
      });
    }
  }
}

void FakeSink::answer_with(Answer answer) {
  const std::lock_guard lock(mutex_);
  answer_ = std::move(answer);
}

void FakeSink::throw_at_post(bool throws) {
  const std::lock_guard lock(mutex_);
  throws_ = throws;
}

void FakeSink::hold_answers() {
  const std::lock_guard lock(mutex_);
  holds_ = true;
}

void FakeSink::answer_held() {
  const std::lock_guard lock(mutex_);
  holds_ = false;
  for (auto& work : held_) boost::asio::post(engine_, std::move(work));
  held_.clear();
}

void FakeSink::set_health(Health health) {
  const std::lock_guard lock(mutex_);
  health_ = std::move(health);
}

void FakeSink::set_last_event(std::int64_t seq) {
  const std::lock_guard lock(mutex_);
  health_.last_event_seq = seq;
  wake_due();
}

std::vector<loop::Command> FakeSink::commands() const {
  const std::lock_guard lock(mutex_);
  return commands_;
}

std::size_t FakeSink::waiting() const {
  const std::lock_guard lock(mutex_);
  return waiters_.size();
}

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

Result<History> FakeReader::history(std::int64_t, const SearchSpace&, std::int64_t) {
  return History(0);
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
    trial.ended_ns = trial.started_ns + 1'250'000'000;
  }
  return {.trial = trial, .params = R"({"lr":0.01,"layers":3})", .slot = 1};
}

}  // namespace hpo::http::test
