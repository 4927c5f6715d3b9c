// Workers that pull trials: the lease book of `hpo worker`, on the simulated clock, over a
// connection that loses and repeats. They freeze, die and are replaced, by hand or as worker jobs
// by the daemon; what they were told that the daemon has, the checker asks for in the end.
#pragma once

#include <map>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "cli/worker/lease_book.hpp"
#include "daemon/loop/commands.hpp"
#include "tests/simulation/sim_world.hpp"

namespace hpo::sim {

class SimWorkers {
 public:
  SimWorkers(Chance& chance, World& world) : chance_(chance), world_(world) {}

  void meet(loop::CommandSink& sink) { sink_ = &sink; }
  void daemon_died();
  void step(std::int64_t now_ns);  // one of them does something
  void serve(std::vector<std::string> studies) { studies_ = std::move(studies); }  // that go on
  void live_in_jobs() { are_jobs_ = true; }  // the daemon starts them

  static constexpr std::chrono::seconds lease{4};

 private:
  struct Training {
    std::string job{};
    std::int64_t end_ns = 0;
    Outcome outcome{};
    std::int64_t step = 0;            // that it told last
    std::int64_t next_step_ns = 0;
  };
  struct Worker {
    std::string name{};
    std::string study{};
    std::string job{};                // its worker job; empty: started by hand
    cli::worker::LeaseBook book;
    std::map<cli::worker::LeaseKey, Training> trainings{};
    std::map<cli::worker::LeaseKey, std::string> untold{};  // ended: jobs
    std::map<cli::worker::LeaseKey, std::int64_t> last_steps{};  // of trainings, ended ones too
    std::optional<cli::worker::Request> sent{};
    std::uint64_t serial = 0;         // of its last request: an older answer is nobody's
    std::int64_t frozen_until_ns = 0;
  };

  bool has_left(const Worker& worker, std::int64_t now_ns) const;
  Worker* any(std::int64_t now_ns);
  void start_by_hand();
  void follow_jobs(std::int64_t now_ns);
  void leave(const Worker& worker, std::int64_t now_ns);
  void meet_fate(Worker& worker, std::int64_t now_ns);
  void train(Worker& worker, std::int64_t now_ns);
  void tell_steps(Worker& worker, std::int64_t now_ns);
  void begin(Worker& worker, const cli::worker::Begin& begin, std::int64_t now_ns);
  void talk(Worker& worker, std::int64_t now_ns);
  void post(const Worker& worker, loop::Exchange exchange);
  bool has_hung_up(const std::string& name, std::uint64_t serial);
  void heard(const std::string& name, std::uint64_t serial, const Result<loop::Reply>& reply);
  void told(Worker& worker, const cli::worker::Reply& reply);
  void keep_curve(Worker& worker, cli::worker::LeaseKey key, const cli::worker::Reply& reply);

  Chance& chance_;
  World& world_;
  loop::CommandSink* sink_ = nullptr;
  std::vector<std::unique_ptr<Worker>> workers_{};
  std::vector<std::string> studies_{"sim"};
  int born_ = 0;
  bool are_jobs_ = false;
  std::int64_t now_ns_ = 0;
};

}  // namespace hpo::sim
