// Idempotency-Key: what makes "the same request again" the same. Any thread.
#pragma once

#include <string>
#include <string_view>

#include "daemon/loop/commands.hpp"

namespace hpo::http {

// 1 … bytes_max printable ASCII characters without blanks.
Result<std::string> check_key(std::string_view key, std::size_t bytes_max);

// The route is method and path, ids included: a key of one study never answers for another.
Result<loop::IdempotencyKey> make_key(std::string key, std::string_view path,
                                      std::string_view body);

}  // namespace hpo::http
