// A study of many trials in flight, as the daemon would record it: batches are asked for with what
// has ended by then, trials end out of order, and what a batch has left may be dropped.
#pragma once

#include "daemon/replay/recorded_study.hpp"

namespace hpo::test {

// `strategy`: one of strategies(). Deterministic.
replay::RecordedStudy recorded_study(const std::string& strategy, int trials);

}  // namespace hpo::test
