// hpod.json: what a site or a user may set. Every key has its default here.
#pragma once

#include <string>

#include "daemon/loop/loop_config.hpp"
#include "schema/result.hpp"

namespace hpo::daemon {

struct Config {
  int slots_max = 64;  // local.slots_max: trials at once on this node, of all studies
  int gpus = 0;        // local.gpus: of this node; default: those in /dev
  int cpus = 1;        // cores of this node; not to be set
};

// The user's file over the site's; a missing file is no error.
// Error: invalid_argument with every problem rendered in `what`.
Result<Config> load_config();

std::string to_json(const Config& config);

}  // namespace hpo::daemon
