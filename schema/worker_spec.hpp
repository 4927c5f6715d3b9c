// What a worker job carries out: `hpo worker` in the place of a training, with no params and no
// result. It asks for the resources of all its slots; what its trainings may have, it learns from
// hpod. Pure, any thread.
#pragma once

#include <string>
#include <vector>

#include "schema/attempt_spec.hpp"

namespace hpo {

struct WorkerWords {
  std::string hpo_program{};      // absolute
  std::string state_directory{};
  std::string name{};             // begins that of its process
  int number = 0;                 // of the worker job in its study
  std::string job{};              // the submission's name
  std::vector<int> devices{};     // GPUs of this node that it has; a batch system tells the job
};

// REQUIRES: the study has worker jobs
AttemptSpec worker_spec_of(const StudySpec& spec, const WorkerWords& words);

// A word of a command as it reaches the program: {…} would be a parameter's value.
std::string escaped_word(const std::string& text);

}  // namespace hpo
