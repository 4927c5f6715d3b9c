// See local_jobs.hpp.
#include "tests/executors/local_jobs.hpp"

#include <signal.h>

#include <catch2/catch.hpp>
#include <span>
#include <utility>

#include "executors/runner/process.hpp"

namespace hpo::test {

JobRequest Local::request(const Scene& scene) const {
  return {.job = scene.job, .spec = scene.spec, .executor = {}, .predecessors = {}};
}

void Local::submit(Scene& scene, std::vector<std::string> predecessors) {
  JobRequest asked = request(scene);
  asked.predecessors = std::move(predecessors);
  const auto submitted = executor->submit(asked);
  if (!submitted) FAIL(submitted.error().what + ": " + submitted.error().where);
  scene.job.native_id = submitted->native_id;
}

JobStatus Local::poll(const Job& job) {
  auto statuses = executor->poll(std::span(&job, 1));
  REQUIRE(statuses.has_value());
  REQUIRE(statuses->size() == 1);
  return statuses->front();
}

void Local::kill_runner(const Scene& scene) {
  const int pid = runner::process_id_from(scene.job.native_id)->pid;
  ::kill(pid, SIGKILL);
  REQUIRE(wait_until([&] { return is_gone(pid); }));
}

JobStatus Local::poll_until_over(const Job& job) {
  JobStatus status;
  REQUIRE(wait_until([&] { return (status = poll(job)).state != JobState::running; }));
  return status;
}

Job without_id(Job job) {
  job.native_id.clear();
  return job;
}

}  // namespace hpo::test
