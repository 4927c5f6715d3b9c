// Watches over the training until nothing of it is left: output, signals, time limit, leftovers.
//
// Drawn once:   running ── told to end, or time ──> stopping ── grace over ──> killing
//                  │                                    │                          │
//                  └────────── main process ended ──────┴──> sweep ──> gone <──────┘
// stopping waits for the whole tree (a shell dies at SIGTERM while its child still saves); sweep
// ends by SIGKILL what a training left behind. One thread.
#pragma once

#include <chrono>
#include <optional>
#include <string>
#include <vector>

#include "executors/runner/capture.hpp"
#include "executors/runner/ranks.hpp"
#include "executors/runner/result_line.hpp"
#include "executors/runner/spawn.hpp"

namespace hpo::runner {

enum class StopCause { none, cancelled, time_limit, superseded };

struct Ended {
  std::optional<int> exit_code{};
  std::optional<int> signal{};
  StopCause stop = StopCause::none;  // we asked it to end before it ended
  bool was_killed = false;           // it outlived the grace
  int leftovers = 0;                 // processes that were ended after the main one
  bool is_stuck = false;             // SIGKILL did not end all of it: it hangs in the kernel
};

// The signal that ended it, or of which a shell tells that it ended its command; 0: neither.
int signal_told(const Ended& ended);

struct SupervisePlan {
  std::optional<std::chrono::seconds> time_limit{};
  std::chrono::seconds grace{30};
  std::string stop_file{};
  std::string superseded_file{};  // looked for every 10 s; there: it has to end
  RankCare ranks{};
  std::vector<int> spared{};  // these and what is below them are not the training's; they may end
};

// From here on SIGTERM, SIGINT and SIGHUP mean "end the training"; call before spawn.
Result<Fd> take_over_signals();

// Returns when the training is gone. Both captures are finished, the result line too.
Ended supervise(Spawned training, const Fd& signals, const SupervisePlan& plan, Capture& output,
                Capture& error, ResultLine& line);

}  // namespace hpo::runner
