// Which process holds a state directory, when the endpoint file or the socket is lost.
//
// Main thread.
#pragma once

#include <optional>

namespace hpo::cli {

// The hpod that wrote daemon.lock and holds it, proven: the file is locked, the host is this one,
// and the process is an hpod that has this very file open. nullopt: none, or not proven.
std::optional<int> lock_holder();

}  // namespace hpo::cli
