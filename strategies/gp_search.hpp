// The search of `gp`, for strategies that use it as a part.
#pragma once

#include <memory>
#include <vector>

#include "strategies/strategy.hpp"

namespace hpo {

struct GpSetting {
  bool explores = true;  // with trials open: option `pending`, ucb_pe
  // Of each rung and of whole trials, in [0, 1], ascending: then what trials told at rungs is
  // modelled too, as gp/model.hpp has it. None: only how trials ended.
  std::vector<double> levels{};
  double random_fraction = 0.0;  // of trials that a quasi-random sequence gives, model or not
};

std::unique_ptr<Strategy> make_gp_search(const StudySpec& spec, const GpSetting& setting);

}  // namespace hpo
