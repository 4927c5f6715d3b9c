// The executor `local` in tests: submits scenes, polls them, kills their runners.
#pragma once

#include <signal.h>

#include <catch2/catch.hpp>
#include <memory>
#include <string>
#include <vector>

#include "executors/runner/process.hpp"
#include "tests/executors/support.hpp"

namespace hpo::test {

struct Local {
  std::unique_ptr<Executor> executor = make("local", [] { return 0; });

  JobRequest request(const Scene& scene) const {
    return {.job = scene.job, .spec = scene.spec, .executor = {}, .predecessors = {}};
  }
  // Submits, and puts the id into the scene's job.
  void submit(Scene& scene, std::vector<std::string> predecessors = {}) {
    JobRequest asked = request(scene);
    asked.predecessors = std::move(predecessors);
    const auto submitted = executor->submit(asked);
    if (!submitted) FAIL(submitted.error().what + ": " + submitted.error().where);
    scene.job.native_id = submitted->native_id;
  }
  JobStatus poll(const Job& job) {
    auto statuses = executor->poll(std::span(&job, 1));
    REQUIRE(statuses.has_value());
    REQUIRE(statuses->size() == 1);
    return statuses->front();
  }
  // And nothing else: what it started lives on.
  void kill_runner(const Scene& scene) {
    const int pid = runner::process_id_from(scene.job.native_id)->pid;
    ::kill(pid, SIGKILL);
    REQUIRE(wait_until([&] { return is_gone(pid); }));
  }
  JobStatus poll_until_over(const Job& job) {
    JobStatus status;
    REQUIRE(wait_until([&] { return (status = poll(job)).state != JobState::running; }));
    return status;
  }
};

inline Job without_id(Job job) {
  job.native_id.clear();
  return job;
}

}  // namespace hpo::test
