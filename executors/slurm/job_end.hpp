// What an end without exit.json means, and what to change. Pure functions, any thread.
//
// exit.json, written by the runner, outranks all of this.
#pragma once

#include <cstdint>
#include <optional>
#include <string_view>

#include "schema/outcome.hpp"

namespace hpo::slurm {

// All that is known of a job that has ended without exit.json.
struct JobEnd {
  std::string_view state{};
  std::string_view reason{};
  std::optional<int> exit_code{};  // of accounting; squeue does not tell it
  std::optional<int> signal{};
  std::string_view node_list{};
  std::int64_t start_s = 0;
  std::int64_t end_s = 0;
  bool has_begun = false;          // its script, as far as its node's files show
  bool has_claimed = false;        // the runner had come to life
  bool has_left = false;           // it found the attempt claimed by another job
  bool has_setup = false;          // lines of the study's own ran before the runner
  std::string_view user_id{};      // that submitted it, as "1001": who may have cancelled it
  std::string_view printed{};      // the end of what the job, and slurmstepd about it, printed
};

// REQUIRES: phase_of(end.state, end.reason) == Phase::ended
Outcome outcome_of(const JobEnd& end);

}  // namespace hpo::slurm
