// Hashes by OpenSSL; nothing here is secret, only collision-free.
#include "daemon/http/idempotency.hpp"

#include <openssl/evp.h>

#include <algorithm>
#include <array>

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

Result<std::string> sha256_hex(std::string_view bytes) {
  constexpr std::string_view digits = "0123456789abcdef";
  std::array<unsigned char, EVP_MAX_MD_SIZE> hash{};
  unsigned length = 0;
  if (EVP_Digest(bytes.data(), bytes.size(), hash.data(), &length, EVP_sha256(), nullptr) != 1) {
    return Error{ErrorCode::internal, "SHA-256 failed", "OpenSSL",
                 "check the OpenSSL installation"};
  }
  std::string text;
  text.reserve(std::size_t{2} * length);
  for (unsigned i = 0; i < length; ++i) {
    text.push_back(digits[hash[i] >> 4U]);
    text.push_back(digits[hash[i] & 15U]);
  }
  return text;
}

Result<loop::IdempotencyKey> make_key(std::string key, std::string_view path,
                                      std::string_view body) {
  auto hash = sha256_hex(body);
  if (!hash) return hash.error();
  return loop::IdempotencyKey{.key = std::move(key), .route = "POST " + std::string(path),
                              .body_hash = std::move(*hash)};
}

}  // namespace hpo::http
