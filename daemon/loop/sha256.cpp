// See sha256.hpp.
#include "daemon/loop/sha256.hpp"

#include <openssl/evp.h>

#include <array>

namespace hpo::loop {

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

}  // namespace hpo::loop
