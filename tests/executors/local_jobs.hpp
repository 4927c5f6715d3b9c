// The executor `local` in tests: submits scenes, polls them, kills their runners.
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "tests/executors/support.hpp"

namespace hpo::test {

struct Local {
  std::unique_ptr<Executor> executor = make("local", [] { return 0; });

  JobRequest request(const Scene& scene) const;
  // Submits, and puts the id into the scene's job.
  void submit(Scene& scene, std::vector<std::string> predecessors = {});
  JobStatus poll(const Job& job);
  void kill_runner(const Scene& scene);  // and nothing else: what it started lives on
  JobStatus poll_until_over(const Job& job);
};

Job without_id(Job job);

}  // namespace hpo::test
