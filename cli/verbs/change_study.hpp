// What pause, resume, cancel, retry and enqueue share: one POST, and its answer in a line.
#pragma once

#include "cli/api_client.hpp"

namespace hpo::cli {

struct Change {
  std::string target{};  // as in /v1/studies/jets:pause
  std::string body = "{}";
  std::string about{};   // told before the study's own state
  std::string next{};    // the command to type next
};

// Connects, posts, prints the reply's JSON, or a sentence on stderr.
ExitCode post_change(const Change& change, bool as_json, const Context& context);

}  // namespace hpo::cli
