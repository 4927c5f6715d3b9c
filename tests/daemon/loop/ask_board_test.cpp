// The times of asks, as status tells them.
#include "daemon/loop/ask_board.hpp"

#include <catch2/catch.hpp>

using namespace hpo;

TEST_CASE("of each study the newest thousand times are told, in milliseconds", "[loop]") {
  loop::AskBoard board;
  CHECK(board.of_study("jets").waits.count == 0);
  board.waited("jets", 1'000'000'000);  // forgotten when a thousand more have come
  for (int i = 1; i <= 1000; ++i) board.waited("jets", i * 1'000'000);
  board.took("jets", 41'000'000);
  CHECK(board.of_study("jets").waits.count == 0);
  board.publish();
  const auto asks = board.of_study("jets");
  CHECK(asks.waits.count == 1000);
  CHECK(asks.waits.p50_ms == 500.0);
  CHECK(asks.waits.p99_ms == 990.0);
  CHECK(asks.strategy.p99_ms == 41.0);
  CHECK(board.of_study("other").strategy.count == 0);
}

TEST_CASE("what was known of a study is told after its end", "[loop]") {
  loop::AskBoard board;
  board.waited("jets", 2'000'000);
  board.end("jets");
  board.end("nobody");
  CHECK(board.of_study("jets").waits.p50_ms == 2.0);
}
