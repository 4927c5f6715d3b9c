// Studies whose strategy is a shell script, and scripts that answer as they should.
#pragma once

#include <string>
#include <vector>

#include "daemon/external/launch.hpp"
#include "schema/study.hpp"
#include "tests/strategies/spaces.hpp"

namespace hpo::external {

// x in [0, 1], whose strategy is this script of /bin/sh.
inline StudySpec study_with(const std::string& script, Noise noise = Noise::low) {
  StudySpec spec = study_of(space_of({{.name = "x", .domain = FloatDomain{}}}), noise);
  spec.name = "toy";
  spec.workdir = "/";
  spec.strategy.type = "external";
  spec.strategy.external.command = {"/bin/sh", "-c", script};
  spec.environment.captured = {{"PATH", "/usr/bin:/bin"}};
  return spec;
}

inline Launch launch_with(const std::string& script) { return *launch_of(study_with(script)); }

// Says `answer` to each "ask", and "ok" to all else.
inline std::string answering(const std::string& answer) {
  return "while read -r line; do case $line in *'\"request\":\"ask\"'*) echo '" + answer +
         "';; *) echo '{\"ok\": true}';; esac; done";
}

}  // namespace hpo::external
