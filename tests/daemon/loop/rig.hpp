// The loop on its real threads and a real store in a fresh directory, with simulated jobs.
//
// What a test wants to go wrong comes in at the seams: store, executor, strategies.
#pragma once

#include <catch2/catch.hpp>
#include <filesystem>
#include <functional>
#include <future>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "daemon/loop/asio_threads.hpp"
#include "daemon/loop/orchestrator.hpp"
#include "schema/decode/decode.hpp"
#include "tests/fresh_directory.hpp"

namespace hpo::test {

using namespace std::chrono_literals;

constexpr auto limit = 60s;  // far above what is needed

template <class T>
using Decorator = std::function<std::unique_ptr<T>(std::unique_ptr<T>)>;

struct Seams {
  Decorator<store::Store> store = [](auto real) { return real; };
  Decorator<Executor> executor = [](auto real) { return real; };
  loop::StrategyFinder strategies = find_strategy;
};

// The loop's real threads, but a strategy's limit passes when the test says so and not before: a
// compute thread that a busy machine starves must not look like a slow strategy.
class RigThreads final : public loop::Threads {
 public:
  static constexpr auto strategy_limit = 30s;  // the only delay of this length

  void engine(loop::Work work) override { real_.engine(std::move(work)); }
  void compute(loop::Work work) override { real_.compute(std::move(work)); }
  void executor(const std::string& name, loop::Work work) override {
    real_.executor(name, std::move(work));
  }
  void after(std::chrono::nanoseconds delay, loop::Work work) override {
    if (delay != strategy_limit) return real_.after(delay, std::move(work));
    limits_.push_back(std::move(work));
  }
  std::int64_t monotonic_ns() override { return real_.monotonic_ns(); }
  std::int64_t utc_ns() override { return real_.utc_ns(); }
  std::uint64_t random_bits() override { return real_.random_bits(); }

  // For every question that was put so far.
  void pass_strategy_limit() {
    engine([this] { for (const loop::Work& work : std::exchange(limits_, {})) work(); });
  }
  void stop() { real_.stop(); }

 private:
  std::vector<loop::Work> limits_{};  // engine strand
  loop::AsioThreads real_{};
};

class Rig {
 public:
  explicit Rig(const Seams& seams = {}) {
    std::filesystem::create_directories(ended());
    auto store = store::Store::open({.path = database()});
    REQUIRE(store);
    orchestrator_ = std::make_unique<loop::Orchestrator>(
        loop::Orchestrator::Parts{
            .config = {.state_directory = root_.path(), .database = database(),
                       .rules = {{"local", fast()}, {"simulated", fast()}, {"slurm", fast()}},
                       .strategy_limit = RigThreads::strategy_limit,
                       .checkpoint_interval = 20ms},
            .store = seams.store(std::move(*store)), .executors = executors(seams),
            .readers = [path = database()] { return store::Reader::open(path); },
            .fatal = [](const Error& error) { FAIL(error.what); },
            .log = [](std::string_view, const std::string&) {},
            .strategies = seams.strategies},
        threads_);
    threads_.engine([this] { REQUIRE(orchestrator_->start()); });
  }
  static loop::ExecutorRules fast() {
    return {.poll_interval = 5ms, .backoff = 20ms, .backoff_max = 20ms};
  }
  ~Rig() {
    std::promise<void> stopped;
    threads_.engine([&] { orchestrator_->stop([&] { stopped.set_value(); }); });
    stopped.get_future().wait_for(limit);
    threads_.stop();
    orchestrator_.reset();
  }
  Rig(const Rig&) = delete;
  Rig& operator=(const Rig&) = delete;

  void pass_strategy_limit() { threads_.pass_strategy_limit(); }

  // A command and its answer; waits for the COMMIT.
  Result<loop::Reply> ask(decltype(loop::Command::body) body) {
    auto answer = std::make_shared<std::promise<Result<loop::Reply>>>();
    auto future = answer->get_future();
    orchestrator_->post({.body = std::move(body)},
                        [answer](Result<loop::Reply> r) { answer->set_value(std::move(r)); });
    REQUIRE(future.wait_for(limit) == std::future_status::ready);
    return future.get();
  }

  std::unique_ptr<store::Reader> reader() const {
    auto opened = store::Reader::open(database());
    REQUIRE(opened);
    return *std::move(opened);
  }

  // The study's row, once `reached` says so; waits for events in between.
  template <class Reached>
  store::StudyRow wait_for(const std::string& name, Reached reached) {
    const auto rows = reader();
    const auto end = std::chrono::steady_clock::now() + limit;
    for (;;) {
      const std::int64_t seq = *rows->last_event_seq();
      auto row = rows->study(name);
      REQUIRE(row);
      if (reached(*row)) return *row;
      REQUIRE(std::chrono::steady_clock::now() < end);
      auto woken = std::make_shared<std::promise<void>>();
      auto future = woken->get_future();
      orchestrator_->wait_for_event(seq, 1000, [woken] { woken->set_value(); });
      future.wait_for(limit);
    }
  }
  store::StudyRow wait_for_end(const std::string& name) {
    return wait_for(name, [](const store::StudyRow& r) { return is_ended(r.progress.state); });
  }
  store::StudyRow wait_for_pause(const std::string& name) {
    return wait_for(name, [](const store::StudyRow& r) {
      return r.progress.state == StudyState::paused;
    });
  }

 private:
  std::string database() const { return root_.path() + "/hpo.db"; }
  std::string ended() const { return root_.path() + "/ended"; }
  loop::Executors executors(const Seams& seams) {
    loop::Executors all;
    for (const ExecutorEntry& entry : hpo::executors()) {
      if (entry.name != "simulated") continue;
      for (const char* name : {"simulated", "slurm"}) {  // none is a real batch system
        all.emplace(name, seams.executor(*entry.make({
            .ended_directory = ended(),
            .monotonic_ns = [this] { return threads_.monotonic_ns(); }})));
      }
    }
    return all;
  }

  FreshDirectory root_{};  // outlives what works in it
  RigThreads threads_{};
  std::unique_ptr<loop::Orchestrator> orchestrator_{};
};

inline StudySpec study(const std::string& name, int trials, const std::string& more = "",
                       const std::string& executor = "") {
  return *decode_study(R"({"name":")" + name + R"(","space":{"x":{"float":[0,1]}},)"
                       R"("command":["true"],"workdir":"/","objective":{"minimize":"loss"},)"
                       R"("executor":{"type":"simulated","seconds":[0,0.01])" + executor +
                       R"(},"parallel":8,"budget":{"trials":)" + std::to_string(trials) + "}" +
                       more + "}").spec;
}

}  // namespace hpo::test
