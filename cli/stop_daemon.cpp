// Ending the daemon: SIGTERM, but only to the process that is proven to be it.
#include <signal.h>
#include <unistd.h>

#include <cerrno>
#include <chrono>
#include <climits>

#include "cli/daemon_process.hpp"
#include "cli/interrupt.hpp"
#include "cli/lock_holder.hpp"
#include "executors/runner/files.hpp"

namespace hpo::cli {
namespace {

using Clock = std::chrono::steady_clock;
constexpr int look_interval_ms = 20;

Failure not_proven(const Endpoint& endpoint, const std::string& why) {
  return Failure{.exit_code = ExitCode::unreachable,
                 .error = {.code = ErrorCode::unavailable,
                           .what = "no daemon to stop: " + why,
                           .where = "pid " + std::to_string(endpoint.pid) + ", " + endpoint.socket,
                           .remedy = "hpo daemon start"},
                 .details = {}};
}

Answer<Endpoint> proven_endpoint(const Context& context) {
  const Host host = this_host();
  auto endpoint = read_endpoint();
  if (!endpoint) return endpoint.failure();
  if (!is_on(*endpoint, host)) return other_host(*endpoint, context.typed);
  if (endpoint->boot_id != host.boot_id) return not_proven(*endpoint, "this node was rebooted");
  const auto client = ApiClient::connect({.socket = endpoint->socket, .remote = {}});
  if (!client) return client.failure();
  if (client->daemon_pid() != endpoint->pid || !is_hpod(endpoint->pid)) {
    return not_proven(*endpoint, "another process holds its socket or its pid");
  }
  return endpoint;
}

// Without endpoint file or socket the lock still names the daemon, and keeps others from starting.
Answer<int> daemon_to_stop(const Context& context) {
  const auto endpoint = proven_endpoint(context);
  if (endpoint) return endpoint->pid;
  if (const auto pid = lock_holder()) return *pid;
  return endpoint.failure();
}

}  // namespace

bool is_hpod(int pid) {
  char buffer[PATH_MAX];
  const std::string link = "/proc/" + std::to_string(pid) + "/exe";
  const ssize_t size = ::readlink(link.c_str(), buffer, sizeof buffer);
  if (size <= 0) return false;  // gone, or a zombie that nobody has collected yet
  const std::string name = runner::name_of(std::string(buffer, static_cast<std::size_t>(size)));
  return name == "hpod" || name == "hpod (deleted)";
}

Answer<Stopped> stop_daemon(const Context& context) {
  const auto found = daemon_to_stop(context);
  if (!found) return found.failure();
  const int pid = *found;
  if (::kill(pid, SIGTERM) != 0 && errno != ESRCH) {
    return failure_of(runner::file_error("cannot stop the daemon", "pid " + std::to_string(pid),
                                         errno));
  }
  const auto deadline = Clock::now() + std::chrono::milliseconds(stop_wait_ms);
  while (is_hpod(pid)) {
    if (Clock::now() >= deadline || is_interrupted()) {
      return Failure{.exit_code = ExitCode::timeout,
                     .error = {.code = ErrorCode::unavailable, .what = "the daemon is still ending",
                               .where = "pid " + std::to_string(pid),
                               .remedy = "hpo daemon logs"},
                     .details = {}};
    }
    pause_for(look_interval_ms);
  }
  return Stopped{.pid = pid};
}

}  // namespace hpo::cli
