// Failures that look alike, counted: "37 × CUDA out of memory (e.g. trial 12)". Pure.
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace hpo::cli {

struct FailedTrial {
  int number = 0;
  std::string failure{};    // its class
  std::string last_line{};  // what it said at the end; "" if nothing
  bool has_stderr = false;  // that line is from there
};

struct FailureGroup {
  int count = 0;
  int example = 0;          // the newest trial of the group
  std::string failure{};
  std::string line{};       // of the example, as it was written
  bool has_stderr = false;  // of the example
};

// What differs from trial to trial is taken out: numbers, addresses, paths, blanks.
std::string normalised(std::string_view line);

// Largest group first; equal ones by their newest trial.
std::vector<FailureGroup> group_failures(const std::vector<FailedTrial>& trials);

}  // namespace hpo::cli
