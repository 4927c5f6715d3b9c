// The hash keeps no secret; it only tells bodies apart.
#include "daemon/http/idempotency.hpp"

#include <algorithm>

#include "daemon/loop/sha256.hpp"

namespace hpo::http {

Result<std::string> check_key(std::string_view key, std::size_t bytes_max) {
  const bool is_printable =
      std::all_of(key.begin(), key.end(), [](char c) { return c > 0x20 && c < 0x7f; });
  if (!key.empty() && key.size() <= bytes_max && is_printable) return std::string(key);
  return Error{ErrorCode::invalid_argument, "this is no idempotency key",
               "header Idempotency-Key",
               "send 1 to " + std::to_string(bytes_max) +
                   " printable ASCII characters without blanks, as in a UUID"};
}

Result<loop::IdempotencyKey> make_key(std::string key, std::string_view path,
                                      std::string_view body) {
  auto hash = loop::sha256_hex(body);
  if (!hash) return hash.error();
  return loop::IdempotencyKey{.key = std::move(key), .route = "POST " + std::string(path),
                              .body_hash = std::move(*hash)};
}

}  // namespace hpo::http
