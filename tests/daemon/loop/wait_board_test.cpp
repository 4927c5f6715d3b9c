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

TEST_CASE("jobs that wait alike are told together, each by its id", "[loop]") {
  loop::WaitBoard board;
  board.note("jets", 0, "is held; 'scontrol release {job}' lets it go", "70");
  board.note("jets", 1, "is held; 'scontrol release {job}' lets it go", "72");
  board.publish();
  const auto waits = board.of_study("jets");
  REQUIRE(waits.size() == 1);
  CHECK(waits[0].text == "is held; 'scontrol release 70,72' lets it go");
  CHECK(board.of_trial("jets", 1) == "is held; 'scontrol release 72' lets it go");
}

TEST_CASE("a line of many ids is cut where nobody would read on", "[loop]") {
  loop::WaitBoard board;
  for (int trial = 0; trial < 1000; ++trial) board.note("jets", trial, "{job}", "1");
  board.publish();
  CHECK(board.of_study("jets")[0].text == "1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,…");
  CHECK(board.of_study("jets")[0].trials == 1000);
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
