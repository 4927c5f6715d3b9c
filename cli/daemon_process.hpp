// The daemon as a process: started beside us, waited for, ended only after proof that it is ours.
//
// Main thread; waits are on conditions with a deadline.
#pragma once

#include "cli/api_client.hpp"

namespace hpo::cli {

inline constexpr int start_wait_ms = 5'000;
inline constexpr int stop_wait_ms = 20'000;

struct Started {
  ApiClient client;
  bool was_running = false;
};

enum class OtherHost { stays, may_be_dead };

// The running daemon of this state directory, started if none answers; ready unless its disk is
// full. The endpoint of another host is left to it, or its lease is watched by hpod, whose
// countdown is told. Failure: unreachable for another host's that lives, error or temporary with
// what hpod said.
Answer<Started> start_daemon(const Context& context, OtherHost other = OtherHost::stays);

struct Stopped { int pid = 0; };

// SIGTERM to the endpoint's process, if it is the hpod that holds the socket, or else to the hpod
// that holds the lock; returns when it is gone. Failure: unreachable without a daemon, timeout
// after stop_wait_ms.
Answer<Stopped> stop_daemon(const Context& context);

// True if the process is alive and its program is called hpod.
bool is_hpod(int pid);

}  // namespace hpo::cli
