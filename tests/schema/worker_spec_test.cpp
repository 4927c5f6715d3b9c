// A worker job is `hpo worker` with what its study gives each trial, times its slots.
#include "schema/worker_spec.hpp"

#include <catch2/catch.hpp>

using namespace hpo;

TEST_CASE("a worker job runs hpo worker for all its slots, and leaves secrets to trials",
          "[schema]") {
  StudySpec spec;
  spec.name = "jets";
  spec.executor = {.type = "slurm", .gpus = 1, .time = std::chrono::hours(1)};
  spec.executor.slots = 3;
  spec.environment.secrets = {"TOKEN_FILE"};
  const AttemptSpec worker = worker_spec_of(
      spec, {.hpo_program = "/opt/{x}/hpo", .state_directory = "/s", .name = "hpoab-w2",
             .number = 2, .job = "hpoabcd"});
  CHECK(worker.command == std::vector<std::string>{
      "/opt/{{x}}/hpo", "worker", "--study", "jets", "--slots", "3", "--name", "hpoab-w2",
      "--max-time", "3590s", "--gpus", "job"});
  CHECK(worker.is_worker);
  CHECK(worker.trial == 2);
  CHECK(worker.secrets.empty());
  CHECK(worker.time == std::chrono::hours(1));
  CHECK(worker.environment.at("HPO_STATE_DIR") == "/s");
}

TEST_CASE("on this node a worker job has no wall time, and the GPUs that it was given",
          "[schema]") {
  StudySpec spec;
  spec.executor = {.type = "local", .gpus = 1, .time = std::chrono::hours(1)};
  const AttemptSpec worker = worker_spec_of(spec, {.hpo_program = "/hpo", .devices = {0, 2}});
  CHECK(worker.time == std::nullopt);
  CHECK(worker.command.back() == "0,2");
}
