// What a retry's job asks of a batch system: as much as the one before, or so many times as much.
// Pure, any thread.
#pragma once

#include "schema/study.hpp"
#include "schema/trial.hpp"

namespace hpo {

// More time after timeout, more memory after out_of_memory, by the study's retry.scale; rounded up
// to minutes and mebibytes, and never beyond attempt_time_max and memory_bytes_max.
Asked asked_after(Asked before, FailureClass failure, const RetryScale& scale);

}  // namespace hpo
