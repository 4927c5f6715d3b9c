// See tls.hpp.
#include "cli/tls.hpp"

#include <openssl/err.h>
#include <openssl/ssl.h>
#include <poll.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <csignal>
#include <limits>

namespace hpo::cli {
namespace {

using Digest = std::array<unsigned char, EVP_MAX_MD_SIZE>;

std::string hex_of(const Digest& bytes, unsigned size) {
  std::string text;
  for (unsigned i = 0; i < size; ++i) {
    text += "0123456789abcdef"[bytes[i] >> 4U];
    text += "0123456789abcdef"[bytes[i] & 15U];
  }
  return text;
}

int bounded(std::size_t size) {
  return static_cast<int>(std::min<std::size_t>(size, std::numeric_limits<int>::max()));
}

}  // namespace

// The configuration file of a node may name modules, which a static program cannot load.
Result<std::unique_ptr<Tls>> Tls::begin(int fd, std::string fingerprint) {
  OPENSSL_init_ssl(OPENSSL_INIT_NO_LOAD_CONFIG, nullptr);
  std::unique_ptr<Tls> tls(new Tls);
  tls->fingerprint_ = std::move(fingerprint);
  tls->context_ = SSL_CTX_new(TLS_client_method());
  const auto failed = [] {
    return Error{ErrorCode::internal, "TLS cannot begin", "OpenSSL",
                 "is there no memory left? look at: free -m"};
  };
  if (tls->context_ == nullptr) return failed();
  SSL_CTX_set_min_proto_version(tls->context_, TLS1_2_VERSION);
  SSL_CTX_set_verify(tls->context_, SSL_VERIFY_PEER, nullptr);
  SSL_CTX_set_cert_verify_callback(tls->context_, compare, tls.get());
  SSL_CTX_set_mode(tls->context_,
                   SSL_MODE_ENABLE_PARTIAL_WRITE | SSL_MODE_ACCEPT_MOVING_WRITE_BUFFER);
  SSL_CTX_set_options(tls->context_, SSL_OP_IGNORE_UNEXPECTED_EOF);  // answers have a length
  tls->ssl_ = SSL_new(tls->context_);
  if (tls->ssl_ == nullptr || SSL_set_fd(tls->ssl_, fd) != 1) return failed();
  SSL_set_connect_state(tls->ssl_);
  ::signal(SIGPIPE, SIG_IGN);  // OpenSSL writes without MSG_NOSIGNAL
  return tls;
}

Tls::~Tls() {
  SSL_free(ssl_);
  SSL_CTX_free(context_);
}

bool Tls::is_through() const { return SSL_is_init_finished(ssl_) == 1; }

// In place of OpenSSL's own judgement: no dates and no names, this one certificate.
int Tls::compare(X509_STORE_CTX* store, void* self) {
  auto& tls = *static_cast<Tls*>(self);
  Digest bytes{};
  unsigned size = 0;
  const X509* shown = X509_STORE_CTX_get0_cert(store);
  const bool is_read = shown != nullptr &&
                       X509_digest(shown, EVP_sha256(), bytes.data(), &size) == 1;
  if (is_read && hex_of(bytes, size) == tls.fingerprint_) return 1;
  tls.is_of_another_ = true;
  X509_STORE_CTX_set_error(store, X509_V_ERR_CERT_REJECTED);
  return 0;
}

ssize_t Tls::result(int count) {
  const int number = errno;
  wanted_ = 0;
  if (count > 0) return count;
  switch (SSL_get_error(ssl_, count)) {
    case SSL_ERROR_ZERO_RETURN: return 0;
    case SSL_ERROR_WANT_READ: wanted_ = POLLIN; errno = EAGAIN; return -1;
    case SSL_ERROR_WANT_WRITE: wanted_ = POLLOUT; errno = EAGAIN; return -1;
    case SSL_ERROR_SYSCALL: errno = number != 0 ? number : ECONNRESET; return -1;
    default: errno = EPROTO; return -1;
  }
}

ssize_t Tls::put(const void* data, std::size_t size) {
  ERR_clear_error();
  errno = 0;
  const ssize_t count = result(SSL_write(ssl_, data, bounded(size)));
  if (count == 0) errno = ECONNRESET;  // the other side has ended, perhaps amid the handshake
  return count == 0 ? -1 : count;
}

ssize_t Tls::take(void* data, std::size_t size) {
  ERR_clear_error();
  errno = 0;
  return result(SSL_read(ssl_, data, bounded(size)));
}

std::string sha256_hex(const std::string& text) {
  OPENSSL_init_crypto(OPENSSL_INIT_NO_LOAD_CONFIG, nullptr);
  Digest bytes{};
  unsigned size = 0;
  if (EVP_Digest(text.data(), text.size(), bytes.data(), &size, EVP_sha256(), nullptr) != 1) {
    return {};
  }
  return hex_of(bytes, size);
}

}  // namespace hpo::cli
