// What an attempt asks of a batch system: as much as the study says, and after out_of_memory or
// timeout so many times what the attempt before it asked for.
#include <algorithm>
#include <cmath>

#include "daemon/engine/apply.hpp"

namespace hpo::engine {
namespace {

using std::chrono::minutes;
using std::chrono::seconds;

constexpr std::int64_t mebibyte = std::int64_t{1} << 20U;

// The nearest whole number first, so that 60 min × 1.1 are 66 and not 67.
std::int64_t times(std::int64_t amount, double factor) {
  return std::llround(static_cast<double>(amount) * factor);
}

seconds scaled(seconds time, double factor) {
  if (factor == 1.0) return time;
  const auto more = std::chrono::ceil<minutes>(seconds(times(time.count(), factor)));
  return std::clamp<seconds>(more, time, std::max(time, attempt_time_max));
}

std::int64_t scaled(std::int64_t bytes, double factor) {
  if (factor == 1.0) return bytes;
  const std::int64_t more = (times(bytes, factor) + mebibyte - 1) / mebibyte * mebibyte;
  return std::clamp(more, bytes, std::max(bytes, memory_bytes_max));
}

}  // namespace

Asked next_asked(const StudySpec& spec, const LiveTrial& live) {
  const ExecutorSpec& executor = spec.executor;
  if (!is_batch(executor.type)) return {};
  if (!live.attempt) return {.time = executor.time, .memory_bytes = executor.batch.memory_bytes};
  Asked asked = live.attempt->asked;
  const auto& failure = live.attempt->outcome.failure;
  const RetryScale& scale = spec.retry.scale;
  if (failure == FailureClass::timeout && asked.time) asked.time = scaled(*asked.time, scale.time);
  if (failure == FailureClass::out_of_memory && asked.memory_bytes) {
    asked.memory_bytes = scaled(*asked.memory_bytes, scale.memory);
  }
  return asked;
}

}  // namespace hpo::engine
