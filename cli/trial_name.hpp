// STUDY/N and STUDY N: how a trial is named on the command line. Pure.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "schema/result.hpp"

namespace hpo::cli {

struct TrialName {
  std::string study{};
  std::optional<int> trial{};  // absent: the study alone
};

// `number` is the second word, "" without one. Error: invalid_argument for no number.
Result<TrialName> trial_name(std::string_view text, std::string_view number = "");

// Likewise, for verbs that need a trial. Error also without one.
Result<TrialName> one_trial(std::string_view text, std::string_view number = "");

}  // namespace hpo::cli
