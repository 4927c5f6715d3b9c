// TCP: what strangers may cost, and that what holds for the socket holds by TLS as well.
#include <catch2/catch.hpp>

#include <openssl/ssl.h>

#include <list>

#include "tests/daemon/http/tls_client.hpp"

namespace hpo::http::test {
namespace {

using namespace std::chrono_literals;

Limits quick() {
  Limits limits;
  limits.sweep_interval = 5ms;
  return limits;
}

// One that is served: its trials are not pulled, which it is told.
bool is_served(Client& client, const std::string& fields) {
  return client.ask(get_by_tcp("/v1/studies/jets/work", fields)).status == 409;
}

}  // namespace

TEST_CASE("the certificate is the one whose fingerprint clients know", "[http]") {
  Running running({}, ServerConfig::no_uid, true);
  TlsClient client(running.tcp());
  REQUIRE(client.has_shaken_hands());
  CHECK(client.fingerprint() == test_certificate().fingerprint);
}

TEST_CASE("TLS 1.2 is spoken, what is older is not", "[http]") {
  Running running({}, ServerConfig::no_uid, true);
  const auto [version, is_spoken] = GENERATE(table<int, bool>({
      {TLS1_VERSION, false}, {TLS1_1_VERSION, false}, {TLS1_2_VERSION, true},
      {TLS1_3_VERSION, true}}));
  CHECK(TlsClient(running.tcp(), version).has_shaken_hands() == is_spoken);
}

TEST_CASE("half a handshake, or none, ends at its deadline and holds up nobody", "[http]") {
  Limits limits = quick();
  limits.handshake_deadline = 100ms;
  Running running(limits, ServerConfig::no_uid, true);
  const std::string good = with_token(give_token(running, "jets", 1h));
  Client silent(running.tcp());
  Client half(running.tcp());
  half.send(std::string_view("\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03", 11));
  TlsClient whole(running.tcp());
  CHECK(is_served(whole, good));
  CHECK(silent.is_closed());
  CHECK(half.is_closed());
  CHECK(is_served(whole, good));
}

TEST_CASE("what is no TLS is hung up on, without an answer", "[http]") {
  Running running({}, ServerConfig::no_uid, true);
  Client plain(running.tcp());
  plain.send(get("/readyz"));
  Client junk(running.tcp());
  junk.send(std::string(5000, '\xff'));
  CHECK(plain.is_closed());
  CHECK(junk.is_closed());
  CHECK(running.ask(get("/readyz")).status == 200);
}

TEST_CASE("of too many strangers the oldest goes; who has shown a token stays", "[http]") {
  Limits limits = quick();
  limits.strangers_max = 3;
  Running running(limits, ServerConfig::no_uid, true);
  const std::string good = with_token(give_token(running, "jets", 1h));
  TlsClient worker(running.tcp());
  CHECK(is_served(worker, good));
  std::list<Client> strangers;
  for (int i = 0; i < 3; ++i) strangers.emplace_back(running.tcp());
  TlsClient late(running.tcp());  // the fourth of them, until it shows its token
  CHECK(is_served(late, good));
  CHECK(strangers.front().is_closed());
  CHECK(is_served(worker, good));
}

TEST_CASE("connections by TCP are bounded, and none of the socket's", "[http]") {
  Limits limits = quick();
  limits.connections_max = 2;
  Running running(limits, ServerConfig::no_uid, true);
  const std::string good = with_token(give_token(running, "jets", 1h));
  TlsClient one(running.tcp());
  TlsClient two(running.tcp());
  CHECK(is_served(one, good));
  CHECK(is_served(two, good));
  Client three(running.tcp());
  CHECK(three.is_closed());
  CHECK(running.ask(get("/readyz")).status == 200);
  CHECK(is_served(one, good));
}

TEST_CASE("a slow head by TLS is cut off at its deadline", "[http]") {
  Limits limits = quick();
  limits.header_deadline = 100ms;
  Running running(limits, ServerConfig::no_uid, true);
  TlsClient silent(running.tcp());
  TlsClient half(running.tcp());
  half.send("GET /v1/studies/jets/work HTTP/1.1\r\nHost:");
  CHECK(half.receive().status == 408);
  CHECK(silent.is_closed());
}

TEST_CASE("a body of a mebibyte comes by TLS, one byte more does not", "[http]") {
  Running running({}, ServerConfig::no_uid, true);
  running.sink.answer_with([](const loop::Command&) { return loop::Reply{.body = "{}"}; });
  const std::string good = with_token(give_token(running, "jets", 1h));
  const std::string body = R"({"fence":1})" + std::string(Limits{}.body_bytes_max - 11, ' ');
  TlsClient client(running.tcp());
  CHECK(client.ask(post_by_tcp("/v1/studies/jets/trials/1:report", body, good)).status == 200);
  CHECK(client.ask(post_by_tcp("/v1/studies/jets/trials/1:report", body + " ", good)).status ==
        413);
}

TEST_CASE("no body is taken from whom nobody knows", "[http]") {
  Running running({}, ServerConfig::no_uid, true);
  TlsClient client(running.tcp());
  client.send("POST /v1/studies/jets/trials:ask HTTP/1.1\r\nHost: 127.0.0.1\r\n"
              "Content-Type: application/json\r\nContent-Length: 1000000\r\n\r\n");
  CHECK(client.receive().status == 401);
  CHECK(client.is_closed());
}

TEST_CASE("a database that cannot be asked opens nothing", "[http]") {
  Running running({}, ServerConfig::no_uid, true);
  const std::string good = with_token(give_token(running, "jets", 1h));
  {
    const std::scoped_lock held(running.tables.mutex);
    running.tables.throws = true;
  }
  TlsClient client(running.tcp());
  CHECK(client.ask(get_by_tcp("/v1/studies/jets/work", good)).status == 500);
}

TEST_CASE("a server that stops lets requests by TLS finish, and hangs up on the rest", "[http]") {
  Running running(quick(), ServerConfig::no_uid, true);
  const std::string good = with_token(give_token(running, "jets", 1h));
  TlsClient idle(running.tcp());
  CHECK(is_served(idle, good));
  Client stranger(running.tcp());
  running.stop();
  CHECK(idle.is_closed());
  CHECK(stranger.is_closed());
  CHECK(running.has_stopped());
}

}  // namespace hpo::http::test
