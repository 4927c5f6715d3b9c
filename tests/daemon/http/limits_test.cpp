// Fault rows 75 to 77: every limit of a request, at the limit and one past it.
#include <catch2/catch.hpp>

#include "tests/daemon/http/server_fixture.hpp"

namespace hpo::http::test {
namespace {

using std::chrono_literals::operator""ms;

// A GET whose head is exactly `bytes` long.
std::string head_of(std::size_t bytes) {
  std::string text = "GET /readyz HTTP/1.1\r\nHost: hpo\r\nX: ";
  text.append(bytes - text.size() - 4, 'x');
  return text + "\r\n\r\n";
}

// A body of `bytes` that pause accepts: {} and blanks.
std::string body_of(std::size_t bytes) { return "{}" + std::string(bytes - 2, ' '); }

std::string chunked(std::string_view target, std::string_view body, std::size_t chunk) {
  std::string text = "POST " + std::string(target) +
                     " HTTP/1.1\r\nHost: hpo\r\nContent-Type: application/json\r\n"
                     "Transfer-Encoding: chunked\r\n\r\n";
  while (!body.empty()) {
    const std::string_view part = body.substr(0, chunk);
    char size[20];
    std::snprintf(size, sizeof size, "%zx\r\n", part.size());
    ((text += size) += part) += "\r\n";
    body.remove_prefix(part.size());
  }
  return text + "0\r\n\r\n";
}

Limits quick() {
  Limits limits;
  limits.sweep_interval = 5ms;
  return limits;
}

}  // namespace

TEST_CASE("row 75: a head that trickles in is cut off at its deadline", "[http]") {
  Limits limits = quick();
  limits.header_deadline = 100ms;
  Running running(limits);
  Client client(running.socket_path());
  const std::string request = head_of(10'000);
  std::size_t sent = 0;
  const bool is_cut = eventually([&] { return !client.send(request.substr(sent++ % 9'000, 1)); });
  CHECK(is_cut);
  CHECK(running.ask(get("/readyz")).status == 200);
}

TEST_CASE("row 75: a head in time is served, a late one answers 408", "[http]") {
  Limits limits = quick();
  limits.header_deadline = 100ms;
  Running running(limits);
  Client client(running.socket_path());
  client.send("GET /readyz HT");
  const Answer answer = client.receive();
  CHECK(answer.status == 408);
  CHECK(answer.header("Connection") == "close");
  CHECK(client.is_closed());
}

TEST_CASE("row 75: a body that trickles in is cut off at the request's deadline", "[http]") {
  Limits limits = quick();
  limits.request_deadline = 100ms;
  Running running(limits);
  Client client(running.socket_path());
  client.send("POST /v1/studies HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\n"
              "Content-Length: 100000\r\n\r\n");
  CHECK(client.receive().status == 408);
  CHECK(eventually([&] { return !client.send(" "); }));
}

TEST_CASE("an idle connection is closed without a word, a silent new one too", "[http]") {
  Limits for_silent = quick();
  for_silent.header_deadline = 50ms;
  Running impatient(for_silent);
  Client silent(impatient.socket_path());
  CHECK(silent.receive().status == 0);
  Limits for_idle = quick();  // a head has its usual time: the client may be slow to ask
  for_idle.idle_deadline = 50ms;
  Running running(for_idle);
  Client client(running.socket_path());
  CHECK(client.ask(get("/readyz")).status == 200);
  CHECK(client.is_closed());
}

TEST_CASE("row 76: a body at its limit is read, one byte more is 413", "[http]") {
  Running running;
  const std::size_t limit = 1U << 20U;
  CHECK(running.ask(post("/v1/studies/jets:pause", body_of(limit))).status == 200);
  CHECK(running.ask(post("/v1/studies/jets:pause", body_of(limit + 1))).status == 413);
  CHECK(running.ask(chunked("/v1/studies/jets:pause", body_of(limit), 65'536)).status == 200);
  CHECK(running.ask(chunked("/v1/studies/jets:pause", body_of(limit + 1), 65'536)).status == 413);
}

TEST_CASE("row 76: studies may be longer, up to their own limit", "[http]") {
  Running running;
  const std::size_t limit = 4U << 20U;
  std::string text = study_text;
  text.append(limit - text.size(), ' ');
  const std::string target = GENERATE("/v1/studies", "/v1/validate");
  CHECK(running.ask(post(target, text)).status == 200);
  CHECK(running.ask(post(target, text + " ")).status == 413);
  CHECK(running.ask(chunked(target, text, 1U << 20U)).status == 200);
  CHECK(running.ask(chunked(target, text + " ", 1U << 20U)).status == 413);
}

TEST_CASE("row 76: 100 MB are refused at their head, and the client can read why", "[http]") {
  Running running;
  Client client(running.socket_path());
  client.send("POST /v1/studies HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\n"
              "Content-Length: 100000000\r\n\r\n");
  client.send(std::string(50'000, ' '));
  const Answer answer = client.receive();
  CHECK(answer.status == 413);
  CHECK(answer.json().find("remedy")->string != "");
  CHECK(eventually([&] { return !client.send(std::string(60'000, ' ')); }));
}

TEST_CASE("row 77: a head at its limit is read, one byte more is 431", "[http]") {
  Running running;
  const std::size_t limit = 16U << 10U;
  CHECK(running.ask(head_of(limit)).status == 200);
  Client client(running.socket_path());
  CHECK(client.ask(head_of(limit + 1)).status == 431);
  CHECK(client.is_closed());
  CHECK(running.ask(head_of(20'000)).status == 431);
}

TEST_CASE("row 77: ten thousand fields are 431 as well", "[http]") {
  Running running;
  std::string text = "GET /readyz HTTP/1.1\r\nHost: hpo\r\n";
  for (int i = 0; i < 10'000; ++i) text += "a:b\r\n";
  CHECK(running.ask(text + "\r\n").status == 431);
}

TEST_CASE("connections: the last one is served, one more is 503 until another ends", "[http]") {
  Limits limits = quick();
  limits.connections_max = 3;
  Running running(limits);
  std::vector<std::unique_ptr<Client>> clients;
  for (int i = 0; i < 3; ++i) {
    clients.push_back(std::make_unique<Client>(running.socket_path()));
    CHECK(clients.back()->ask(get("/readyz")).status == 200);
  }
  Client fourth(running.socket_path());
  const Answer answer = fourth.receive();
  CHECK(answer.status == 503);
  CHECK_FALSE(answer.header("Retry-After").empty());
  CHECK(fourth.is_closed());
  clients.pop_back();
  CHECK(eventually([&] { return running.ask(get("/readyz")).status == 200; }));
}

TEST_CASE("256 connections are served at once by default, and not one more", "[http]") {
  Running running;
  std::vector<std::unique_ptr<Client>> clients;
  for (int i = 0; i < 256; ++i) {
    clients.push_back(std::make_unique<Client>(running.socket_path()));
    REQUIRE(clients.back()->ask(get("/readyz")).status == 200);
  }
  CHECK(running.ask(get("/readyz")).status == 503);
  CHECK(clients.front()->ask(get("/readyz")).status == 200);
}

TEST_CASE("an engine that does not answer in time is 503, and its late answer is dropped",
          "[http]") {
  Limits limits = quick();
  limits.answer_deadline = 50ms;
  Running running(limits);
  running.sink.hold_answers();
  Client client(running.socket_path());
  const Answer answer = client.ask(post("/v1/studies/jets:pause", ""));
  CHECK(answer.status == 503);
  CHECK(answer.json().find("remedy")->string.find("Idempotency-Key") != std::string::npos);
  running.sink.answer_held();
  CHECK(client.is_closed());
  CHECK(running.ask(get("/readyz")).status == 200);
}

}  // namespace hpo::http::test
