// Fault rows 78 to 82: requests that want to be understood in two ways, and clients that vanish.
#include <catch2/catch.hpp>

#include <random>

#include "tests/daemon/http/server_fixture.hpp"

namespace hpo::http::test {
namespace {

std::string raw(std::string_view fields, std::string_view body = "") {
  return "POST /v1/studies/jets:pause HTTP/1.1\r\n" + std::string(fields) + "\r\n" +
         std::string(body);
}

}  // namespace

TEST_CASE("row 78: JSON of depth 10^5 is 400, at every route with a body", "[http]") {
  Running running;
  const std::string target = GENERATE("/v1/studies", "/v1/validate", "/v1/studies/jets:pause",
                                      "/v1/studies/jets/trials", "/v1/studies/jets:retry");
  INFO(target);
  const std::string deep = "{\"params\":" + std::string(100'000, '[');
  CHECK(running.ask(post(target, deep)).status == 400);
  CHECK(running.ask(post(target, std::string(100'000, '{'))).status == 400);
}

TEST_CASE("row 79: bytes that are no UTF-8 text are 400 with their place", "[http]") {
  Running running;
  const std::string bad = GENERATE(std::string("\xff"), std::string("\xc0\xaf"),
                                   std::string("\\ud800"), std::string("\0", 1),
                                   std::string("\xed\xa0\x80"));
  const Answer answer =
      running.ask(post("/v1/studies/jets/trials", "{\"params\":{\"a\":\"" + bad + "\"}}"));
  CHECK(answer.status == 400);
  CHECK(answer.json().find("errors")->items.at(0).find("column")->integer >= 16);
  CHECK(running.ask(post("/v1/studies", "{\"name\":\"" + bad + "\"}")).status == 400);
}

TEST_CASE("row 80: what two readers could frame differently is 400 and the end", "[http]") {
  Running running;
  const std::string json = "Content-Type: application/json\r\n";
  const std::string request = GENERATE_COPY(
      raw("Host: a\r\nHost: b\r\n"), raw("Host: a\r\nHost: a\r\n"), raw(""),
      raw("Host: a\r\n" + json + "Content-Length: 2\r\nContent-Length: 3\r\n", "{} "),
      raw("Host: a\r\n" + json + "Content-Length: 2\r\nContent-Length: 2\r\n", "{}"),
      raw("Host: a\r\n" + json + "Content-Length: 2, 2\r\n", "{}"),
      raw("Host: a\r\n" + json + "Content-Length: +2\r\n", "{}"),
      raw("Host: a\r\n" + json + "Content-Length: -2\r\n", "{}"),
      raw("Host: a\r\n" + json + "Content-Length: 2\r\nTransfer-Encoding: chunked\r\n",
          "0\r\n\r\n"),
      raw("Host: a\r\n" + json + "Transfer-Encoding: chunked\r\nContent-Length: 2\r\n",
          "0\r\n\r\n"),
      raw("Host: a\r\n" + json + "Transfer-Encoding: gzip\r\n"),
      raw("Host: a\r\n" + json + "Transfer-Encoding: gzip, chunked\r\n", "0\r\n\r\n"),
      raw("Host: a\r\nX: one\r\n two\r\n"), raw("Host: a\r\nX: one\r\n\ttwo\r\n"),
      raw("Host: a\r\n" + json + "Transfer-Encoding: chunked\r\n", "zz\r\n\r\n"),
      raw("Host : a\r\n"), raw("Host: a\r\nBad\r\n"), raw("Host: a\r\nX\x01: b\r\n"),
      std::string("GET /readyz HTTP/2.0\r\nHost: a\r\n\r\n"),
      std::string("GET /readyz\r\n\r\n"), std::string("\x16\x03\x01\x02 TLS?\r\n\r\n"),
      raw("Host: a\r\nIdempotency-Key: a\r\nIdempotency-Key: b\r\n"));
  INFO(request);
  Client client(running.socket_path());
  CHECK(client.ask(request).status == 400);
  CHECK(client.is_closed());
  CHECK(running.sink.commands().empty());
}

TEST_CASE("row 80: pipelined requests are answered one at a time, in order", "[http]") {
  Running running;
  Client client(running.socket_path());
  client.send(get("/readyz") + post("/v1/studies/jets:pause", "{}") + get("/v1/nope"));
  CHECK(client.receive().status == 200);
  CHECK(client.receive().status == 200);
  CHECK(client.receive().status == 404);
  CHECK(running.sink.commands().size() == 1);
}

TEST_CASE("row 81: paths that try to leave their place are 400 or 404", "[http]") {
  Running running;
  const auto [target, status] = GENERATE(table<std::string, int>({
      {"/../etc/passwd", 400}, {"/v1/%2e%2e/%2e%2e/etc/passwd", 400}, {"/v1/studies/..", 400},
      {"//readyz", 400}, {"/readyz%00", 400}, {"/readyz#x", 400}, {"/v1/studies/a%2fb", 400},
      {"/readyz/", 400}, {"/v1/studies/jets/trials/0/logs/../..", 400}, {"/etc/passwd", 404},
      {"/v1/studies/CON~", 404}}));
  INFO(target);
  CHECK(running.ask(get(target)).status == status);
}

TEST_CASE("bodies come as JSON or not at all", "[http]") {
  Running running;
  const auto [type, status] = GENERATE(table<std::string, int>({
      {"application/json", 200}, {"Application/JSON; charset=utf-8", 200}, {"text/plain", 415},
      {"application/jsonx", 415}, {"", 415}, {"application/x-www-form-urlencoded", 415}}));
  INFO(type);
  CHECK(running.ask(raw("Host: a\r\nContent-Type: " + type + "\r\nContent-Length: 2\r\n", "{}"))
            .status == status);
  CHECK(running.ask(raw("Host: a\r\nContent-Length: 2\r\n", "{}")).status == 415);
  CHECK(running.ask("GET /readyz HTTP/1.1\r\nHost: a\r\nContent-Length: 2\r\n\r\n{}").status ==
        400);
}

TEST_CASE("a refused request without a body leaves the connection open", "[http]") {
  Running running;
  Client client(running.socket_path());
  CHECK(client.ask(get("/v1/nope")).status == 404);
  CHECK(client.ask(get("/v1/studies?x=1")).status == 422);
  CHECK(client.ask(get("/readyz")).status == 200);
  CHECK(client.ask("GET /readyz HTTP/1.0\r\n\r\n").status == 200);
  CHECK(client.is_closed());
}

TEST_CASE("curl's question before a long body is answered", "[http]") {
  Running running;
  Client client(running.socket_path());
  client.send(raw("Host: a\r\nContent-Type: application/json\r\nContent-Length: 2\r\n"
                  "Expect: 100-continue\r\n"));
  CHECK(client.receive().status == 100);
  CHECK(client.ask("{}").status == 200);
}

TEST_CASE("row 82: clients that vanish at any byte harm nobody", "[http]") {
  Running running;
  const std::string request = post("/v1/studies/jets/trials", R"({"params":{"lr":0.01}})");
  for (std::size_t length = 0; length <= request.size(); ++length) {
    Client client(running.socket_path());
    client.send(request.substr(0, length));
    client.hang_up();
  }
  CHECK(eventually([&] { return running.sink.commands().size() == 1; }));
  CHECK(running.ask(get("/readyz")).status == 200);
}

TEST_CASE("row 82: a client that stops sending still gets its answer", "[http]") {
  Running running;
  Client client(running.socket_path());
  client.send(get("/readyz"));
  client.finish_sending();
  CHECK(client.receive().status == 200);
}

TEST_CASE("requests mutated at random are answered or closed, and the server lives", "[http]") {
  const auto seed = GENERATE(1U, 2U, 3U);
  INFO("seed " << seed);
  Running running;
  std::mt19937 random(seed);
  const std::vector<std::string> seeds{
      get("/v1/studies/jets/trials?state=failed&limit=3"), get("/v1/events?after=1&wait=0"),
      post("/v1/studies", study_text, "Idempotency-Key: k\r\n"),
      post("/v1/studies/jets/trials", R"({"params":[{"lr":0.01}]})"),
      raw("Host: a\r\nContent-Type: application/json\r\nTransfer-Encoding: chunked\r\n",
          "2\r\n{}\r\n0\r\n\r\n")};
  for (int round = 0; round < 700; ++round) {
    std::string bytes = seeds[random() % seeds.size()];
    for (unsigned edits = static_cast<unsigned>(1 + random() % 4); edits > 0; --edits) {
      const std::size_t at = random() % bytes.size();
      const auto kind = random() % 3;
      if (kind == 0) bytes[at] = static_cast<char>(random());
      else if (kind == 1) bytes.insert(at, bytes.substr(random() % bytes.size(), random() % 20));
      else bytes.erase(at, 1 + random() % 10);
      if (bytes.empty()) bytes = "x";
    }
    Client client(running.socket_path());
    client.send(bytes);
    client.finish_sending();
    const Answer answer = client.receive();
    const bool is_sane = answer.status == 0 || (answer.status >= 100 && answer.status < 500);
    if (!is_sane) FAIL(bytes << "\n" << answer.head << answer.body);
  }
  CHECK(running.ask(get("/readyz")).status == 200);
}

}  // namespace hpo::http::test
