// One seeded queue in place of all threads, and a clock that jumps to the next timer.
//
// Work of one strand keeps its order; which strand goes next is drawn from the seed, so that races
// between answers are tried in many orders, and a failing order comes back with its seed.
#pragma once

#include <deque>
#include <map>
#include <string>
#include <utility>

#include "daemon/loop/threads.hpp"

namespace hpo::sim {

// Thrown through the daemon to end its life at once, as kill -9 would: nothing tidies up.
struct Killed {};

// SplitMix64 (Steele, Lea, Flood 2014): the only source of chance in a simulation.
class Chance {
 public:
  explicit Chance(std::uint64_t seed) : state_(seed) {}
  std::uint64_t bits();
  double uniform() { return static_cast<double>(bits() >> 11U) * 0x1.0p-53; }
  bool happens(double probability) { return uniform() < probability; }
  int below(int n) { return static_cast<int>(bits() % static_cast<std::uint64_t>(n)); }

 private:
  std::uint64_t state_;
};

// The wall clock jumps by whole days, to and fro, every seven seconds: nothing may go by it but the
// checker, which takes the days off again. REQUIRES: a history is shorter than a day
inline constexpr std::int64_t sim_day_ns = 86'400'000'000'000;
constexpr std::int64_t wall_clock_off_ns(std::int64_t now_ns) {
  return (now_ns / 7'000'000'000 * 5 % 7 - 3) * sim_day_ns;
}

class SimThreads final : public loop::Threads {
 public:
  static constexpr std::int64_t epoch_ns = 1'700'000'000'000'000'000;  // UTC at monotonic 0

  explicit SimThreads(Chance& chance, std::int64_t now_ns) : chance_(chance), now_ns_(now_ns) {}

  void engine(loop::Work work) override;
  void compute(loop::Work work) override { compute("compute", std::move(work)); }
  void strategy(loop::Work work, loop::Work begins) override {
    compute("strategy", std::move(work), std::move(begins));
  }
  void strategy_is_stuck() override {}
  void fit(loop::Work work) override { compute("fit", std::move(work)); }
  void at_once(loop::Work work) override { strands_["at once"].push_back(std::move(work)); }
  void executor(const std::string& name, loop::Work work) override {
    strands_["executor " + name].push_back(std::move(work));
  }
  void after(std::chrono::nanoseconds delay, loop::Work work) override;
  std::int64_t monotonic_ns() override { return now_ns_; }
  std::int64_t utc_ns() override { return epoch_ns + now_ns_ + wall_clock_off_ns(now_ns_); }
  static std::int64_t instant_of(std::int64_t utc_ns) {
    return ((utc_ns - epoch_ns) % sim_day_ns + sim_day_ns) % sim_day_ns;
  }
  std::uint64_t random_bits() override { return chance_.bits(); }

  // Does one piece of work, or lets time pass to the next timer. False: there is nothing to do.
  bool step();

  // How long a piece of computing takes: asked for each; empty: no time.
  std::function<std::chrono::nanoseconds()> compute_time{};
  std::function<bool(std::chrono::nanoseconds)> loses_timer{};  // a planted bug; empty: none

 private:
  void compute(const std::string& strand, loop::Work work, loop::Work begins = {});
  struct Timer { std::string strand{}; loop::Work work{}; };

  Chance& chance_;
  std::int64_t now_ns_;
  std::chrono::nanoseconds result_delay_{0};  // of the piece of work that computes now
  std::map<std::string, std::deque<loop::Work>> strands_{};
  std::multimap<std::int64_t, Timer> timers_{};
};

}  // namespace hpo::sim
