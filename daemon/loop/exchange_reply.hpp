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
struct Ignored {  // a report
  Held lease{};
  std::int64_t step = 0;
  std::string reason{};
};

struct Given {
  std::vector<int> trials{};       // open ones; begun, or held ahead
  std::vector<Dropped> stop{};     // with the reasons
  std::vector<Dropped> dropped{};
  std::vector<Ignored> ignored{};
  bool leave = false;              // a worker job that has nothing to do here
};

std::string text_of(const Given& given, const StudyLoop& loop, const std::string& installation);

// Why a trial is to stop. REQUIRES: it is unwanted
std::string why_unwanted(const engine::LiveTrial& live);

}  // namespace hpo::loop
