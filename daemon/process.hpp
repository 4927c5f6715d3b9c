// What hpod asks of its own process before anything else. Main thread, once.
#pragma once

namespace hpo::daemon {

// Descriptors 0 to 2 open, as many others as the system allows, files for this user alone, no end
// by a closed pipe or by the login shell's.
void prepare_process();

}  // namespace hpo::daemon
