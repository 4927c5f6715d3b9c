// Which steps of a training need be told: those that hpod keeps, and the first of each kind that it
// answers or remarks on without keeping it.
//
// A training that tells 100,000 batches has 6,000 rows; the others would be hundreds of requests in
// which nothing happens. What cannot be known here, such as whether an earlier step was kept, is
// told. Of a trial's first attempt alone: of others hpod has steps that are not known here. Pure,
// one thread.
#pragma once

#include <cstdint>
#include <optional>
#include <string>

#include "schema/report.hpp"

namespace hpo::cli::worker {

class KeptSteps {
 public:
  // `metric`: the objective's; `step_max`: the fidelity's.
  KeptSteps(std::string metric, std::optional<std::int64_t> step_max)
      : metric_(std::move(metric)), step_max_(step_max) {}

  // Asked of each, in the order in which they are told.
  bool must_tell(const StepTold& told);

 private:
  bool must_tell_step(const StepTold& told);
  bool must_tell_again(double value);

  std::string metric_{};
  std::optional<std::int64_t> step_max_{};
  std::int64_t last_step_ = -1;  // that is kept, and the value of the objective there
  double last_value_ = 0.0;
  bool has_told_crowded_ = false;  // of more numbers than are told
  bool has_told_without_ = false;  // the objective
  bool has_told_twice_ = false;
  bool has_told_beyond_ = false;
  bool has_told_near_ = false;
};

}  // namespace hpo::cli::worker
