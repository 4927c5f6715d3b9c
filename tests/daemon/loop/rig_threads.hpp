// The loop's real threads, but a strategy's limit and a slot's deadline pass when the test says so
// and not before: a compute thread that a busy machine starves must not look like a slow strategy.
#pragma once

#include <chrono>
#include <cstdint>
#include <string>
#include <utility>
#include <vector>

#include "daemon/loop/asio_threads.hpp"

namespace hpo::test {

class RigThreads final : public loop::Threads {
 public:
  static constexpr std::chrono::seconds strategy_limit{30};  // the only delay of this length
  std::chrono::nanoseconds ask_deadline{std::chrono::seconds(29)};  // and of about this one

  void engine(loop::Work work) override { real_.engine(std::move(work)); }
  void compute(loop::Work work) override { real_.compute(std::move(work)); }
  void strategy(loop::Work work, loop::Work begins) override {
    real_.strategy(std::move(work), std::move(begins));
  }
  void strategy_is_stuck() override { real_.strategy_is_stuck(); }
  void fit(loop::Work work) override { real_.fit(std::move(work)); }
  void at_once(loop::Work work) override { real_.at_once(std::move(work)); }
  void executor(const std::string& name, loop::Work work) override;
  void after(std::chrono::nanoseconds delay, loop::Work work) override;
  std::int64_t monotonic_ns() override { return real_.monotonic_ns(); }
  std::int64_t utc_ns() override { return real_.utc_ns(); }
  std::uint64_t random_bits() override { return real_.random_bits(); }

  void pass_strategy_limit();  // for every question that was put so far
  void pass_ask_deadline();    // for every slot that waits
  void stop() { real_.stop(); }

 private:
  bool is_deadline(std::chrono::nanoseconds delay) const;

  std::vector<loop::Work> limits_{};     // engine strand, as the next
  std::vector<loop::Work> deadlines_{};
  loop::AsioThreads real_{};
};

}  // namespace hpo::test
