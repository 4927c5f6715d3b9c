// A worker's side of a connection by TCP: TLS, and a token in the head of each request.
#pragma once

#include <string>

#include "daemon/certificate.hpp"
#include "tests/daemon/http/server_fixture.hpp"

struct ssl_st;
struct ssl_ctx_st;

namespace hpo::http::test {

const daemon::Certificate& test_certificate();  // one for all tests

class TlsClient : public Client {
 public:
  // `version_max`: of TLS, as OpenSSL numbers them; 0: the newest.
  explicit TlsClient(const TcpAddress& address, int version_max = 0);
  ~TlsClient() override;

  bool has_shaken_hands() const { return is_connected_; }
  std::string fingerprint() const;  // of the certificate that was shown

 protected:
  long put(const char* bytes, std::size_t size) override;
  long take(char* bytes, std::size_t size) override;
  bool is_ready() const override;

 private:
  ssl_ctx_st* context_ = nullptr;
  ssl_st* ssl_ = nullptr;
  bool is_connected_ = false;
};

// Head fields of a request by TCP; `token` "": none.
std::string with_token(std::string_view token);
std::string get_by_tcp(std::string_view target, std::string_view fields);
std::string post_by_tcp(std::string_view target, std::string_view body, std::string_view fields);

// A token that the tables know, of `study`, good for so long.
std::string give_token(Running& running, const std::string& study, std::chrono::seconds left,
                       unsigned char seed = 1);

}  // namespace hpo::http::test
