// Slurm behind batch::Scheduler, with commands in PATH that print what a real one printed.
#include "executors/slurm/slurm_scheduler.hpp"

#include <unistd.h>

#include <catch2/catch.hpp>

#include "tests/executors/slurm/commands.hpp"

using namespace hpo;
using namespace std::chrono_literals;
using batch::Phase;
using batch::Sighting;
using Catch::Contains;
using slurm::SlurmScheduler;

namespace {

struct Cluster {
  test::Commands commands{};
  std::int64_t now_ns = 0;
  SlurmScheduler scheduler{config()};

  ExecutorConfig config() {
    return {.hpo_program = "/opt/hpo", .monotonic_ns = [this] { return now_ns; },
            .utc_ns = [] { return std::int64_t{1795850000} * 1'000'000'000; }};
  }
  static JobRequest request() {
    JobRequest request;
    request.job = {.name = "hpoabcd12345678", .directory = "/state/trials/3/1"};
    return request;
  }
};

Sighting job(const std::string& id, const std::string& name = "hpoabcd12345678") {
  return {.id = id, .name = name};
}

}  // namespace

TEST_CASE("slurm: a submission gives the id that sbatch prints", "[scheduler]") {
  Cluster cluster;
  cluster.commands.add("sbatch", "echo '129;hpotest'");
  const auto id = cluster.scheduler.submit(Cluster::request());
  REQUIRE(id);
  CHECK(*id == "129");
  CHECK_THAT(cluster.commands.log("sbatch"),
             Contains("<--job-name=hpoabcd12345678>") && Contains("</state/trials/3/1/job.sh>"));
}

TEST_CASE("slurm: a submission that failed is a no, a wait or a doubt", "[scheduler]") {
  const auto [script, code] = GENERATE(table<std::string, ErrorCode>({
      {"echo 'sbatch: error: Batch job submission failed: Invalid account or account/partition "
       "combination specified' >&2; exit 1", ErrorCode::invalid_argument},
      {"echo 'sbatch: error: Batch job submission failed: Unable to contact slurm controller "
       "(connect failure)' >&2; exit 1", ErrorCode::unavailable},
      {"echo 'sbatch: error: Batch job submission failed: Socket timed out on send/recv operation'"
       " >&2; exit 1", ErrorCode::outcome_unknown},
      {"kill -9 $$", ErrorCode::outcome_unknown},
      {"echo nonsense", ErrorCode::outcome_unknown}}));
  INFO(script);
  Cluster cluster;
  cluster.commands.add("sbatch", script);
  const auto id = cluster.scheduler.submit(Cluster::request());
  REQUIRE_FALSE(id);
  CHECK(id.error().code == code);
}

TEST_CASE("slurm: without sbatch nothing was submitted: a wait that says what is missing",
          "[scheduler]") {
  Cluster cluster;
  cluster.commands.use_nothing_else();
  const auto id = cluster.scheduler.submit(Cluster::request());
  REQUIRE_FALSE(id);
  CHECK(id.error().code == ErrorCode::unavailable);
  CHECK_THAT(id.error().what, Contains("'sbatch' is not in PATH"));
  CHECK_THAT(id.error().remedy, Contains("login node"));
}

TEST_CASE("slurm: one query lists the jobs of this user, in seconds of UTC", "[scheduler]") {
  Cluster cluster;
  cluster.commands.add("squeue", R"(
[ "$SLURM_TIME_FORMAT $TZ $LC_ALL" = "%s UTC0 C" ] || exit 1
echo '16|RUNNING|1795850302|1795850305|N/A|n2|hpoabcd12345678|None|hpoabcd12345678|.'
echo '17|PENDING|1795850302|N/A|N/A||a job of others|Priority|a job of others|.'
echo '18|PENDING|1795850302|N/A|N/A||hpoabcd1234567b|JobHeldUser|hpoabcd1234567b|.')");
  const auto jobs = cluster.scheduler.list();
  if (!jobs) FAIL(jobs.error().what);
  REQUIRE(jobs->size() == 2);
  CHECK((*jobs)[0].id == "16");
  CHECK((*jobs)[0].phase == Phase::running);
  CHECK((*jobs)[0].node_list == "n2");
  CHECK((*jobs)[0].start_s == 1795850305);
  CHECK((*jobs)[1].phase == Phase::held);
  CHECK_THAT(cluster.commands.log("squeue"),
             Contains("<--user=" + std::to_string(::getuid()) + ">"));
}

TEST_CASE("slurm: a listing that failed, was cut or flooded is no listing", "[scheduler]") {
  const std::string row =
      "16|RUNNING|1|2|N/A|n2|hpoabcd12345678|None|hpoabcd12345678|.";
  const auto [script, what] = GENERATE_COPY(table<std::string, std::string>({
      {"echo '" + row + "'; echo 'slurm_load_jobs error: Unable to contact' >&2; exit 1",
       "Unable to contact"},
      {"echo '" + row + "'; kill -9 $$", "signal 9"},
      {"printf '%s' '" + row.substr(0, 40) + "'", "cut"}}));
  INFO(script);
  Cluster cluster;
  cluster.commands.add("squeue", script);
  const auto jobs = cluster.scheduler.list();
  REQUIRE_FALSE(jobs);
  CHECK_THAT(jobs.error().what, Contains(what));
}

TEST_CASE("slurm: accounting tells exit codes; one that never had a node has none",
          "[scheduler]") {
  Cluster cluster;
  cluster.commands.add("sacct", R"(
echo '16|FAILED|121:0|1795850302|1795850305|n2|hpoabcd12345678|None|hpoabcd12345678|'
name=hpoabcd1234567b
echo "17|CANCELLED by 1001|0:0|Unknown|1795850305|None assigned|$name|None|$name|")");
  const std::vector<std::string> names{"hpoabcd12345678", "hpoabcd1234567b"};
  const auto jobs = cluster.scheduler.account(names);
  if (!jobs) FAIL(jobs.error().what);
  REQUIRE(jobs->size() == 2);
  CHECK((*jobs)[0].exit_code == 121);
  CHECK((*jobs)[0].phase == Phase::ended);
  CHECK((*jobs)[0].node_list == "n2");
  CHECK((*jobs)[1].node_list.empty());
  CHECK_THAT(cluster.commands.log("sacct"), Contains("<--name=hpoabcd12345678,hpoabcd1234567b>"));
}

TEST_CASE("slurm: a site without accounting is asked once an hour", "[scheduler]") {
  Cluster cluster;
  if (GENERATE(true, false)) {
    cluster.commands.add("sacct", "echo 'Slurm accounting storage is disabled' >&2; exit 1");
  } else {
    cluster.commands.use_nothing_else();
  }
  const std::vector<std::string> names{"hpoabcd12345678"};
  for (int i = 0; i < 3; ++i) {
    const auto jobs = cluster.scheduler.account(names);
    REQUIRE(jobs);
    CHECK(jobs->empty());
  }
  CHECK(cluster.commands.calls("sacct") <= 1);
  CHECK_FALSE(cluster.scheduler.keeps_accounting());
  cluster.now_ns = std::chrono::nanoseconds(61min).count();
  cluster.commands.add("sacct", "true");
  REQUIRE(cluster.scheduler.account(names));
  CHECK(cluster.commands.calls("sacct") >= 1);
  CHECK(cluster.scheduler.keeps_accounting());
}

TEST_CASE("slurm: accounting that does not answer is an error, not a site without",
          "[scheduler]") {
  Cluster cluster;
  cluster.commands.add("sacct", "echo 'sacct: error: Connection refused' >&2; exit 1");
  const std::vector<std::string> names{"hpoabcd12345678"};
  CHECK_FALSE(cluster.scheduler.account(names));
  CHECK_FALSE(cluster.scheduler.account(names));
  CHECK(cluster.commands.calls("sacct") == 2);
}

TEST_CASE("slurm: many names are several calls, each of bearable length", "[scheduler]") {
  Cluster cluster;
  cluster.commands.add("sacct", "true");
  std::vector<std::string> names;
  for (int i = 0; i < 1201; ++i) names.push_back("hpoabcd" + std::to_string(10'000'000 + i));
  REQUIRE(cluster.scheduler.account(names));
  CHECK(cluster.commands.calls("sacct") == 3);
}

TEST_CASE("slurm: a cancel names the job beside its id: ids are handed out anew",
          "[scheduler]") {
  Cluster cluster;
  cluster.commands.add("scancel", "true");
  const std::vector<Sighting> one{job("16")};
  REQUIRE(cluster.scheduler.cancel(one));
  CHECK(cluster.commands.log("scancel") == "<--name=hpoabcd12345678><16>\n");
}

TEST_CASE("slurm: a runner is told by a signal to the batch script of what runs", "[scheduler]") {
  Cluster cluster;
  cluster.commands.add("scancel", "true");
  const std::vector<Sighting> one{job("16")};
  REQUIRE(cluster.scheduler.tell_runners(one));
  CHECK(cluster.commands.log("scancel") ==
        "<--batch><--signal=TERM><--state=RUNNING><--name=hpoabcd12345678><16>\n");
}

TEST_CASE("slurm: surplus jobs of one name are named as well, others go by their ids",
          "[scheduler]") {
  Cluster cluster;
  cluster.commands.add("scancel", "true");
  const std::vector<Sighting> same{job("16"), job("17")};
  REQUIRE(cluster.scheduler.cancel(same));
  const std::vector<Sighting> different{job("16"), job("17", "hpoabcd1234567b")};
  REQUIRE(cluster.scheduler.cancel(different));
  CHECK(cluster.commands.log("scancel") == "<--name=hpoabcd12345678><16><17>\n<16><17>\n");
}

TEST_CASE("slurm: a cancel of jobs that are over succeeds, whatever scancel makes of it",
          "[scheduler]") {
  Cluster cluster;
  cluster.commands.add("scancel", R"(
echo 'scancel: error: Kill job error on job id 16: Invalid job id specified' >&2
echo 'scancel: error: Kill job error on job id 17: Job/step already completing or completed' >&2
exit 1)");
  const std::vector<Sighting> jobs{job("16"), job("17")};
  CHECK(cluster.scheduler.cancel(jobs));
}

TEST_CASE("slurm: one that cannot be cancelled does not spare the others", "[scheduler]") {
  Cluster cluster;
  cluster.commands.add("scancel", R"(
echo 'scancel: error: Kill job error on job id 1: Invalid job id specified' >&2
echo 'scancel: error: Kill job error on job id 2: Access/permission denied' >&2
exit 1)");
  std::vector<Sighting> jobs;
  for (int i = 0; i < 401; ++i) jobs.push_back(job(std::to_string(i), std::to_string(i)));
  const auto done = cluster.scheduler.cancel(jobs);
  REQUIRE_FALSE(done);
  CHECK_THAT(done.error().what, Contains("permission denied"));
  CHECK(cluster.commands.calls("scancel") == 3);
}

TEST_CASE("slurm: why a job waits, with the start that is expected", "[scheduler]") {
  Cluster cluster;
  Sighting waiting = job("16");
  waiting.reason = "Priority";
  CHECK_THAT(cluster.scheduler.wait_text(waiting), Contains("priority"));
  CHECK_THAT(cluster.scheduler.wait_text(waiting), !Contains("expects"));
  waiting.start_s = 1795850600;
  CHECK_THAT(cluster.scheduler.wait_text(waiting), Contains("expects a start at"));
}

TEST_CASE("slurm: an end without exit.json has the class of its state", "[scheduler]") {
  Cluster cluster;
  Sighting ended = job("16");
  ended.state = "OUT_OF_MEMORY";
  ended.phase = Phase::ended;
  CHECK(cluster.scheduler.outcome_of(ended, {}).failure == FailureClass::out_of_memory);
  ended.state = "FAILED";
  CHECK(cluster.scheduler.outcome_of(
            ended, {.has_claimed = true, .printed = "1 oom-kill event(s)"}).failure ==
        FailureClass::out_of_memory);
}

TEST_CASE("slurm: srun in a job gives its processes the job's environment", "[scheduler]") {
  Cluster cluster;
  AttemptSpec spec;
  cluster.scheduler.prepare(spec);
  CHECK(spec.id_variable == "SLURM_JOB_ID");
  CHECK(spec.launcher == "srun");
  CHECK(spec.tell_ranks == std::vector<std::string>{"scancel", "--signal=TERM"});
  CHECK(spec.environment.at("SLURM_EXPORT_ENV") == "ALL");
  spec.environment["SLURM_EXPORT_ENV"] = "NONE";
  cluster.scheduler.prepare(spec);
  CHECK(spec.environment.at("SLURM_EXPORT_ENV") == "NONE");  // the study's word counts
}

TEST_CASE("slurm: a job is denied in so many words alone", "[scheduler]") {
  Cluster cluster;
  const std::string row = "7|RUNNING|1|1|N/A|n1|hpoabcd12345678|None|hpoabcd12345678|.";
  const auto look_up = [&](const std::string& script) {
    cluster.commands.add("squeue", script);
    return cluster.scheduler.look_up(job("7"));
  };
  const auto denied = look_up("echo 'slurm_load_jobs error: Invalid job id specified' >&2; exit 1");
  REQUIRE(denied);
  CHECK_FALSE(*denied);
  CHECK_THAT(cluster.commands.log("squeue"), Contains("<--jobs=7>") && !Contains("--user"));
  const auto seen = look_up("echo '" + row + "'");
  REQUIRE(seen);
  CHECK((*seen)->phase == Phase::running);
  CHECK_FALSE(look_up("true"));  // a row that is missing is no word
  CHECK_FALSE(look_up("echo '8" + row.substr(1) + "'"));
  CHECK_FALSE(look_up("echo '7|RUNNING|1|1|N/A|n1|mine|None|mine|.'"));
  CHECK_FALSE(look_up("echo 'slurm_load_jobs error: Unable to contact slurm controller (connect "
                      "failure)' >&2; exit 1"));
}
