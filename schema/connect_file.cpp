// See connect_file.hpp.
#include "schema/connect_file.hpp"

#include <algorithm>

#include "schema/json/node.hpp"
#include "schema/json/writer.hpp"

namespace hpo {
namespace {

constexpr std::string_view token_prefix = "hpo_w_";
constexpr std::string_view digits = "0123456789abcdef";
constexpr std::size_t sha256_digits = 64;

bool is_hex(std::string_view text, std::size_t size) {
  return text.size() == size && text.find_first_not_of(digits) == text.npos;
}

}  // namespace

std::string worker_token(const TokenBytes& bytes) {
  std::string token(token_prefix);
  for (const unsigned char byte : bytes) {
    token += digits[byte >> 4U];
    token += digits[byte & 15U];
  }
  return token;
}

bool is_worker_token(std::string_view text) {
  return text.starts_with(token_prefix) &&
         is_hex(text.substr(token_prefix.size()), 2 * std::tuple_size_v<TokenBytes>);
}

bool is_sha256(std::string_view text) { return is_hex(text, sha256_digits); }

std::string to_json(const ConnectFile& file) {
  json::Writer writer;
  writer.object().member("address", file.address.text());
  writer.member("fingerprint", file.fingerprint).member("study", file.study);
  writer.member("token", file.token).end();
  return std::move(writer).text() + "\n";
}

Result<ConnectFile> connect_file_from(std::string_view text, std::string_view where) {
  const auto broken = [&](std::string what) {
    return Error{ErrorCode::corrupt, std::move(what), std::string(where),
                 "make it where the daemon runs, and copy it here whole: hpo token STUDY"};
  };
  if (text.empty()) return broken("the file is empty");
  const auto root = json::parse_own(text, where);
  if (!root) return broken("this is no file of hpo token: " + root.error().what);
  ConnectFile file{.address = {}, .fingerprint = json::text_at(*root, "fingerprint"),
                   .study = json::text_at(*root, "study"), .token = json::text_at(*root, "token")};
  const bool is_whole = is_sha256(file.fingerprint) && is_worker_token(file.token) &&
                        !file.study.empty();
  if (!is_whole) return broken("this is no file of hpo token: fingerprint, study or "
                              "token is missing or malformed");
  auto address = tcp_address_from(json::text_at(*root, "address"));
  if (!address) return broken("the address is malformed: " + address.error().what);
  file.address = *std::move(address);
  file.path = std::string(where);
  return file;
}

}  // namespace hpo
