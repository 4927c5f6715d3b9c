// The point that promises most: candidates, then ascent along slopes and from value to value.
//
// All candidates are ranked by a cheap bound, the first of them valued exactly; from the best one
// and some drawn by their value, searches climb together. Pure function, any thread.
#pragma once

#include "strategies/gp/acquisition.hpp"
#include "strategies/gp/axes.hpp"
#include "strategies/gp/trust_region.hpp"

namespace hpo::gp {

// candidates: axes × m, m > 0, on the axes' values, in the region or near; smooth coordinates stay
// in it. `draws`: uniform in [0, 1), one for each start
// but the first. Infinite values are never chosen, unless there is no other.
Vector best_point(const Acquisition& acquisition, const Axes& axes, const Region& region,
                  const Table& candidates, const Vector& draws);

}  // namespace hpo::gp
