// Which daemon serves a state directory: what it wrote to endpoint.json, and whose host that is.
#pragma once

#include <string>
#include <vector>

#include "cli/answer.hpp"
#include "executors/runner/state_origin.hpp"

namespace hpo::cli {

struct Host {  // the node this process is on
  std::string name{};
  std::string boot_id{};
};
Host this_host();

struct Endpoint {
  std::string host{};
  std::string boot_id{};
  int pid = 0;
  std::string socket{};
  std::string version{};
  std::string fingerprint{};  // of its certificate; empty: it does not listen by TCP
  runner::StateOrigin origin{};  // the directory that it was written for
};

Result<Endpoint> endpoint_from_json(std::string_view text, std::string_view where);

// Failure: unreachable (no daemon of this very directory has said where it is: what came with a
// copy of another one is not followed), corrupt, or usage (no state directory).
Answer<Endpoint> read_endpoint();

// Nodes that share a file system differ in both; a container shares its host's boot id.
bool is_on(const Endpoint& endpoint, const Host& host);

// Failure: unreachable, with the ssh command that does the same over there.
Failure other_host(const Endpoint& endpoint, const std::vector<std::string>& typed);
Failure no_daemon(const std::string& where);

}  // namespace hpo::cli
