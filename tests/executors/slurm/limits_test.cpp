// Reasons that name a limit.
#include <catch2/catch.hpp>

#include "executors/slurm/limits.hpp"

using namespace hpo::slurm;

TEST_CASE("slurm limits: a reason is read as the sentence that it is", "[slurm]") {
  const auto [reason, sentence] = GENERATE(table<std::string, std::string>({
      {"QOSMaxJobsPerUserLimit", "your QOS runs 2 jobs at a time"},
      {"AssocMaxJobsLimit", "your account runs 2 jobs at a time"},
      {"QOSGrpJobsLimit", "your QOS runs 2 jobs at a time of all its users together"},
      {"QOSMaxCpuPerUserLimit", "your QOS gives you 2 CPUs at a time"},
      {"QOSMaxMemoryPerUser", "your QOS gives you 2 memory at a time"},
      {"MaxCpuPerAccount", "your account gives your account 2 CPUs at a time"},
      {"AssocGrpCPUMinutesLimit", "your account has used up its minutes of CPUs"},
      {"QOSMaxWallDurationPerJobLimit", "it asks for more time than your QOS gives to a job: 2"}}));
  const auto read = limit_reason(reason);
  REQUIRE(read);
  CHECK(limit_sentence(*read, 2) == sentence);
}
