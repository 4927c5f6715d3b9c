// TLS over a socket that does not block, with a daemon that is known by its certificate's SHA-256.
//
// OpenSSL alone, linked in: no list of authorities, no configuration file, no name is looked up.
// What is sent waits for the handshake, in which the certificate is compared, so that nobody else
// ever gets a token. One thread.
#pragma once

#include <sys/types.h>

#include <memory>
#include <string>

#include "schema/result.hpp"

struct ssl_st;
struct ssl_ctx_st;
struct x509_store_ctx_st;

namespace hpo::cli {

class Tls {
 public:
  // `fd` outlives this. Error: internal (OpenSSL).
  static Result<std::unique_ptr<Tls>> begin(int fd, std::string fingerprint);
  Tls(const Tls&) = delete;
  Tls& operator=(const Tls&) = delete;
  ~Tls();

  // As send(2) and recv(2): -1 with errno; EAGAIN: poll for wanted(), which is 0 when the last call
  // got through. 0, of take(): the other side has ended.
  ssize_t put(const void* data, std::size_t size);
  ssize_t take(void* data, std::size_t size);
  short wanted() const { return wanted_; }

  bool is_through() const;  // the handshake: who was meant answers

  // The handshake ended because the other side has another certificate.
  bool is_of_another() const { return is_of_another_; }

 private:
  Tls() = default;
  static int compare(x509_store_ctx_st* store, void* self);
  ssize_t result(int count);

  ssl_ctx_st* context_ = nullptr;
  ssl_st* ssl_ = nullptr;
  std::string fingerprint_{};
  short wanted_ = 0;
  bool is_of_another_ = false;
};

// Hexadecimal; "" if OpenSSL fails.
std::string sha256_hex(const std::string& text);

}  // namespace hpo::cli
