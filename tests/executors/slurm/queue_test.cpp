// squeue's listing.
#include <chrono>

#include <catch2/catch.hpp>

#include "executors/slurm/queue.hpp"

using namespace hpo;
using namespace hpo::slurm;

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
