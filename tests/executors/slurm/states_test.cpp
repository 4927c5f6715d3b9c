// Slurm's state words.
#include <catch2/catch.hpp>

#include "executors/slurm/states.hpp"

using namespace hpo::slurm;

TEST_CASE("slurm states: each word has its phase", "[slurm]") {
  const auto [state, phase] = GENERATE(table<std::string, Phase>({
      {"PENDING", Phase::queued}, {"REQUEUED", Phase::queued}, {"CONFIGURING", Phase::queued},
      {"POWER_UP_NODE", Phase::queued}, {"SPECIAL_EXIT", Phase::held}, {"REVOKED", Phase::held},
      {"RUNNING", Phase::running}, {"SUSPENDED", Phase::running}, {"STAGE_OUT", Phase::running},
      {"COMPLETING", Phase::completing}, {"COMPLETED", Phase::ended}, {"FAILED", Phase::ended},
      {"CANCELLED", Phase::ended}, {"CANCELLED by 1001", Phase::ended},
      {"CANCELLED+", Phase::ended}, {"TIMEOUT", Phase::ended}, {"PREEMPTED", Phase::ended},
      {"NODE_FAIL", Phase::ended}, {"OUT_OF_MEMORY", Phase::ended}, {"DEADLINE", Phase::ended},
      {"BOOT_FAIL", Phase::ended}, {"", Phase::unknown}, {"EXPEDITING", Phase::unknown},
      {"running", Phase::unknown}, {"PENDINGS", Phase::unknown}}));
  INFO(state);
  CHECK(phase_of(state, "None") == phase);
}

TEST_CASE("slurm states: who waits for a person is held", "[slurm]") {
  const std::string reason = GENERATE("JobHeldUser", "JobHeldAdmin", "JobHoldMaxRequeue",
                                      "launch failed requeued held", "launch_failed_requeued_held");
  CHECK(phase_of("PENDING", reason) == Phase::held);
  CHECK(phase_of("CANCELLED", reason) == Phase::ended);
}
