// See tokens.hpp.
#include "daemon/loop/tokens.hpp"

#include <openssl/hmac.h>

#include <algorithm>

#include "daemon/loop/sha256.hpp"
#include "schema/connect_file.hpp"

namespace hpo::loop {
namespace {

constexpr std::int64_t tokens_max = 10'000;  // of one study, that people have
// A job may wait for long in its queue, and some have no wall time that we know.
constexpr std::chrono::hours waiting_valid{30 * 24};
constexpr std::chrono::hours after_wall_time{1};

// "": hpod does not listen, or OpenSSL fails; the worker then has the socket and the spool.
std::string token_of_job(const LoopConfig& config, const std::string& job) {
  if (config.tcp_address.empty() || config.tcp_job_secret.empty()) return {};
  std::array<unsigned char, EVP_MAX_MD_SIZE> bytes{};
  unsigned size = 0;
  const auto* text = reinterpret_cast<const unsigned char*>(job.data());
  const bool is_made =
      HMAC(EVP_sha256(), config.tcp_job_secret.data(),
           static_cast<int>(config.tcp_job_secret.size()), text, job.size(), bytes.data(),
           &size) != nullptr;
  TokenBytes token{};
  if (!is_made || size != token.size()) return {};
  std::copy_n(bytes.begin(), token.size(), token.begin());
  return worker_token(token);
}

std::chrono::seconds valid_of(const StudySpec& spec, const Attempt& attempt) {
  const bool has_end = attempt.state == AttemptState::running && is_batch(spec.executor.type) &&
                       spec.executor.time;
  return has_end ? *spec.executor.time + after_wall_time : waiting_valid;
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
                 "submit it with \"executor\": \"external\" for workers that you start, or with "
                 "\"dispatch\": \"workers\""};
  }
  const auto count = store.count_tokens(loop.id());
  if (!count) return count.error();
  if (*count < tokens_max) return {};
  return Error{ErrorCode::conflict, "the study has " + std::to_string(tokens_max) + " tokens",
               where, "one serves any number of workers; hpo token STUDY --revoke ends them all"};
}

std::string connect_file_of_job(const LoopConfig& config, const std::string& study,
                                const std::string& job) {
  std::string token = token_of_job(config, job);
  if (token.empty()) return {};
  auto address = tcp_address_from(config.tcp_address);
  if (!address) return {};
  return to_json(ConnectFile{.address = *std::move(address), .fingerprint = config.tcp_fingerprint,
                             .study = study, .token = std::move(token)});
}

Result<void> follow_worker_job(const LoopConfig& config, store::Store& store,
                               const StudyLoop& loop, const WorkerJob& worker) {
  const std::string token = token_of_job(config, worker.attempt.job);
  if (token.empty()) return {};
  const auto hash = sha256_hex(token);
  if (!hash) return hash.error();
  if (auto dropped = store.drop_token(*hash); !dropped) return dropped;
  if (!is_live(worker.attempt.state)) return {};
  return store.keep_token(loop.id(), *hash, valid_of(loop.spec(), worker.attempt));
}

}  // namespace hpo::loop
