// Why trials wait, as status tells it.
#include "daemon/loop/wait_board.hpp"

#include <catch2/catch.hpp>

using namespace hpo;

TEST_CASE("each reason is told once, the most frequent first", "[loop]") {
  loop::WaitBoard board;
  board.note("jets", 0, "waits for priority");
  board.note("jets", 1, "the partition is down");
  board.note("jets", 2, "waits for priority");
  board.note("other", 0, "held");
  CHECK(board.of_study("jets").empty());
  board.publish();
  const auto waits = board.of_study("jets");
  REQUIRE(waits.size() == 2);
  CHECK(waits[0].text == "waits for priority");
  CHECK(waits[0].trials == 2);
  CHECK(waits[1].trials == 1);
  CHECK(board.of_trial("jets", 1) == "the partition is down");
}

TEST_CASE("what waits no more is forgotten", "[loop]") {
  loop::WaitBoard board;
  board.note("jets", 0, "waits for priority");
  board.note("jets", 0, "");
  board.note("jets", 7, "");
  board.publish();
  CHECK(board.of_study("jets").empty());
  CHECK(board.of_trial("jets", 0).empty());
  board.note("jets", 1, "held");
  board.publish();
  board.forget_if([](const std::string& study) { return study != "jets"; });
  CHECK(board.of_study("jets").size() == 1);
  board.forget_if([](const std::string& study) { return study == "jets"; });
  board.publish();
  CHECK(board.of_study("jets").empty());
}
