// The request's target as the router reads it: decoded segments, the verb, the query.
//
// Paths never reach the file system; still, whatever could mean two things is refused here:
// "..", empty segments, %00, '#', backslashes, other forms of target. Any thread.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "daemon/http/query.hpp"

namespace hpo::http {

struct Target {
  std::vector<std::string> segments{};  // /v1/studies/jets:pause -> v1, studies, jets
  std::string verb{};                   // pause; "" without one
  Query query{};

  std::string path() const;             // put together again
};

Result<Target> parse_target(std::string_view raw);

}  // namespace hpo::http
