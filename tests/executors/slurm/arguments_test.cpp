// A trial's wishes as options of sbatch.
#include <catch2/catch.hpp>

#include "executors/slurm/arguments.hpp"

using namespace hpo;
using namespace hpo::slurm;
using namespace std::chrono_literals;
using List = std::vector<std::string>;

namespace {

JobRequest plain(const std::string& directory = "/state/trials/3/1") {
  JobRequest request;
  request.job = {.name = "hpoabcd12345678", .directory = directory};
  request.spec.study = "jets";
  request.spec.trial = 3;
  return request;
}

bool has(const List& argv, const std::string& word) {
  return std::find(argv.begin(), argv.end(), word) != argv.end();
}

}  // namespace

TEST_CASE("sbatch: a job that asks for nothing", "[slurm]") {
  CHECK(submit_arguments("/opt/hpo", plain()) ==
        List{"sbatch", "--parsable", "--job-name=hpoabcd12345678", "--comment=jets/3",
             "--export=NONE", "--no-requeue", "--open-mode=append", "--chdir=/state/trials/3/1",
             "--output=/state/trials/3/1/job.log", "--nodes=1", "--ntasks-per-node=1",
             "--cpus-per-task=1", "/state/trials/3/1/job.sh", "/opt/hpo", "/state/trials/3/1",
             "hpoabcd12345678", "", ""});
}

TEST_CASE("sbatch: a job that asks for everything", "[slurm]") {
  JobRequest request = plain("/d");
  request.executor.cpus = 4;
  request.executor.gpus = 2;
  request.executor.time = 90min;
  request.executor.batch = {.account = "m1", .partition = "gpu", .qos = "regular",
                            .constraint = "gpu&hbm80g", .licenses = "scratch:1",
                            .reservation = "school", .nodes = 3, .tasks_per_node = 8,
                            .memory_bytes = 64LL << 30, .is_exclusive = true,
                            .extra = {"--mail-type=END", "--nice=7"}};
  request.environment.modules = {"gcc", "cuda/12"};
  request.environment.conda = "my env";
  CHECK(submit_arguments("/opt/hpo", request) ==
        List{"sbatch", "--parsable", "--job-name=hpoabcd12345678", "--comment=jets/3",
             "--export=NONE", "--no-requeue", "--open-mode=append", "--chdir=/d",
             "--output=/d/job.log", "--account=m1", "--partition=gpu", "--qos=regular",
             "--constraint=gpu&hbm80g", "--licenses=scratch:1", "--reservation=school",
             "--nodes=3", "--ntasks-per-node=8", "--cpus-per-task=4", "--gpus-per-node=2",
             "--mem=65536M", "--time=0-01:30:00", "--exclusive", "--mail-type=END", "--nice=7",
             "/d/job.sh", "/opt/hpo", "/d", "hpoabcd12345678", "my env", "", "gcc", "cuda/12"});
}

TEST_CASE("a command of Slurm finds the site's configuration, and prints times as numbers",
          "[slurm]") {
  const batch::Command squeue = command({"squeue", "-h"}, 7s);
  CHECK(squeue.argv == List{"squeue", "-h"});
  CHECK(squeue.kept == List{"SLURM_CONF"});
  CHECK(squeue.environment == List{"SLURM_TIME_FORMAT=%s", "TZ=UTC0"});
  CHECK(squeue.patience == 7s);
}

TEST_CASE("sbatch: a path is no pattern", "[slurm]") {
  const List argv = submit_arguments("/opt/hpo", plain("/a%j/50%"));
  CHECK(has(argv, "--output=/a%%j/50%%/job.log"));
  CHECK(has(argv, "--chdir=/a%j/50%"));
  CHECK(has(argv, "/a%j/50%/job.sh"));
}

TEST_CASE("sbatch: time is rounded up to minutes, never to none", "[slurm]") {
  const auto [time, text] = GENERATE(table<std::chrono::seconds, std::string>({
      {1s, "0-00:01:00"}, {60s, "0-00:01:00"}, {61s, "0-00:02:00"}, {59min + 59s, "0-01:00:00"},
      {24h, "1-00:00:00"}, {26h + 30min, "1-02:30:00"}, {24h * 365, "365-00:00:00"}}));
  CHECK(wall_time(time) == text);
}

TEST_CASE("sbatch: memory is rounded up to mebibytes", "[slurm]") {
  const auto [bytes, text] = GENERATE(table<std::int64_t, std::string>({
      {1, "--mem=1M"}, {1 << 20, "--mem=1M"}, {(1 << 20) + 1, "--mem=2M"},
      {200LL << 30, "--mem=204800M"}, {1'500'000'000'000, "--mem=1430512M"}}));
  JobRequest request = plain();
  request.executor.batch.memory_bytes = bytes;
  CHECK(has(submit_arguments("/opt/hpo", request), text));
}

TEST_CASE("sbatch: whatever a value holds, it stays one element behind its option", "[slurm]") {
  const std::string value = GENERATE(as<std::string>(), "a b", "$(touch x)", "a\nb", "--wrap=rm",
                                     "'\"", ";", "é🎉", "\xff");
  const std::size_t usual = submit_arguments("/opt/hpo", plain()).size();
  JobRequest request = plain("/" + value);
  request.executor.batch.account = value;
  request.environment.modules = {value};
  request.environment.venv = value;
  const List argv = submit_arguments("/opt/hpo", request);
  CHECK(argv.size() == usual + 2);
  CHECK(has(argv, "--account=" + value));
  CHECK(argv.back() == value);
  CHECK(argv[argv.size() - 2] == value);
}
