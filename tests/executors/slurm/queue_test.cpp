// squeue's listing.
#include <algorithm>
#include <chrono>
#include <iostream>

#include <catch2/catch.hpp>

#include "executors/slurm/queue.hpp"
#include "executors/slurm/reasons.hpp"
#include "executors/slurm/states.hpp"
#include "tests/executors/slurm/recorded.hpp"

using namespace hpo;
using namespace hpo::slurm;

namespace {

std::vector<QueueRow> jobs_of(const std::string& file) {
  const auto jobs = parse_queue(recorded(file));
  REQUIRE(jobs);
  return *jobs;
}

const QueueRow& job(const std::vector<QueueRow>& jobs, const std::string& id) {
  const auto found = std::find_if(jobs.begin(), jobs.end(),
                                  [&](const QueueRow& each) { return each.id == id; });
  REQUIRE(found != jobs.end());
  return *found;
}

}  // namespace

TEST_CASE("squeue: one query asks for all jobs of the user in any state", "[slurm]") {
  const auto arguments = queue_arguments("anna");
  CHECK(arguments[0] == "squeue");
  CHECK(arguments[4] == "--user=anna");
}

TEST_CASE("squeue: a row becomes a job, with times in both forms", "[slurm]") {
  const std::string times = GENERATE("1795850302|1795850305|N/A",
                                     "2026-11-28T07:18:22|2026-11-28T07:18:25|N/A");
  const auto jobs = parse_queue("12|PENDING|" + times +
                                "||hpoabcd12345678|ReqNodeNotAvail, UnavailableNodes:n[1-3]|"
                                "hpoabcd12345678|.\n");
  REQUIRE(jobs);
  REQUIRE(jobs->size() == 1);
  CHECK(jobs->front() == QueueRow{.id = "12", .name = "hpoabcd12345678", .state = "PENDING",
                                  .reason = "ReqNodeNotAvail, UnavailableNodes:n[1-3]",
                                  .node_list = "", .submit_s = 1795850302, .start_s = 1795850305,
                                  .end_s = 0});
}

TEST_CASE("squeue: a cut listing says so", "[slurm]") {
  const auto jobs = parse_queue("12|PENDING|1|2|3||hpoabcd12345678|No");
  REQUIRE_FALSE(jobs);
  CHECK(jobs.error().code == ErrorCode::corrupt);
  CHECK(jobs.error().where == "squeue");
}

TEST_CASE("squeue: 100,000 jobs of others cost little", "[slurm]") {
  constexpr int foreign = 100'000;
  std::string text;
  for (int i = 0; i < foreign; ++i) {
    text += std::to_string(i) +
            "|RUNNING|1795850302|1795850305|1795853905|n[1-16]|a job|None|a job|.\n";
  }
  text += "7|RUNNING|1|2|3|n1|hpoabcd12345678|None|hpoabcd12345678|.\n";
  const auto before = std::chrono::steady_clock::now();
  const auto jobs = parse_queue(text);
  const std::chrono::duration<double, std::milli> took = std::chrono::steady_clock::now() - before;
  REQUIRE(jobs);
  CHECK(jobs->size() == 1);
  std::cout << "squeue: " << foreign << " foreign rows in " << took.count() << " ms\n";
  CHECK(took.count() < 50);
}

TEST_CASE("squeue: of a recorded listing our jobs are taken, and no job of others", "[slurm]") {
  const std::vector<QueueRow> jobs = jobs_of("queue_22.05.txt");
  CHECK(jobs.size() == 37);
  for (const QueueRow& each : jobs) CHECK(each.name.starts_with("hpotest000000"));
  CHECK(job(jobs, "24") == QueueRow{
      .id = "24", .name = "hpotest00000030", .state = "PENDING",
      .reason = "Nodes required for job are DOWN, DRAINED or reserved for jobs in higher priority "
                "partitions", .node_list = "", .submit_s = 1795851020, .start_s = 0, .end_s = 0});
  CHECK(job(jobs, "17").end_s == 1795851081);
  CHECK(job(jobs, "33_2").reason == "JobArrayTaskLimit");
}

TEST_CASE("squeue: both forms of time tell the same of a recorded listing", "[slurm]") {
  CHECK(jobs_of("queue_22.05.txt") == jobs_of("queue_22.05_iso.txt"));
}

TEST_CASE("squeue: states and reasons of recorded listings are all known", "[slurm]") {
  for (const std::string& file : recorded_names("queue_")) {
    for (const QueueRow& each : jobs_of(file)) {
      INFO(file << ": " << each.id << " " << each.state << " " << each.reason);
      const Phase phase = phase_of(each.state, each.reason);
      CHECK((phase == Phase::unknown) == (each.state == "EXPEDITING"));
      if (phase != Phase::queued) continue;
      CHECK_FALSE(explain_wait({.reason = each.reason}).starts_with("waits ("));
    }
  }
}

TEST_CASE("squeue: a job that Slurm could not launch and kept is held", "[slurm]") {
  const auto jobs = jobs_of("queue_22.05_faults.txt");
  const QueueRow held = jobs.back();
  CHECK(held.reason == "launch failed requeued held");
  CHECK(phase_of(held.state, held.reason) == Phase::held);
}
