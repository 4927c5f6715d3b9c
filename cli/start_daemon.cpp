// Starting the daemon and waiting until it is ready.
#include <sys/wait.h>

#include <cerrno>
#include <chrono>
#include <optional>

#include "cli/daemon_process.hpp"
#include "cli/health.hpp"
#include "cli/interrupt.hpp"
#include "cli/programs.hpp"
#include "cli/spawn_daemon.hpp"
#include "cli/start_log.hpp"
#include "executors/runner/files.hpp"
#include "schema/paths.hpp"

namespace hpo::cli {
namespace {

using Clock = std::chrono::steady_clock;
constexpr int poll_interval_ms = 10;
constexpr int takeover_wait_ms = 20'000;  // hpod tells every 10 s that it watches a lease
constexpr int rival_wait_ms = 1'000;  // hpod gave up: another one may be starting

// nullopt: none answers, or it is just starting. One that has started and takes no writes (its
// disk is full) is running too: another one could only fail to take its place.
std::optional<ApiClient> running_client() {
  const auto endpoint = read_endpoint();
  if (!endpoint || !is_on(*endpoint, this_host())) return std::nullopt;
  auto client = ApiClient::connect({.socket = endpoint->socket, .remote = {}});
  if (!client || !has_started(*client)) return std::nullopt;
  return std::move(*client);
}

// What hpod's exit says; hpo and hpod share their exit codes.
ExitCode exit_code_of_wait(int wait_status) {
  if (!WIFEXITED(wait_status)) return ExitCode::error;
  switch (WEXITSTATUS(wait_status)) {
    case 2: return ExitCode::usage;
    case 6: return ExitCode::unreachable;
    case 75: return ExitCode::temporary;
    default: return ExitCode::error;
  }
}

Failure did_not_start(const StartLog& log, std::optional<int> wait_status) {
  const bool is_slow = !wait_status;
  return Failure{.exit_code = is_slow ? ExitCode::temporary : exit_code_of_wait(*wait_status),
                 .error = {.code = ErrorCode::unavailable,
                           .what = is_slow ? "the daemon is not ready yet"
                                           : "the daemon did not start",
                           .where = log.path(),
                           .remedy = is_slow ? "hpo daemon status" : "hpo daemon logs"},
                 .details = log.last_lines()};
}

Answer<Started> wait_until_ready(int pid, StartLog& log) {
  auto deadline = Clock::now() + std::chrono::milliseconds(start_wait_ms);
  std::optional<int> wait_status;
  while (Clock::now() < deadline && !is_interrupted()) {
    auto client = running_client();
    if (log.tell_news()) deadline = Clock::now() + std::chrono::milliseconds(takeover_wait_ms);
    if (client) return Started{.client = std::move(*client), .was_running = false};
    int status = 0;
    if (!wait_status && ::waitpid(pid, &status, WNOHANG) == pid) {
      wait_status = status;
      deadline = std::min(deadline, Clock::now() + std::chrono::milliseconds(rival_wait_ms));
    }
    pause_for(poll_interval_ms);
  }
  return did_not_start(log, wait_status);
}

}  // namespace

Answer<Started> start_daemon(const Context& context, OtherHost other) {
  const auto endpoint = read_endpoint();
  if (endpoint && !is_on(*endpoint, this_host()) && other == OtherHost::stays) {
    return other_host(*endpoint, context.typed);
  }
  if (auto client = running_client()) {
    return Started{.client = std::move(*client), .was_running = true};
  }
  const auto state = state_directory();
  if (!state) return failure_of(state.error());
  const auto made = runner::make_directories(*state);
  if (!made) return failure_of(made.error());
  const auto program = find_hpod();
  if (!program) return failure_of(program.error());
  StartLog log(StatePaths{.root = *state}.log());
  const auto pid = spawn_daemon(*program, *state, log.path());
  if (!pid) return failure_of(pid.error());
  return wait_until_ready(*pid, log);
}

}  // namespace hpo::cli
