// A request and its answer as handlers see them: no socket, no Beast.
//
// A Call has passed the router: names are legal, query keys known. Values; any thread.
#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <string_view>

#include "daemon/http/query.hpp"

namespace hpo::http {

enum class Method { get, post, other };

struct Call {
  std::uint64_t id = 0;             // of the request; `instance` in a problem, and in the log
  std::string study{};              // {name} of the path, if it has one
  std::string worker{};             // {worker} of the path, if it has one
  int trial = 0;                    // {n} of the path, if it has one
  std::string path{};               // decoded, without the query
  Query query{};
  std::optional<std::string> key{}; // Idempotency-Key, its format checked
  std::string body{};
  std::function<bool()> has_hung_up{};  // of a command, as in loop::Exchange
};

struct Response {
  int status = 200;
  std::string body{};
  std::string_view content_type = "application/json";
  std::string allow{};      // of a 405
  int retry_after_s = 0;    // of a 503; 0: no such header
  bool closes = false;      // the connection ends after it
};

// Takes the answer of one call. Called once, from any thread; too late is harmless.
using Respond = std::function<void(Response)>;

}  // namespace hpo::http
