// Failures that look alike are one group.
#include "cli/log_groups.hpp"

#include <catch2/catch.hpp>

using namespace hpo::cli;

TEST_CASE("what differs between trials is taken out of a line", "[cli]") {
  CHECK(normalised("CUDA out of memory: tried 1.5 GiB, 0x7f3a free") ==
        normalised("CUDA out of  memory: tried 20 GiB, 0xdeadbeef free"));
  CHECK(normalised("cannot open /state/studies/a/trials/1/1/x: no such file") ==
        normalised("cannot open /state/studies/a/trials/27/2/x: no such file"));
  CHECK(normalised("loss is 1e-5") == normalised("loss is 2.5e+10"));
  CHECK(normalised("KeyError: 'lr'") != normalised("KeyError: 'width'"));
}

TEST_CASE("the largest group comes first, each with its newest trial", "[cli]") {
  const auto groups = group_failures({{1, "exit_code", "no file 1"},
                                      {2, "exit_code", "CUDA out of memory 7"},
                                      {5, "exit_code", "CUDA out of memory 8"},
                                      {6, "timeout", "CUDA out of memory 8"}});
  REQUIRE(groups.size() == 3);
  CHECK(groups[0].count == 2);
  CHECK(groups[0].example == 5);
  CHECK(groups[0].line == "CUDA out of memory 8");
  CHECK(groups[1].example == 6);
  CHECK(groups[1].failure == "timeout");
}

TEST_CASE("no failures make no groups", "[cli]") { CHECK(group_failures({}).empty()); }
