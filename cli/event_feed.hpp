// The events of a study from now on, by long-poll, each once and in order.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "cli/api_client.hpp"

namespace hpo::cli {

class EventFeed {
 public:
  EventFeed(ApiClient& client, std::string study) : client_(client), study_(std::move(study)) {}

  // Asks for the newest event. Everything after this call is told by next().
  std::optional<Failure> begin();

  // Waits for events up to wait_s; empty if there were none. Ctrl-C: Failure interrupted.
  Answer<std::vector<json::Node>> next(int wait_s);

 private:
  ApiClient& client_;
  std::string study_;
  std::int64_t after_ = 0;
};

}  // namespace hpo::cli
