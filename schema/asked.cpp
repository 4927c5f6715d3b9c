// See asked.hpp.
#include "schema/asked.hpp"

#include <algorithm>
#include <cmath>

namespace hpo {
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

Asked asked_after(Asked before, FailureClass failure, const RetryScale& scale) {
  if (failure == FailureClass::timeout && before.time) {
    before.time = scaled(*before.time, scale.time);
  }
  if (failure == FailureClass::out_of_memory && before.memory_bytes) {
    before.memory_bytes = scaled(*before.memory_bytes, scale.memory);
  }
  return before;
}

}  // namespace hpo
