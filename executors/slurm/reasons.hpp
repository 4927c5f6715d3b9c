// Why a job waits, in plain words. Pure functions, any thread.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace hpo::slurm {

struct Wait {
  std::string_view reason{};           // as squeue's %r
  std::string_view expected_start{};   // as clock_text makes it; empty: not known
  std::optional<std::int64_t> limit{};  // of the limit that the reason names, if somebody asked
};

// "waits for priority; the scheduler expects a start at 14:20". An unknown reason is quoted.
// The job's id is written as `job_mark` (executors/job_mark.hpp).
std::string explain_wait(const Wait& wait);

// It waits for ever, unless somebody changes the job, the limits or the partition.
bool never_clears(std::string_view reason);

// Held by a person, or by Slurm for a person to look at.
bool is_held(std::string_view reason);

// "ReqNodeNotAvail" of "ReqNodeNotAvail, UnavailableNodes:n[1-3]": Slurm adds details to its words.
bool starts_with_word(std::string_view reason, std::string_view word);

}  // namespace hpo::slurm
