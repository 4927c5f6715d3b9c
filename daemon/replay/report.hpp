// What a replay found. Pure, any thread.
#pragma once

#include <string>

#include "daemon/replay/decisions.hpp"
#include "daemon/replay/replay.hpp"

namespace hpo::replay {

// `build`: of this program.
std::string report_text(const Replay& replay, const SearchSpace& space, const std::string& build);
std::string report_json(const Replay& replay, const Decisions& decisions,
                        const SearchSpace& space, const std::string& build);

}  // namespace hpo::replay
