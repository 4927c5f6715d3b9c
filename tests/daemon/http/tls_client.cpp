// OpenSSL by hand, blocking: what a worker that is not ours may do, too.
#include "tests/daemon/http/tls_client.hpp"

#include <openssl/ssl.h>
#include <signal.h>

#include <algorithm>

#include "daemon/loop/sha256.hpp"
#include "schema/connect_file.hpp"

namespace hpo::http::test {

const daemon::Certificate& test_certificate() {
  static const daemon::Certificate made = [] {
    hpo::test::FreshDirectory directory;
    return *daemon::keep_certificate(directory.path() + "/tls.pem");
  }();
  return made;
}

TlsClient::TlsClient(const TcpAddress& address, int version_max)
    : Client(address), context_(SSL_CTX_new(TLS_client_method())) {
  if (version_max != 0) {
    SSL_CTX_set_security_level(context_, 0);  // or OpenSSL itself would offer nothing so old
    SSL_CTX_set_max_proto_version(context_, version_max);
  }
  ::signal(SIGPIPE, SIG_IGN);  // SSL_write() to a server that has hung up is no more than an error
  ssl_ = SSL_new(context_);
  SSL_set_fd(ssl_, fd());
  is_connected_ = SSL_connect(ssl_) == 1;
}

TlsClient::~TlsClient() {
  SSL_free(ssl_);
  SSL_CTX_free(context_);
}

std::string TlsClient::fingerprint() const {
  X509* const shown = SSL_get1_peer_certificate(ssl_);
  unsigned char bytes[EVP_MAX_MD_SIZE];
  unsigned size = 0;
  X509_digest(shown, EVP_sha256(), bytes, &size);
  X509_free(shown);
  std::string hex;
  for (unsigned i = 0; i < size; ++i) {
    char digits[3];
    std::snprintf(digits, sizeof digits, "%02x", bytes[i]);
    hex += digits;
  }
  return hex;
}

long TlsClient::put(const char* bytes, std::size_t size) {
  return is_connected_ ? SSL_write(ssl_, bytes, static_cast<int>(size)) : -1;
}

long TlsClient::take(char* bytes, std::size_t size) {
  return is_connected_ ? SSL_read(ssl_, bytes, static_cast<int>(size)) : -1;
}

bool TlsClient::is_ready() const { return SSL_pending(ssl_) > 0 || Client::is_ready(); }

std::string with_token(std::string_view token) {
  return token.empty() ? "" : "Authorization: Bearer " + std::string(token) + "\r\n";
}

std::string get_by_tcp(std::string_view target, std::string_view fields) {
  return "GET " + std::string(target) + " HTTP/1.1\r\nHost: 127.0.0.1:4711\r\n" +
         std::string(fields) + "\r\n";
}

std::string post_by_tcp(std::string_view target, std::string_view body, std::string_view fields) {
  return "POST " + std::string(target) + " HTTP/1.1\r\nHost: 127.0.0.1:4711\r\n" +
         std::string(fields) + "Content-Type: application/json\r\nContent-Length: " +
         std::to_string(body.size()) + "\r\n\r\n" + std::string(body);
}

std::string give_token(Running& running, const std::string& study, std::chrono::seconds left,
                       unsigned char seed) {
  const std::string token = worker_token({seed});
  const std::scoped_lock held(running.tables.mutex);
  running.tables.tokens[*loop::sha256_hex(token)] = {.study = study, .left = left};
  return token;
}

}  // namespace hpo::http::test
