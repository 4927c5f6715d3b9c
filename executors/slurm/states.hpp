// Slurm's words for the state of a job, and what an end without exit.json means.
//
// exit.json, written by the runner, outranks all of this. Pure functions, any thread.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "schema/outcome.hpp"

namespace hpo::slurm {

enum class Phase {
  queued,
  held,        // will not start until a person releases it
  running,
  completing,  // the training has ended, its nodes are not free yet
  ended,
  unknown,     // a word of a newer Slurm: keep what was known before
};

// `state` as squeue's %T or sacct's State, "CANCELLED by 1001" too; `reason` as squeue's %r.
Phase phase_of(std::string_view state, std::string_view reason);

// All that is known of a job that has ended without exit.json.
struct JobEnd {
  std::string_view state{};
  std::string_view reason{};
  std::optional<int> exit_code{};  // of accounting; squeue does not tell it
  std::optional<int> signal{};
  std::string_view node_list{};
  std::int64_t start_s = 0;
  std::int64_t end_s = 0;
  bool has_claimed = false;        // the runner had come to life
  std::string_view log{};          // path of what the job printed, for the message
};

// REQUIRES: phase_of(end.state, end.reason) == Phase::ended
Outcome outcome_of(const JobEnd& end);

}  // namespace hpo::slurm
