// A study of many trials in flight, as the daemon would record it: batches are asked for with what
// has ended by then, trials end out of order, and what a batch has left may be dropped.
#pragma once

#include "daemon/replay/recorded_study.hpp"

namespace hpo::test {

struct Recording {
  int trials = 60;
  std::size_t in_flight = 8;
  int fits_lag = 0;    // how far the fits are behind the history, in history_seq
  int late_every = 0;  // which asks the strategy is too late for, so that another answers; 0: none
};
// `strategy`: one of strategies(). Deterministic.
replay::RecordedStudy recorded_study(const std::string& strategy, const Recording& recording = {});

}  // namespace hpo::test
