// The search of `tpe`, for strategies that use it as a part.
#pragma once

#include <cstddef>
#include <memory>

#include "strategies/strategy.hpp"

namespace hpo {

// Until so many trials have completed, a quasi-random sequence proposes. What an object keeps holds
// for histories whose finished trials begin as those of the last one, whatever their states and
// values.
std::unique_ptr<Strategy> make_tpe_search(const StudySpec& spec, std::size_t startup_trials);

}  // namespace hpo
