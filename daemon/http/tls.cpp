// See tls.hpp.
#include "daemon/http/tls.hpp"

#include <openssl/ssl.h>

#include <exception>

namespace hpo::http {
namespace {

namespace ssl = boost::asio::ssl;

// No sessions are kept and no tickets given out: a worker's connection lives for hours, and what
// strangers begin must leave nothing behind. Buffers go back when a connection is idle.
void save_memory(SSL_CTX* context) {
  SSL_CTX_set_session_cache_mode(context, SSL_SESS_CACHE_OFF);
  SSL_CTX_set_num_tickets(context, 0);
  SSL_CTX_set_mode(context, SSL_MODE_RELEASE_BUFFERS);
}

}  // namespace

Result<std::unique_ptr<ssl::context>> make_tls(const std::string& pem) {
  const auto broken = [](const std::string& why) {
    return Error{ErrorCode::invalid_argument, "TLS cannot use the certificate: " + why, "tls.pem",
                 "move it away; the next start makes another, and workers need new tokens"};
  };
  try {
    auto tls = std::make_unique<ssl::context>(ssl::context::tls_server);
    SSL_CTX* const context = tls->native_handle();
    SSL_CTX_set_min_proto_version(context, TLS1_2_VERSION);
    SSL_CTX_set_options(context, SSL_OP_NO_TICKET | SSL_OP_NO_RENEGOTIATION |
                                     SSL_OP_NO_COMPRESSION | SSL_OP_CIPHER_SERVER_PREFERENCE);
    save_memory(context);
    tls->use_private_key(boost::asio::buffer(pem), ssl::context::pem);
    tls->use_certificate(boost::asio::buffer(pem), ssl::context::pem);
    return tls;
  } catch (const std::exception& error) {
    return broken(error.what());
  }
}

}  // namespace hpo::http
