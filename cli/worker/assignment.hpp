// What a worker of a study does: what the daemon says at its begin, and what becomes of a trial.
//
// Pure, any thread.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "cli/worker/messages.hpp"
#include "schema/attempt_spec.hpp"

namespace hpo::cli::worker {

// What all attempts of the study share.
struct Work {
  std::string directory{};  // of the study, or the worker's own for it
  AttemptSpec attempt{};
  bool is_own = false;      // then the daemon's paths mean nothing here
};

struct Assignment {
  Work work{};
  StudyState state = StudyState::running;
  std::chrono::milliseconds lease{120'000};
  bool takes_reports = false;  // the steps of trainings; a daemon that does not say so refuses them
};

// The body of GET …/work. Error: corrupt, the daemon is of another version.
Result<Assignment> assignment_from_json(std::string_view text);

// attempt.json of a trial in a slot; `devices` empty: the study says which it sees.
AttemptSpec spec_of(const Work& work, const LeasedTrial& trial, int slot,
                    const std::vector<int>& devices);
std::string directory_of(const Work& work, const LeasedTrial& trial);

}  // namespace hpo::cli::worker
