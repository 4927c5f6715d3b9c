// hpod.json: what a site or a user may set. Every key has its default here.
#pragma once

#include <chrono>
#include <optional>
#include <string>

#include "daemon/loop/loop_config.hpp"
#include "schema/decode/decode.hpp"
#include "schema/result.hpp"
#include "schema/tcp_address.hpp"

namespace hpo::daemon {

struct SlurmConfig {
  std::chrono::seconds poll_interval{30};  // between two listings of all jobs
  // A late request of sbatch is accepted until its credential is 300 s old; only then does it mean
  // something that a job cannot be found.
  std::chrono::seconds absent_after{330};
  std::chrono::seconds result_grace{60};   // from a job's end until the lack of exit.json counts
  std::chrono::seconds lost_after{600};    // without any trace of a job
  std::chrono::seconds stuck_after{1800};  // of a job that waits for what never comes
};

struct StrategiesConfig {
  std::chrono::milliseconds ask_deadline{50};  // a free slot's, for a proposal
  std::int64_t model_memory = std::int64_t{1} << 30;  // bytes that strategies keep, of all studies
};

struct Config {
  int slots_max = 64;  // local.slots_max: trials at once on this node, of all studies
  int gpus = 0;        // local.gpus: of this node; default: those in /dev
  int cpus = 1;        // cores of this node; not to be set
  SlurmConfig slurm{};
  StrategiesConfig strategies{};
  std::optional<TcpAddress> listen{};  // for workers on other machines; nullopt: no TCP
  Profiles profiles{};  // by name; one of the user's replaces the site's of that name
};

// The user's file over the site's; a missing file is no error.
// Error: invalid_argument with every problem rendered in `what`.
Result<Config> load_config();

// "tcp://10.0.0.5:4711". Error: invalid_argument; `where` is the text.
Result<TcpAddress> listen_address(const std::string& text);

std::string to_json(const Config& config);

}  // namespace hpo::daemon
