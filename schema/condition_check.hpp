// Whether conditions can hold at all: parents that exist, values that they have, no circles.
#pragma once

#include <string>
#include <vector>

#include "schema/parameter.hpp"

namespace hpo {

enum class ConditionRule { unknown_parent, never_holds, cycle };

struct ConditionFault {
  ConditionRule rule{};
  std::string what{};
  std::string where{};   // JSON pointer below /space, as in "/momentum/when/optimizer"
  std::string remedy{};  // a name to write instead, or a sentence
};

// All of them, in the order of the parameters. REQUIRES: names differ
std::vector<ConditionFault> condition_faults(const std::vector<Parameter>& parameters);

}  // namespace hpo
