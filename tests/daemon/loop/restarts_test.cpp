// What outlives a restart of hpod while jobs are on a batch system, by simulated time.
#include <catch2/catch.hpp>
#include <fstream>

#include "tests/daemon/loop/lives.hpp"

using namespace hpo;
using namespace std::chrono_literals;
using batch::Phase;
using test::Lives;
using List = std::vector<std::string>;

TEST_CASE("a job that comes late is cancelled after a restart, though its study has ended",
          "[restarts]") {
  Lives lives;
  lives.submit("jets");
  lives.end_job();
  lives.pass(1h);  // the wall clock goes by days meanwhile, to and fro
  REQUIRE(lives.row("jets").progress.state == StudyState::finished);
  lives.restart();
  lives.pass(4min);
  lives.cluster.add("7", lives.stray(), Phase::queued, "PENDING", "");
  lives.pass(80s);
  CHECK(lives.cluster.cancelled == List{"7 " + lives.stray()});
}

TEST_CASE("after a restart it is looked for late jobs for absent_after, no longer", "[restarts]") {
  Lives lives;
  lives.submit("jets");
  lives.end_job();
  lives.pass(1h);
  const int before = lives.cluster.listings;
  lives.restart();
  lives.pass(1h);
  CHECK(lives.cluster.listings > before + 3);
  CHECK(lives.cluster.listings <= before + 330 / 30 + 1);
}

TEST_CASE("a batch system that does not answer at a restart is asked until it does",
          "[restarts]") {
  Lives lives;
  lives.submit("jets");
  lives.end_job();
  lives.pass(1h);
  lives.cluster.is_down = true;
  lives.restart();
  lives.cluster.add("7", lives.stray(), Phase::queued, "PENDING", "");
  lives.pass(2h);
  lives.cluster.is_down = false;
  lives.pass(10min);
  CHECK_FALSE(lives.cluster.cancelled.empty());
}

TEST_CASE("a batch system where nothing was ever submitted is not asked", "[restarts]") {
  Lives lives;
  lives.pass(1h);
  lives.restart();
  lives.pass(1h);
  CHECK(lives.cluster.listings == 0);
}

TEST_CASE("a job that listings do not show is given up after lost_after, over all restarts",
          "[restarts]") {
  Lives lives;
  lives.submit("jets");
  lives.begin_job();
  lives.pass(1min);
  lives.cluster.jobs.clear();
  for (int life = 1; life <= 3; ++life) {
    lives.pass(4min);
    CHECK(lives.cluster.submitted.size() == (life < 3 ? 1 : 2));
    lives.restart();
  }
}

TEST_CASE("a job that is shown once more has lost_after before it, after a restart too",
          "[restarts]") {
  Lives lives;
  lives.submit("jets");
  lives.begin_job();
  lives.pass(1min);
  const auto jobs = std::exchange(lives.cluster.jobs, {});
  lives.pass(6min);
  lives.restart();
  lives.cluster.jobs = jobs;
  lives.pass(1min);
  lives.cluster.jobs.clear();
  lives.restart();
  lives.pass(8min);
  CHECK(lives.cluster.submitted.size() == 1);
}

TEST_CASE("for how long a job was looked for in doubt does not count against it when it is found",
          "[restarts]") {
  Lives lives;
  lives.cluster.submit_error = Error{ErrorCode::outcome_unknown, "timed out", "sbatch", "wait"};
  lives.submit("jets");
  lives.pass(4min);
  lives.cluster.submit_error.reset();
  lives.cluster.add("7", lives.cluster.submitted.front().job, Phase::running);
  lives.pass(1min);
  lives.cluster.jobs.clear();
  lives.restart();
  lives.pass(8min);
  CHECK(lives.cluster.submitted.size() == 1);
}

TEST_CASE("all that a training wrote at once is kept before its attempt ends", "[restarts]") {
  constexpr int steps = 1000;  // all of them are kept
  Lives lives;
  lives.trains = [](const std::string& directory) {
    std::ofstream file(directory + "/metrics.jsonl");
    for (int step = 0; step < steps; ++step) {
      file << "{\"step\": " << step << ", \"loss\": 0.5, \"pad\": 1e" << std::string(3000, '0')
           << "}\n";
    }
  };
  lives.submit("jets");
  lives.begin_job();
  lives.end_job();
  lives.pass(31s);  // one poll
  CHECK(lives.row("jets").progress.completed == 1);
  const auto rows = lives.reader()->reports({.study = "jets", .trial = 0, .limit = steps});
  REQUIRE(rows);
  CHECK(rows->size() == steps);
  CHECK(lives.reader()->doubts("jets", 0)->empty());
}
