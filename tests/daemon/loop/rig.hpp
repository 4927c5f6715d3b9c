// The loop on its real threads and a real store in a fresh directory, with simulated jobs.
//
// What a test wants to go wrong comes in at the seams: store, executor, strategies.
#pragma once

#include <chrono>
#include <functional>
#include <future>
#include <memory>
#include <mutex>
#include <string>
#include <vector>

#include "daemon/loop/orchestrator.hpp"
#include "tests/daemon/loop/rig_threads.hpp"
#include "tests/fresh_directory.hpp"

namespace hpo::test {

using namespace std::chrono_literals;

constexpr auto limit = 60s;  // far above what is needed

template <class T>
using Decorator = std::function<std::unique_ptr<T>(std::unique_ptr<T>)>;

struct Seams {
  Decorator<store::Store> store{};  // empty, as the next: the real one as it is
  Decorator<Executor> executor{};
  loop::StrategyFinder strategies = find_strategy;
  std::chrono::nanoseconds ask_deadline = 29s;  // it passes by pass_ask_deadline() alone
  std::uint64_t model_bytes_max = 1U << 30U;
};

class Rig {
 public:
  explicit Rig(const Seams& seams = {});
  ~Rig();
  Rig(const Rig&) = delete;
  Rig& operator=(const Rig&) = delete;

  void pass_strategy_limit() { threads_.pass_strategy_limit(); }
  void pass_ask_deadline() { threads_.pass_ask_deadline(); }
  int unheard(const std::string& study) { return orchestrator_->unheard(study); }
  int loading(const std::string& study) { return orchestrator_->loading(study); }
  loop::CommandSink::Asks asks(const std::string& study) { return orchestrator_->asks(study); }

  // A command and its answer; waits for the COMMIT.
  Result<loop::Reply> ask(decltype(loop::Command::body) body);
  std::future<Result<loop::Reply>> post(decltype(loop::Command::body) body);  // does not wait

  // Asked for by the worker "w", of a study of that name whose trials are pulled.
  loop::Held lease_of_next(const std::string& study);

  std::unique_ptr<store::Reader> reader() const;
  const std::string& directory() const { return root_.path(); }  // of the state

  // The lines of hpod.log so far: "level text".
  std::vector<std::string> log() const;

  // The study's row, once `reached` says so; waits for events in between.
  using Reached = std::function<bool(const store::StudyRow&)>;
  store::StudyRow wait_for(const std::string& name, const Reached& reached);
  store::StudyRow wait_for_end(const std::string& name);
  store::StudyRow wait_for_pause(const std::string& name);

 private:
  std::string database() const { return root_.path() + "/hpo.db"; }
  std::string ended() const { return root_.path() + "/ended"; }
  loop::Executors executors(const Seams& seams);

  FreshDirectory root_{};  // outlives what works in it
  mutable std::mutex log_mutex_{};  // of the two threads that write and read it
  std::vector<std::string> log_{};
  RigThreads threads_{};
  std::unique_ptr<loop::Orchestrator> orchestrator_{};
};

StudySpec study(const std::string& name, int trials, const std::string& more = "",
                const std::string& executor = "");

}  // namespace hpo::test
