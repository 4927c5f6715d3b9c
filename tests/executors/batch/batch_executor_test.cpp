// Submissions, doubts, cancels and strays on a batch system of our own making.
#include <catch2/catch.hpp>

#include "tests/executors/batch/bench.hpp"

using namespace hpo;
using namespace std::chrono_literals;
using batch::Phase;
using Catch::Contains;
using test::Bench;
using List = std::vector<std::string>;

TEST_CASE("batch: a submission writes the job's files, then tells its id", "[batch]") {
  Bench bench;
  const Job job = bench.submitted('a');
  CHECK(job.native_id == "100");
  for (const char* name : {"attempt.json", "params.json", "environment", "job.sh"}) {
    CHECK(test::exists(job.directory + "/" + name));
  }
  CHECK_FALSE(test::exists(job.directory + "/setup.sh"));
  CHECK(bench.world.submitted.front().id_variable == "FAKE_ID");
  CHECK(bench.world.submitted.front().syncs_files);
  CHECK(bench.world.listings == 0);
}

TEST_CASE("batch: the training's time ends before the job's, by its grace", "[batch]") {
  Bench bench;
  JobRequest request = bench.request('a');
  request.spec.grace = 30s;
  request.spec.time = 600s;
  REQUIRE(bench.executor->submit(request));
  CHECK(bench.world.submitted.back().time == 565s);
  CHECK(bench.world.submitted.back().job_time == 600s);
  request.spec.time = 20s;
  REQUIRE(bench.executor->submit(request));
  CHECK(bench.world.submitted.back().time == 1s);
  request.spec.time.reset();
  REQUIRE(bench.executor->submit(request));
  CHECK_FALSE(bench.world.submitted.back().time);
}

TEST_CASE("batch: what the scheduler says of a submission is handed up as it is", "[batch]") {
  Bench bench;
  const ErrorCode code = GENERATE(ErrorCode::invalid_argument, ErrorCode::unavailable,
                                  ErrorCode::outcome_unknown);
  bench.world.submit_error = Error{code, "no", "sbatch", "wait"};
  const auto answer = bench.executor->submit(bench.request('a'));
  REQUIRE_FALSE(answer);
  CHECK(answer.error().code == code);
}

TEST_CASE("batch: a doubt: never arrived", "[doubt]") {
  Bench bench;
  bench.world.submit_error = Error{ErrorCode::outcome_unknown, "timed out", "sbatch", "wait"};
  REQUIRE_FALSE(bench.executor->submit(bench.request('a')));
  bench.pass(1s);
  const JobStatus status = bench.find(bench.request('a').job);
  CHECK(status.state == JobState::absent);
  CHECK(bench.world.listings == 1);
  CHECK(bench.world.accounted == std::vector<List>{{"hpoabcd1234567a"}});
  bench.find(bench.request('a').job);
  CHECK(bench.world.listings == 1);   // the same listing again says the same
  CHECK(bench.world.accounted.size() == 1);
}

TEST_CASE("batch: a doubt: a listing from before the submission does not count", "[doubt]") {
  Bench bench;
  bench.find(bench.request('z').job);
  bench.pass(5s);
  bench.world.submit_error = Error{ErrorCode::outcome_unknown, "timed out", "sbatch", "wait"};
  REQUIRE_FALSE(bench.executor->submit(bench.request('a')));
  bench.world.add("7", "hpoabcd1234567a", Phase::queued, "PENDING", "");
  bench.pass(1s);
  const JobStatus status = bench.find(bench.request('a').job);
  CHECK(status.state == JobState::queued);
  CHECK(status.native_id == "7");
  CHECK(bench.world.listings == 2);
}

TEST_CASE("batch: a doubt: found late, also by another life of the daemon", "[doubt]") {
  Bench bench;
  const Job job = bench.request('a').job;
  CHECK(bench.find(job).state == JobState::absent);
  bench.world.add("7", job.name, Phase::running);
  bench.pass(30s);
  bench.restart();
  const JobStatus status = bench.find(job);
  CHECK(status.state == JobState::running);
  CHECK(status.native_id == "7");
}

