// Which daemon serves a state directory.
#include "cli/endpoint.hpp"

#include "cli/json_view.hpp"
#include "cli/text.hpp"
#include "executors/runner/files.hpp"
#include "executors/runner/process.hpp"
#include "schema/paths.hpp"

namespace hpo::cli {
namespace {

// A daemon that runs writes it again once it is gone; without one, the next start does.
Error damaged(const std::string& why, std::string_view where) {
  return {ErrorCode::corrupt, "the file that says where the daemon is, is damaged: " + why,
          std::string(where), "rm " + shell_quoted(std::string(where)) + "; hpo daemon start"};
}

// Its socket would lead to the daemon of another directory.
bool is_of_another(const Endpoint& endpoint, const std::string& state) {
  return runner::is_copied(endpoint.origin, state) ||
         (is_on(endpoint, this_host()) && runner::leads_elsewhere(endpoint.origin, state));
}

Failure of_another(const Endpoint& endpoint, const std::string& path) {
  const std::string& other = endpoint.origin.path;
  return Failure{
      .exit_code = ExitCode::unreachable,
      .error = {.code = ErrorCode::unavailable,
                .what = "no daemon is running here: this state directory is a copy, or was moved, "
                        "and its endpoint.json is of the daemon of " + other,
                .where = path, .remedy = "hpo daemon start"},
      .details = "  to ask that one: HPO_STATE_DIR=" + shell_quoted(other) + " hpo status\n"};
}

}  // namespace

Host this_host() { return {.name = runner::host_name(), .boot_id = runner::boot_id()}; }

Result<Endpoint> endpoint_from_json(std::string_view text, std::string_view where) {
  const auto root = json::parse_own(text, where);
  if (!root) return damaged(root.error().what, where);
  Endpoint endpoint{.host = text_of(member(*root, "host")),
                    .boot_id = text_of(member(*root, "boot_id")),
                    .pid = static_cast<int>(integer_of(member(*root, "pid"))),
                    .socket = text_of(member(*root, "socket")),
                    .version = text_of(member(*root, "version")),
                    .fingerprint = text_of(member(*root, "fingerprint")),
                    .origin = runner::state_origin_of(*root)};
  if (endpoint.socket.empty()) return damaged("it names no socket", where);
  return endpoint;
}

Answer<Endpoint> read_endpoint() {
  const auto state = state_directory();
  if (!state) return failure_of(state.error());
  const std::string path = StatePaths{.root = *state}.endpoint();
  const auto text = runner::read_file(path, endpoint_bytes_max);
  if (!text) {
    if (text.error().code == ErrorCode::not_found) return no_daemon(*state);
    return failure_of(text.error());
  }
  auto endpoint = endpoint_from_json(*text, path);
  if (!endpoint) return failure_of(endpoint.error());
  if (is_of_another(*endpoint, *state)) return of_another(*endpoint, path);
  return *std::move(endpoint);
}

bool is_on(const Endpoint& endpoint, const Host& host) {
  return endpoint.host == host.name || endpoint.boot_id == host.boot_id;
}

Failure other_host(const Endpoint& endpoint, const std::vector<std::string>& typed) {
  std::vector<std::string> words = {"hpo"};
  if (typed.size() > 1) words.insert(words.end(), typed.begin() + 1, typed.end());
  // Two shells read it, this one and the remote one.
  std::string command = shell_quoted(words);
  if (command.find('\'') != std::string::npos) command = shell_quoted(command);
  return Failure{.exit_code = ExitCode::unreachable,
                 .error = {.code = ErrorCode::unavailable,
                           .what = "the daemon of this state directory runs on " + endpoint.host,
                           .where = endpoint.socket,
                           .remedy = "ssh " + shell_quoted(endpoint.host) + " " + command},
                 .details = "  if that host is gone for good: 'hpo daemon start' takes over\n"};
}

Failure no_daemon(const std::string& where) {
  return Failure{.exit_code = ExitCode::unreachable,
                 .error = {.code = ErrorCode::unavailable, .what = "no daemon is running",
                           .where = where, .remedy = "hpo daemon start"},
                 .details = {}};
}

}  // namespace hpo::cli
