// Lines between the runner and a warm server, over a stream socket, each wait with a deadline.
//
// A wait ends early when this process is told to end; the signal stays pending for supervise().
// One thread.
#pragma once

#include <time.h>

#include <chrono>
#include <cstddef>
#include <string>
#include <string_view>

#include "executors/runner/fd.hpp"
#include "schema/result.hpp"

namespace hpo::runner {

inline constexpr std::size_t warm_line_bytes_max = 64U * 1024U;  // of what a server answers

// True if SIGTERM, SIGINT or SIGHUP waits to be taken. They are blocked since take_over_signals().
bool is_told_to_end();

// Error not_found, of a script that no longer answers.
Error script_gone(const std::string& how);

// Takes one SIGCHLD, blocked likewise; waits for it that long.
void wait_for_child_signal(const timespec& time);

class WarmChannel {
 public:
  using Deadline = std::chrono::steady_clock::time_point;

  WarmChannel() = default;
  explicit WarmChannel(Fd socket);

  explicit operator bool() const { return static_cast<bool>(socket_); }

  // Errors: not_found when the other side is gone, unavailable at the deadline, conflict when we
  // are told to end, corrupt for a line that is too long.
  Result<void> send(std::string_view line, const Fd& signals, Deadline deadline);
  Result<std::string> receive(const Fd& signals, Deadline deadline);  // without its newline

 private:
  Result<void> wait(short events, const Fd& signals, Deadline deadline) const;

  Fd socket_{};
  std::string received_{};  // and not handed out
};

}  // namespace hpo::runner
