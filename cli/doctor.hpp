// hpo doctor: goes the way of one job, step by step, and says at each what it met and what to do.
// Main thread.
#pragma once

#include <chrono>
#include <string>

#include "cli/command.hpp"
#include "schema/study.hpp"

namespace hpo::cli {

struct DoctorWish {
  StudySpec study{};             // as it would be submitted; its place and its environment count
  std::string program{};         // that the node is to find; empty: none
  std::chrono::seconds wait{0};  // for the job's start and end together
  bool as_json = false;
};

// ok, error (a step failed) or interrupted; then its job is cancelled.
ExitCode examine_slurm(const DoctorWish& wish, const Context& context);

}  // namespace hpo::cli
