// The points of a model that are thought best, where it is searched: what candidates are drawn
// around, and what sets a threshold. Pure function, any thread.
#pragma once

#include <algorithm>

#include "strategies/gp/model.hpp"

namespace hpo::gp {

struct Leaders {
  Table points{};  // axes × m, the best first, 0 < m <= most
  Vector means{};  // that the model has of them

  Table best(Index count) const { return points.leftCols(std::min(count, points.cols())); }
};

// REQUIRES: the model has a value, and has followed
Leaders leaders(const Model& model, Index most);

}  // namespace hpo::gp
