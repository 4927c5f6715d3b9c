// Where things lie on disk: one table for the daemon, the command line and the tests.
//
// Pure but for state_directory(), which reads the environment. No getpwuid: `hpo` is static, and
// on a compute node the user data base may be out of reach. Any thread.
#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <string>
#include <string_view>

#include "schema/result.hpp"

namespace hpo {

// The value of an environment variable; "" if it is not set.
using Lookup = std::function<std::string(const char* name)>;
std::string environment_value(const char* name);

// Of this process. Error: it has been removed, or cannot be read from above.
Result<std::string> current_directory();

// As absolute_path; asks for the current directory only if `path` is relative.
Result<std::string> absolute_here(const std::string& path);

// $HPO_STATE_DIR, else $XDG_STATE_HOME/hpo, else $HOME/.local/state/hpo; absolute, without a
// slash at its end. A relative XDG_STATE_HOME is ignored, as its specification asks.
// Error: invalid_argument if none of the three is set; that of current_directory() if the path is
// relative to it.
Result<std::string> state_directory(const Lookup& lookup = environment_value);

// The configuration files in the order in which they are tried: $HPO_CONFIG alone if it is set,
// else the user's hpod.json; the site's own lies below.
std::string user_config_path(const Lookup& lookup = environment_value);
inline constexpr std::string_view site_config_path = "/etc/hpo/hpod.json";

// Where secrets lie, each a file: $XDG_CONFIG_HOME/hpo/secrets, else $HOME/.config/hpo/secrets.
// "" if neither is set to an absolute path.
std::string secrets_directory(const Lookup& lookup = environment_value);

// In the directory of an attempt on a batch system: what its job script and the scheduler print.
inline constexpr std::string_view job_log_name = "job.log";

// In the directory of an attempt: there once another attempt of its trial goes on in its place.
inline constexpr std::string_view superseded_name = "superseded";

// A line of JSON for each step that its training tells.
inline constexpr std::string_view metrics_name = "metrics.jsonl";

// In the directory of a study: what the program that is its strategy writes to stderr.
inline constexpr std::string_view strategy_log_name = "strategy.log";

// More than an endpoint.json has; what is larger is not read.
inline constexpr std::size_t endpoint_bytes_max = 64U << 10U;

// What lies in a state directory. Nothing here is created.
struct StatePaths {
  std::string root{};  // absolute

  std::string database() const { return root + "/hpo.db"; }
  std::string lock() const { return root + "/daemon.lock"; }
  std::string lease() const { return root + "/lease.json"; }
  std::string endpoint() const { return root + "/endpoint.json"; }
  std::string log() const { return root + "/hpod.log"; }
  std::string certificate() const { return root + "/tls.pem"; }  // and its key, for TCP
  std::string reserve() const { return root + "/reserve.bin"; }
  std::string backups() const { return root + "/backups"; }
  std::string ended() const { return root + "/ended"; }
  std::string spool() const { return root + "/spool"; }  // see schema/spool.hpp
  std::string studies() const { return root + "/studies"; }
  std::string study(std::string_view name) const;
  std::string trial(std::string_view study_name, int number) const;
  std::string attempt(std::string_view study_name, int trial_number, int attempt_number) const;
  // Of a worker job; what is beside it belongs to it alone, as a trial's directory to its attempts.
  std::string worker(std::string_view study_name, int worker_number) const;
  std::string checkpoint(std::string_view study_name, int trial_number, int attempt_number) const;
};

// sockaddr_un::sun_path holds 108 bytes, the last of them a zero.
inline constexpr std::size_t socket_path_bytes_max = 107;

// <state>/hpo.sock if that fits; otherwise, or if the file system takes no sockets, the fallback.
std::string socket_path(const std::string& state_dir, unsigned uid, bool takes_sockets = true);

// /tmp/hpo-UID: to be made with mode 0700, its owner checked before use.
std::string fallback_socket_directory(unsigned uid);

// path, or current_directory/path if it is relative; "." and doubled slashes removed, ".." kept,
// since it means another place behind a symbolic link.
std::string absolute_path(std::string_view path, std::string_view current_directory);

}  // namespace hpo
