// The texts that sbatch prints when there is no job, and when it cannot tell. Any thread.
#pragma once

#include <span>
#include <string_view>

#include "executors/slurm/submission.hpp"

namespace hpo::slurm {

struct SubmissionText {
  std::string_view text{};    // a part of a line
  SubmitAnswer answer = SubmitAnswer::unclear;
  std::string_view what{};
  std::string_view option{};  // of sbatch; empty: none in particular
  std::string_view remedy{};
};

// The first row that matches counts: doubts stand first, causes before what follows from them.
std::span<const SubmissionText> submission_texts();

}  // namespace hpo::slurm
