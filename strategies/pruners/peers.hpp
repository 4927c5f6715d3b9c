// What completed trials told at each step, for rules that compare a trial with them.
//
// A trial is kept until it ends, at most steps_kept_max of its reports: of a longer one every
// second, fourth, … in the order of its reports, so that trials of one length keep the same steps.
// One thread at a time.
#pragma once

#include <cstdint>
#include <unordered_map>
#include <utility>
#include <vector>

#include "strategies/pruners/lowest.hpp"

namespace hpo::pruning {

inline constexpr std::size_t steps_kept_max = 1024;            // of one trial
inline constexpr std::size_t peer_steps_max = std::size_t{1} << 16U;   // that have any values
inline constexpr std::size_t peer_losses_max = std::size_t{1} << 22U;  // of all steps

// The reports of one open trial.
class Curve {
 public:
  void add(std::int64_t step, double loss);
  const std::vector<std::pair<std::int64_t, double>>& kept() const { return kept_; }

 private:
  std::vector<std::pair<std::int64_t, double>> kept_{};
  std::size_t stride_ = 1;  // a power of two
  std::size_t count_ = 0;
};

// The percentile of the losses at each step: numpy's "linear" one, q = (n - 1) · percent / 100.
// Losses that are no finite numbers are left out. Past the limits the first peers stay the
// yardstick.
class Peers {
 public:
  explicit Peers(double percent) : percent_(percent) {}

  void add(const Curve& curve);

  struct Yardstick {
    std::size_t count = 0;
    double limit = 0.0;  // meaningful if count > 0
  };
  Yardstick at(std::int64_t step) const;

  std::size_t losses() const { return losses_; }
  std::size_t kept_bytes() const;

 private:
  double position(std::size_t n) const { return static_cast<double>(n - 1) * percent_ / 100.0; }

  double percent_;
  std::size_t losses_ = 0;
  std::unordered_map<std::int64_t, Lowest> steps_{};
};

}  // namespace hpo::pruning
