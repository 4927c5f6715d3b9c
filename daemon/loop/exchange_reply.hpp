// The answer to an exchange, as JSON. A pure function of the study's state; engine strand.
#pragma once

#include <string>
#include <vector>

#include "daemon/loop/commands.hpp"
#include "daemon/loop/study_loop.hpp"

namespace hpo::loop {

struct Dropped {
  Held lease{};
  std::string reason{};
};

struct Given {
  std::vector<int> trials{};       // open ones; begun, or held ahead
  std::vector<Held> stop{};
  std::vector<Dropped> dropped{};
};

std::string text_of(const Given& given, const StudyLoop& loop, const std::string& installation);

// Of a trial that is to stop.
inline constexpr std::string_view unwanted = "it is not wanted any more";

}  // namespace hpo::loop
