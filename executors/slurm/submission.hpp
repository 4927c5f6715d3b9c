// What sbatch's answer means: a job, no job, or a doubt. Pure functions, any thread.
//
// Exit code 1 does not mean that there is no job: after "Socket timed out" there often is one. So
// only texts that are known to come from the controller's decision count as a no; all others are
// doubts, and the job is searched for by its name.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "schema/result.hpp"

namespace hpo::slurm {

enum class SubmitAnswer {
  accepted,       // there is a job, and this is its id
  refused,        // no job, and asking again will not help
  put_off,        // no job; asking later may help: a limit is reached, or a partition is closed
  not_submitted,  // no job: the controller was never reached
  unclear,        // there may be a job
};

struct SubmitReading {
  SubmitAnswer answer = SubmitAnswer::unclear;
  std::string id{};  // set if and only if accepted
  // Else: invalid_argument (refused), unavailable (put_off, not_submitted) or outcome_unknown.
  Error error{};
};

// How a command ended: by its exit code, by a signal, or by our patience.
struct CommandEnd {
  std::optional<int> exit_code{};
  std::optional<int> signal{};
  bool is_timed_out = false;
};

// Of `sbatch --parsable`.
SubmitReading read_submission(const CommandEnd& end, std::string_view standard_output,
                              std::string_view standard_error);

// "13" of "13\n" and of "129;cluster\n"; "" of anything else.
std::string job_id_of(std::string_view standard_output);

}  // namespace hpo::slurm
