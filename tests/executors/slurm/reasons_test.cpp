// Why a job waits.
#include <catch2/catch.hpp>

#include "executors/slurm/reasons.hpp"

using namespace hpo::slurm;

TEST_CASE("slurm reasons: waiting is told in plain words", "[slurm]") {
  const auto [reason, text] = GENERATE(table<std::string, std::string>({
      {"Priority", "waits for priority; the scheduler expects a start at 14:20"},
      {"None", "waits for the scheduler to look at it; the scheduler expects a start at 14:20"},
      {"PartitionDown",
       "the partition is down; the scheduler expects a start at 14:20"},
      {"QOSMaxJobsPerUserLimit", "your QOS runs 2 jobs at a time (QOSMaxJobsPerUserLimit); the "
                                 "scheduler expects a start at 14:20"},
      {"ReqNodeNotAvail, UnavailableNodes:n4",
       "waits for nodes that are down or reserved (ReqNodeNotAvail, UnavailableNodes:n4); the "
       "scheduler expects a start at 14:20"},
      {"JobHeldUser", "is held by you; 'scontrol release {job}' lets it go (JobHeldUser)"},
      {"JobHeldAdmin", "is held by an administrator; ask the site why (JobHeldAdmin)"},
      {"DependencyNeverSatisfied", "what it depends on has failed, so it never starts; take the "
                                   "dependency out of \"extra\" (DependencyNeverSatisfied)"},
      {"SomethingNew", "waits (SomethingNew); the scheduler expects a start at 14:20"},
      {"", "waits; the scheduler expects a start at 14:20"}}));
  CHECK(explain_wait({.reason = reason, .expected_start = "14:20",
                      .limit = 2}) == text);
}

TEST_CASE("slurm reasons: nothing is expected where nothing is known", "[slurm]") {
  CHECK(explain_wait({.reason = "Priority"}) == "waits for priority");
  CHECK(explain_wait({.reason = "PartitionDown"}) == "the partition is down");
}

TEST_CASE("slurm reasons: a foreign text is cleaned and cut", "[slurm]") {
  const std::string text = explain_wait({.reason = "\x1b[2J" + std::string(5000, 'x')});
  CHECK(text.find('\x1b') == std::string::npos);
  CHECK(text.size() < 300);
}

TEST_CASE("slurm reasons: some waiting never ends by itself", "[slurm]") {
  const std::string never = GENERATE("DependencyNeverSatisfied", "PartitionTimeLimit",
      "PartitionNodeLimit", "BadConstraints", "InvalidAccount", "InvalidQOS",
      "QOSMaxWallDurationPerJobLimit", "AssocMaxCpuPerJobLimit", "QOSMaxGRESPerJob",
      "QOSMinCpuNotSatisfied", "ReservationDeleted", "AccountNotAllowed");
  INFO(never);
  CHECK(never_clears(never));
}

TEST_CASE("slurm reasons: most waiting does", "[slurm]") {
  const std::string clears = GENERATE("None", "Priority", "Resources", "QOSMaxJobsPerUserLimit",
      "AssocMaxJobsLimit", "QOSGrpCpuLimit", "ReqNodeNotAvail, Reserved for maintenance",
      "Licenses", "BeginTime", "PartitionDown", "Dependency", "JobHeldUser", "SomethingNew", "",
      "Nodes required for job are DOWN, DRAINED or reserved for jobs in higher priority "
      "partitions");
  INFO(clears);
  CHECK_FALSE(never_clears(clears));
}

TEST_CASE("slurm reasons: a word counts as a whole, with its details", "[slurm]") {
  CHECK(starts_with_word("Dependency", "Dependency"));
  CHECK(starts_with_word("ReqNodeNotAvail, UnavailableNodes:n4", "ReqNodeNotAvail"));
  CHECK(starts_with_word("launch_failed_requeued_held", "launch failed requeued held"));
  CHECK_FALSE(starts_with_word("DependencyNeverSatisfied", "Dependency"));
  CHECK_FALSE(starts_with_word("Depend", "Dependency"));
}
