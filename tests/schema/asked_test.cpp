// What a retry's job asks of a batch system.
#include "schema/asked.hpp"

#include <catch2/catch.hpp>

using namespace hpo;
using namespace std::chrono_literals;

TEST_CASE("time grows after a timeout, memory after a lack of it, and neither after the rest",
          "[schema]") {
  constexpr std::int64_t mebibyte = std::int64_t{1} << 20U;
  const Asked before{.time = 30min, .memory_bytes = 100 * mebibyte};
  const RetryScale scale{.memory = 1.5, .time = 2.0};
  CHECK(asked_after(before, FailureClass::timeout, scale) == Asked{1h, 100 * mebibyte});
  CHECK(asked_after(before, FailureClass::out_of_memory, scale) == Asked{30min, 150 * mebibyte});
  CHECK(asked_after(before, FailureClass::node_fail, scale) == before);
  CHECK(asked_after({}, FailureClass::timeout, scale) == Asked{});
}
