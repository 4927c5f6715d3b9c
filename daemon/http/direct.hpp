// A request that came otherwise than by a connection, as a file: routed and checked as any.
//
// Its sender is who may write into the daemon's own directory. Io thread.
#pragma once

#include "daemon/http/api.hpp"

namespace hpo::http {

struct Direct {
  Method method = Method::get;
  std::string target{};
  std::string body{};  // of a post: JSON
};

// `request`: its id. Answers once, from any thread.
void answer_direct(Api& api, std::uint64_t request, Direct direct, const Respond& respond);

}  // namespace hpo::http