TEST_CASE("batch: a doubt: accounting knows one that the listing has forgotten", "[doubt]") {
  Bench bench;
  const Job job = bench.request('a').job;
  bench.world.account_end("7", job.name, "TIMEOUT");
  const JobStatus status = bench.find(job);
  REQUIRE(status.state == JobState::ended);
  CHECK(status.outcome->failure == FailureClass::timeout);
}

TEST_CASE("batch: a doubt: what accounting calls waiting may be lost, and is absent", "[doubt]") {
  Bench bench;
  const Job job = bench.request('a').job;
  bench.world.accounting.push_back({.id = "7", .name = job.name, .phase = Phase::queued,
                                    .state = "PENDING"});
  CHECK(bench.find(job).state == JobState::absent);
}

TEST_CASE("batch: a doubt: a claim proves the job, whatever the listing lacks", "[doubt]") {
  Bench bench;
  const Job job = bench.request('a').job;
  Bench::claim(job, job.name, "7");
  CHECK(bench.find(job).state == JobState::unknown);
}

TEST_CASE("batch: a doubt: nothing is concluded while the scheduler does not answer", "[doubt]") {
  Bench bench;
  bench.world.is_down = true;
  const auto found = bench.executor->find(bench.request('a').job);
  REQUIRE_FALSE(found);
  CHECK(found.error().what == "it is down");
}

TEST_CASE("batch: a cancel names what is listed under the name, never an id from memory",
          "[cancel]") {
  Bench bench;
  Job job = bench.submitted('a');
  job.native_id = "55";  // it was handed out anew
  bench.pass(3s);
  REQUIRE(bench.executor->cancel({&job, 1}));
  CHECK(bench.world.cancelled == List{"100 " + job.name});
}

TEST_CASE("batch: a cancel reaches queued, running and held jobs, and no ended one", "[cancel]") {
  Bench bench;
  std::vector<Job> jobs;
  for (const char letter : {'a', 'b', 'c', 'd', 'e', 'f'}) jobs.push_back(bench.known(letter));
  const std::vector<Phase> phases{Phase::queued, Phase::running, Phase::held, Phase::ended,
                                  Phase::unknown};
  for (std::size_t i = 0; i < phases.size(); ++i) {
    bench.world.add(std::to_string(i), jobs[i].name, phases[i]);
  }
  REQUIRE(bench.executor->cancel(jobs));
  CHECK(bench.world.cancelled == List{"0 " + jobs[0].name, "1 " + jobs[1].name,
                                      "2 " + jobs[2].name, "4 " + jobs[4].name});
}

TEST_CASE("batch: a cancel right after the submission is not blind to the job", "[cancel]") {
  Bench bench;
  bench.find(bench.request('z').job);
  const Job job = bench.submitted('a');
  bench.pass(1s);
  REQUIRE(bench.executor->cancel({&job, 1}));
  CHECK(bench.world.cancelled.size() == 1);
}

TEST_CASE("batch: a cancel of nothing succeeds, one that cannot be asked fails", "[cancel]") {
  Bench bench;
  const Job job = bench.request('a').job;
  CHECK(bench.executor->cancel({&job, 1}));
  CHECK(bench.world.cancelled.empty());
  bench.world.is_down = true;
  bench.pass(30s);
  CHECK_FALSE(bench.executor->cancel({&job, 1}));
}

TEST_CASE("batch: a cancelled job that never had a node is over at once", "[cancel]") {
  Bench bench;
  const Job job = bench.submitted('a');
  bench.pass(1s);
  REQUIRE(bench.executor->cancel({&job, 1}));
  bench.world.jobs.front().phase = Phase::ended;
  bench.world.jobs.front().state = "CANCELLED";
  bench.pass(30s);
  const JobStatus status = bench.poll(job);
  REQUIRE(status.state == JobState::ended);
  CHECK(status.outcome->status == OutcomeStatus::cancelled);
  CHECK(status.outcome->message == "cancelled before it ran");
}

TEST_CASE("batch: a cancel reaches the submission that holds the attempt", "[cancel]") {
  Bench bench;
  const Job job = bench.known('b');
  Bench::claim(job, "hpoabcd1234567a", "5");
  bench.world.add("5", "hpoabcd1234567a", Phase::running);
  bench.world.add("7", job.name, Phase::ended, "COMPLETED");
  REQUIRE(bench.executor->cancel({&job, 1}));
  CHECK(bench.world.told == List{"5 hpoabcd1234567a"});
  CHECK(bench.world.cancelled.empty());
}

