// Whether a site can run the jobs of a study, before the first one is submitted. Pure, any thread.
//
// What is not known is never an error. Whatever the study sets anew in `extra` is not looked at:
// sbatch --test-only has the last word on it.
#pragma once

#include <string>
#include <vector>

#include "executors/slurm/site.hpp"
#include "schema/study.hpp"

namespace hpo::slurm {

enum class Weight { error, warning, note };  // the last is for who asks what there is

struct SiteProblem {
  Weight weight = Weight::error;
  std::string what{};    // what the study asks, and the limit
  std::string where{};   // where the limit is set, and how to look at it
  std::string remedy{};  // how to mend it
  friend bool operator==(const SiteProblem&, const SiteProblem&) = default;
};

// REQUIRES: the study's executor is slurm
std::vector<SiteProblem> check(const StudySpec& spec, const Site& site);

// What the user may use: "hpo (QOS normal, tiny)", one for each account.
std::vector<std::string> usable_accounts(const Site& site);

}  // namespace hpo::slurm
