// The rungs of a fidelity: the steps at which trials are compared while they train.
//
// Pure, any thread.
#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

#include "schema/history.hpp"
#include "schema/report.hpp"
#include "schema/study.hpp"

namespace hpo {

// min · eta^k, rounded, for k = 0, 1, … as long as that is below max: at max a trial is whole.
// At most 30. REQUIRES: min < max, eta >= 2
std::vector<std::int64_t> rung_steps(const FidelitySpec& fidelity);

// How many first rungs Hyperband's trials may have: the whole s >= 0 with min · eta^s <= max. The
// last of them is max itself if that is min · eta^s. REQUIRES: as rung_steps
int bracket_count(const FidelitySpec& fidelity);

// The rungs begin … end - 1 that a trial reaches by telling `step`, when the highest one that it
// told before is `last_step`; -1: none. A training that skips a rung's step reaches it later, and
// one that goes back reaches nothing twice.
struct RungRange {
  std::size_t begin = 0;
  std::size_t end = 0;
  friend bool operator==(const RungRange&, const RungRange&) = default;
};
RungRange rungs_reached(const std::vector<std::int64_t>& steps, std::int64_t last_step,
                        std::int64_t step);

// The report's value at each of them; of most reports none.
std::vector<RungValue> values_at_rungs(const std::vector<std::int64_t>& steps,
                                       std::int64_t last_step, const Report& report);

}  // namespace hpo
