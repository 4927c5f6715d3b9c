// A row of `reports`: what a training told at a step, and what its pruner answered.
#pragma once

#include "schema/report.hpp"

namespace hpo::store {

struct ReportRow {
  Report report{};      // value NaN: no finite number; metrics without the objective
  int attempt = 1;
  Decision decision{};  // go_on without a rung or a reason: nothing was compared
};

}  // namespace hpo::store
