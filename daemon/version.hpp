// The version of this build; set by CMake.
#pragma once

#include <string_view>

#ifndef HPO_VERSION
#define HPO_VERSION "0.0.0"
#endif
#ifndef HPO_BUILD_ID
#define HPO_BUILD_ID "unknown"
#endif

namespace hpo::daemon {

inline constexpr std::string_view version = HPO_VERSION;
inline constexpr std::string_view build_id = HPO_BUILD_ID;  // source revision and compiler

}  // namespace hpo::daemon
