// What the last daemon ended by, as its log tells it.
//
// Main thread.
#pragma once

#include <string>

namespace hpo::cli {

// The last line of hpod.log if that is an error; "" if the daemon ended in order, or never ran.
std::string last_error();

}  // namespace hpo::cli
