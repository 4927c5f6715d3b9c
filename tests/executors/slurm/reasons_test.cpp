// Why a job waits.
#include <catch2/catch.hpp>

#include "executors/slurm/reasons.hpp"

using namespace hpo::slurm;

TEST_CASE("slurm reasons: waiting is told in plain words", "[slurm]") {
  CHECK(explain_wait({.reason = "Priority", .expected_start = "14:20"}) ==
        "waits for priority; the scheduler expects a start at 14:20");
}
