// Stand-ins for the engine and the database, which lie outside of the room.
//
// FakeSink answers on a thread of its own, as the engine does; FakeReader reads from plain maps.
#pragma once

#include <boost/asio/steady_timer.hpp>
#include <boost/asio/thread_pool.hpp>

#include <atomic>
#include <deque>
#include <functional>
#include <map>
#include <mutex>
#include <string>
#include <vector>

#include "daemon/loop/commands.hpp"
#include "daemon/store/reader.hpp"

namespace hpo::http::test {

class FakeSink : public loop::CommandSink {
 public:
  using Answer = std::function<Result<loop::Reply>(const loop::Command&)>;

  ~FakeSink() override;
  void post(loop::Command command, loop::Done done) override;
  Health health() const override;
  std::vector<Wait> waits(const std::string&) const override {
    return {{.text = "waits for priority", .trials = 2}};
  }
  std::string wait_of(const std::string&, int) const override { return "waits for priority"; }
  void wait_for_event(std::int64_t after_seq, int wait_ms, std::function<void()> wake) override;

  void answer_with(Answer answer);        // default: {"study": "jets", "state": "running"}
  void throw_at_post(bool throws);        // each command meets a bug
  void hold_answers();                    // until answer_held()
  void answer_held();
  void set_health(Health health);
  void set_last_event(std::int64_t seq);  // and wakes who waits
  std::vector<loop::Command> commands() const;
  std::size_t waiting() const;

 private:
  struct Waiter {
    std::int64_t after_seq = 0;
    std::shared_ptr<std::function<void()>> wake{};
    std::shared_ptr<boost::asio::steady_timer> timer{};
  };
  void wake_due();  // REQUIRES: mutex_ is held

  mutable std::mutex mutex_{};
  boost::asio::thread_pool engine_{1};  // outlives the timers
  Answer answer_{};
  bool holds_ = false;
  bool throws_ = false;
  std::vector<std::function<void()>> held_{};
  std::vector<loop::Command> commands_{};
  std::vector<Waiter> waiters_{};
  Health health_{.ready = true, .started_ns = 1'700'000'000'000'000'000};
};

// What FakeReader reads. Filled before the server starts, or under the lock.
struct Tables {
  mutable std::mutex mutex{};
  std::map<std::string, store::StudyRow> studies{};
  std::map<std::string, std::vector<store::TrialRow>> trials{};
  std::map<std::pair<std::string, int>, std::vector<Attempt>> attempts{};
  std::vector<store::EventRow> events{};
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
  Result<std::int64_t> last_event_seq() override;
  Result<History> history(std::int64_t study, const SearchSpace& space, std::int64_t max) override;

 private:
  std::unique_lock<std::mutex> lock() const;  // throws if the tables say so

  const Tables& tables_;
};

extern const char* const study_text;  // a legal study.json named "jets", with workdir
store::StudyRow study_row(const std::string& name);
store::TrialRow trial_row(int number, TrialState state = TrialState::completed);

}  // namespace hpo::http::test
