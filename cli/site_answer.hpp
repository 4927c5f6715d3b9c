// Asks Slurm from here what it has, what it allows, and whether it would take a job. Changes
// nothing. Main thread.
#pragma once

#include <chrono>
#include <optional>
#include <string>
#include <vector>

#include "executors/batch/job_files.hpp"
#include "executors/slurm/site_check.hpp"

namespace hpo::cli {

// What `sbatch --test-only` says.
struct TestAnswer {
  std::optional<bool> is_accepted{};  // nullopt: no answer, or one that means nothing
  std::string text{};                 // its own words, or why there are none
  std::string where{};                // the option, if it is refused
  std::string remedy{};
};

struct SiteAnswer {
  slurm::Site site{};
  bool has_answered = false;           // the controller
  std::vector<std::string> unknown{};  // what could not be learnt, and why
  std::optional<TestAnswer> test{};    // nullopt: not asked
};

inline constexpr std::chrono::seconds quick_patience{4};     // for a person who submits
inline constexpr std::chrono::seconds thorough_patience{40};

// Returns within `patience`.
SiteAnswer ask_site(const JobRequest& request, std::chrono::milliseconds patience);

// What the study asks and the site does not give; what Slurm says of it, unless a limit said it.
std::vector<slurm::SiteProblem> problems_of(const StudySpec& spec, const SiteAnswer& answer);

bool has_errors(const std::vector<slurm::SiteProblem>& problems);

}  // namespace hpo::cli
