// Reasons that name a limit.
#include <catch2/catch.hpp>

#include "executors/slurm/limits.hpp"

using namespace hpo::slurm;

TEST_CASE("slurm limits: a reason is read as the sentence that it is", "[slurm]") {
  const auto [reason, sentence, sentence_of_2] =
      GENERATE(table<std::string, std::string, std::string>({
          {"QOSMaxJobsPerUserLimit", "your QOS runs only so many jobs at a time",
           "your QOS runs 2 jobs at a time"},
          {"AssocMaxJobsLimit", "your account runs only so many jobs at a time",
           "your account runs 2 jobs at a time"},
          {"QOSGrpJobsLimit",
           "your QOS runs only so many jobs at a time of all its users together",
           "your QOS runs 2 jobs at a time of all its users together"},
          {"MaxJobsPerAccount",
           "your QOS runs only so many jobs at a time of your account together",
           "your QOS runs 2 jobs at a time of your account together"},
          {"QOSMaxCpuPerUserLimit", "your QOS gives you only so many CPUs at a time",
           "your QOS gives you 2 CPUs at a time"},
          {"QOSMaxMemoryPerUser", "your QOS gives you only so much memory at a time",
           "your QOS gives you 2 memory at a time"},
          {"AssocGrpCpuLimit", "your account gives all its users only so many CPUs at a time",
           "your account gives all its users 2 CPUs at a time"},
          {"AssocGrpCPUMinutesLimit", "your account has used up its minutes of CPUs",
           "your account has used up its minutes of CPUs"},
          {"QOSGrpWallLimit", "your QOS has used up its time", "your QOS has used up its time"},
          {"AssocGrpGRESRunMinutes",
           "your account gives the running jobs of all its users only so many minutes of GPUs",
           "your account gives the running jobs of all its users 2 minutes of GPUs"},
          {"MaxCpuRunMinsPerUser",
           "your QOS gives the running jobs of you only so many minutes of CPUs",
           "your QOS gives the running jobs of you 2 minutes of CPUs"},
          {"QOSMaxWallDurationPerJobLimit", "it asks for more time than your QOS gives to a job",
           "it asks for more time than your QOS gives to a job: 2"},
          {"AssocMaxCpuMinutesPerJobLimit",
           "it asks for more minutes of CPUs than your account gives to a job",
           "it asks for more minutes of CPUs than your account gives to a job: 2"},
          {"QOSMaxGRESPerNode", "it asks for more GPUs than your QOS gives to a node",
           "it asks for more GPUs than your QOS gives to a node: 2"},
          {"QOSMinCpuNotSatisfied", "it asks for fewer CPUs than your QOS wants",
           "it asks for fewer CPUs than your QOS wants"}}));
  INFO(reason);
  const auto read = limit_reason(reason);
  REQUIRE(read);
  CHECK(limit_sentence(*read, {}) == sentence);
  CHECK(limit_sentence(*read, 2) == sentence_of_2);
}

TEST_CASE("slurm limits: every limit that Slurm knows is one", "[slurm]") {
  const std::string owner = GENERATE("QOS", "Assoc");
  const std::string resource = GENERATE("Unknown", "Cpu", "Mem", "Memory", "Node", "Energy", "GRES",
                                        "License", "BB", "Billing");
  for (const std::string form : {"Grp*", "Grp*Minutes", "Grp*RunMinutes", "Max*PerJob",
                                 "Max*PerNode", "Max*PerUser", "Max*MinutesPerJob", "Min*",
                                 "Max*PerJobLimit", "Max*PerUserLimit", "Grp*Limit"}) {
    const std::string reason = owner + form.substr(0, 3) + resource + form.substr(4);
    INFO(reason);
    REQUIRE(limit_reason(reason));
    const bool is_of_job = form.find("PerJob") != std::string::npos || form.starts_with("Min") ||
                           form.find("PerNode") != std::string::npos;
    CHECK(limit_reason(reason)->is_of_job == is_of_job);
  }
  CHECK(limit_reason("Max" + resource + "PerAccount"));
  CHECK(limit_reason("Max" + resource + "RunMinsPerAccount"));
}

TEST_CASE("slurm limits: limits of older releases and of numbers of jobs", "[slurm]") {
  const std::string reason = GENERATE("QOSJobLimit", "QOSResourceLimit", "QOSTimeLimit",
      "AssociationJobLimit", "AssociationResourceLimit", "AssociationTimeLimit",
      "QOSMaxSubmitJobPerUserLimit", "QOSGrpSubmitJobsLimit", "AssocMaxSubmitJobLimit",
      "AssocGrpSubmitJobsLimit", "MaxSubmitJobsPerAccount", "MaxJobsPerAccount");
  INFO(reason);
  REQUIRE(limit_reason(reason));
  CHECK_FALSE(limit_reason(reason)->is_of_job);
}

TEST_CASE("slurm limits: what names no limit is none", "[slurm]") {
  const std::string reason = GENERATE("", "QOS", "QOSMax", "Assoc", "MaxPoweredUpNodes", "Priority",
      "QOSNotAllowed", "QOSUsageThreshold", "QOSMaxCpuPerPlanet", "GrpCpuLimit", "CpuPerJob",
      "AssocMaxCpuPerJobLimits");
  INFO(reason);
  CHECK_FALSE(limit_reason(reason));
}
