// What will become of a simulated job: drawn from the trial's seed and the attempt's number alone,
// so that the same study meets the same fates again.
//
// The value of a completed trial is smooth in its params: the sum over all numbers and booleans
// x of (x / (1 + |x|) - 0.25)^2, so its minimum is 0, where each x is 1/3. Pure, any thread.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "executors/executor.hpp"

namespace hpo {

enum class SimulatedFate { completes, fails, vanishes };

struct SimulatedPlan {
  std::int64_t start_ns = 0;  // on the daemon's monotonic clock
  std::int64_t end_ns = 0;
  SimulatedFate fate = SimulatedFate::completes;
  double value = 0.0;
  friend bool operator==(const SimulatedPlan&, const SimulatedPlan&) = default;
};

SimulatedPlan simulated_plan(const JobRequest& request, std::int64_t now_ns);

// The native id: "sim:0:1500000000:completes:0.25"
std::string to_text(const SimulatedPlan& plan);
std::optional<SimulatedPlan> simulated_plan_from(std::string_view native_id);

}  // namespace hpo