TEST_CASE("batch: a cancel tells the runner, and the job once the grace is over", "[cancel]") {
  Bench bench;
  Job job = bench.known('a');
  job.grace = 2min;
  Bench::claim(job, job.name, "7");
  bench.world.add("7", job.name, Phase::running);
  const auto cancel_after = [&](std::chrono::seconds time) {
    bench.pass(time);
    REQUIRE(bench.executor->cancel({&job, 1}));
    return bench.world.cancelled.size();
  };
  CHECK(cancel_after(0s) == 0);
  CHECK(cancel_after(2min) == 0);
  CHECK(bench.world.told == List{"7 " + job.name});
  CHECK(cancel_after(10s) == 1);
  CHECK(cancel_after(60s) == 2);
  CHECK(bench.world.told.size() == 1);
}

TEST_CASE("batch: a running job whose runner is not there yet is cancelled as a whole",
          "[cancel]") {
  Bench bench;
  const Job job = bench.known('a');
  bench.world.add("7", job.name, Phase::running);
  SECTION("there is no claim") {}
  SECTION("the claim is of a job of that name that ended") { Bench::claim(job, job.name, "6"); }
  REQUIRE(bench.executor->cancel({&job, 1}));
  CHECK(bench.world.told.empty());
  CHECK(bench.world.cancelled == List{"7 " + job.name});
}

TEST_CASE("batch: strays are cancelled after two listings, and told as an incident", "[strays]") {
  Bench bench;
  bench.world.add("5", "hpoabcdstray123", Phase::queued, "PENDING", "");
  bench.world.add("6", "hpoabcd1234567a", Phase::running);  // or in doubt: the daemon names it
  bench.world.add("7", "hpozzzzstray123", Phase::running);  // of another installation
  bench.world.add("8", "hpoabcdstray456", Phase::ended, "COMPLETED");
  for (int i = 0; i < 5; ++i) bench.cancel_strays({"hpoabcd1234567a"});
  CHECK(bench.world.cancelled.empty());
  bench.pass(30s);
  bench.cancel_strays({"hpoabcd1234567a"});
  CHECK(bench.world.cancelled == List{"5 hpoabcdstray123"});
  REQUIRE(bench.world.log.size() == 1);
  CHECK_THAT(bench.world.log.front(), Contains("incident") && Contains("job 5"));
}

TEST_CASE("batch: a job that has told its end and stays in listings is ended without a word",
          "[strays]") {
  Bench bench;
  const Job job = bench.known('b');
  bench.world.add("7", job.name, Phase::running);
  bench.poll(job);
  Bench::write_exit(job, OutcomeStatus::completed);
  REQUIRE(bench.poll(job).state == JobState::ended);
  for (int i = 0; i < 3; ++i, bench.pass(30s)) bench.cancel_strays({});
  CHECK(bench.world.cancelled.front() == "7 " + job.name);
  CHECK(bench.world.log.empty());
}

TEST_CASE("batch: what was a stray in one listing and waited for in the next stays", "[strays]") {
  Bench bench;
  bench.world.add("5", "hpoabcd1234567a", Phase::running);
  bench.cancel_strays({});
  bench.pass(30s);
  bench.cancel_strays({"hpoabcd1234567a"});
  bench.pass(30s);
  bench.cancel_strays({});
  CHECK(bench.world.cancelled.empty());
}

TEST_CASE("batch: a late submission that took the claim of its attempt is no stray", "[strays]") {
  Bench bench;
  const Job job = bench.known('b');
  Bench::claim(job, "hpoabcd1234567a", "5");
  bench.world.add("5", "hpoabcd1234567a", Phase::running);
  bench.world.add("7", job.name, Phase::queued, "PENDING", "");
  for (int i = 0; i < 3; ++i, bench.pass(30s)) {
    bench.poll(job);
    bench.cancel_strays({job.name});
  }
  CHECK(bench.world.cancelled.empty());
}

TEST_CASE("batch: no listing, no strays", "[strays]") {
  Bench bench;
  bench.world.add("5", "hpoabcdstray123", Phase::queued);
  bench.cancel_strays({});
  bench.world.is_down = true;
  bench.pass(30s);
  bench.cancel_strays({});
  CHECK(bench.world.cancelled.empty());
}
