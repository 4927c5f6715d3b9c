// See tokens.hpp.
#include "daemon/loop/tokens.hpp"

#include <openssl/evp.h>
#include <openssl/rand.h>

#include "schema/connect_file.hpp"

namespace hpo::loop {
namespace {

constexpr std::int64_t tokens_max = 10'000;  // of one study

Error no_openssl(const char* what) {
  return {ErrorCode::internal, what, "OpenSSL", "check the OpenSSL installation"};
}

Result<std::string> sha256_of(std::string_view text) {
  std::array<unsigned char, EVP_MAX_MD_SIZE> bytes{};
  unsigned size = 0;
  if (EVP_Digest(text.data(), text.size(), bytes.data(), &size, EVP_sha256(), nullptr) != 1) {
    return no_openssl("SHA-256 failed");
  }
  std::string hex;
  for (unsigned i = 0; i < size; ++i) {
    hex += "0123456789abcdef"[bytes[i] >> 4U];
    hex += "0123456789abcdef"[bytes[i] & 15U];
  }
  return hex;
}

}  // namespace

Result<void> check_token_wish(const LoopConfig& config, store::Store& store,
                              const StudyLoop& loop) {
  const std::string where = "study '" + loop.spec().name + "'";
  if (config.tcp_address.empty()) {
    return Error{ErrorCode::conflict, "hpod does not listen for workers on other machines", where,
                 "set \"listen\": \"tcp://ADDRESS:PORT\" in hpod.json, then: hpo daemon stop && "
                 "hpo daemon start"};
  }
  if (!loop.spec().is_pulled()) {
    return Error{ErrorCode::conflict, "hpod starts the trials of this study itself", where,
                 "submit it with \"executor\": \"external\" for workers"};
  }
  const auto count = store.count_tokens(loop.id());
  if (!count) return count.error();
  if (*count < tokens_max) return {};
  return Error{ErrorCode::conflict, "the study has " + std::to_string(tokens_max) + " tokens",
               where, "one serves any number of workers; hpo token STUDY --revoke ends them all"};
}

Result<std::string> issue_connect_file(const LoopConfig& config, store::Store& store,
                                       Ledger& ledger, const StudyLoop& loop,
                                       std::chrono::seconds valid) {
  if (auto may = check_token_wish(config, store, loop); !may) return may.error();
  auto address = tcp_address_from(config.tcp_address);
  if (!address) return address.error();
  TokenBytes bytes{};
  if (RAND_bytes(bytes.data(), static_cast<int>(bytes.size())) != 1) {
    return no_openssl("there are no random bytes");
  }
  const ConnectFile file{.address = *std::move(address), .fingerprint = config.tcp_fingerprint,
                         .study = loop.spec().name, .token = worker_token(bytes)};
  const auto hash = sha256_of(file.token);
  if (!hash) return hash.error();
  if (auto kept = ledger.keep_token(loop, *hash, valid); !kept) return kept.error();
  return to_json(file);
}

}  // namespace hpo::loop
