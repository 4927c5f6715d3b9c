// Runs a scheduler's command and says all that is known of its end. No shell, bounded time and
// output, an environment of known origin; nothing of its process group outlives the call. Blocks;
// any thread.
//
// The child dies with the thread that started it (PR_SET_PDEATHSIG): an sbatch that outlived the
// daemon could submit later than anybody looks for its job. Executors run on pool threads, which
// live as long as the daemon.
#pragma once

#include <chrono>
#include <optional>
#include <string>
#include <vector>

#include "schema/result.hpp"

namespace hpo::batch {

struct Command {
  std::vector<std::string> argv{};         // argv[0] is looked for in PATH
  std::vector<std::string> environment{};  // NAME=value, besides what is kept
  std::vector<std::string> kept{};         // names of ours that it gets, besides the usual ones
  std::chrono::milliseconds patience{60'000};
  std::size_t output_bytes_max = 64U << 20U;
};

// One of exit_code and signal is set, unless somebody else has waited for the process.
struct CommandResult {
  std::optional<int> exit_code{};
  std::optional<int> signal{};
  bool is_timed_out = false;  // it was killed for our lack of patience
  bool is_cut = false;        // it was killed for its flood of output
  std::string output{};
  std::string error{};        // the first 64 KiB
  bool is_good() const { return exit_code == 0 && !is_timed_out && !is_cut; }
};

// Of the daemon's environment it gets PATH, HOME, USER, LOGNAME and those that are named: variables
// such as SBATCH_PARTITION or SQUEUE_STATES are options in disguise.
// Error: nothing was started. not_found: no such program in PATH; unavailable: no process, no
// memory.
Result<CommandResult> run(const Command& command);

// "squeue -h -t all": for messages.
std::string text_of(const std::vector<std::string>& argv);

}  // namespace hpo::batch
