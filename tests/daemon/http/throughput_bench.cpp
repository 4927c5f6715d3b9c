// How many POST trials a second 128 keep-alive clients get through. Hidden: http_test "[.bench]".
//
// The engine is a fake that answers at once, so this measures HTTP alone; the client shares the
// machine. Limit: 7,000 a second (what a group commit can carry).
#include <poll.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include <catch2/catch.hpp>

#include <cstdio>
#include <cstring>

#include "tests/daemon/http/server_fixture.hpp"

namespace hpo::http::test {
namespace {

constexpr int clients = 128;
constexpr int requests = 60'000;
constexpr double limit_per_s = 7'000;

int connect_raw(const std::string& path) {
  const int fd = ::socket(AF_UNIX, SOCK_STREAM, 0);
  sockaddr_un address{};
  address.sun_family = AF_UNIX;
  std::memcpy(address.sun_path, path.data(), path.size());
  REQUIRE(::connect(fd, reinterpret_cast<sockaddr*>(&address), sizeof address) == 0);
  return fd;
}

// Sends the next request on each connection whose answer has come.
int serve_ready(std::vector<pollfd>& fds, const std::string& request, int left) {
  char bytes[4096];
  int answered = 0;
  for (pollfd& each : fds) {
    if ((each.revents & POLLIN) == 0) continue;
    const ssize_t n = ::recv(each.fd, bytes, sizeof bytes, 0);
    if (n < 12 || std::memcmp(bytes, "HTTP/1.1 201", 12) != 0) FAIL("unexpected answer");
    if (answered++ < left) REQUIRE(::send(each.fd, request.data(), request.size(), 0) > 0);
  }
  return answered;
}

}  // namespace

TEST_CASE("128 clients post 7,000 trials a second", "[.bench]") {
  Running running;
  running.sink.answer_with([](const loop::Command&) {
    return loop::Reply{.created = true, .body = R"({"study":"jets","trials":[60]})"};
  });
  const std::string request =
      post("/v1/studies/jets/trials", R"({"params":{"lr":0.01,"layers":3,"width":64}})",
           "Idempotency-Key: 0f8fad5b-d9cb-469f-a165-70867728950e\r\n");
  std::vector<pollfd> fds;
  for (int i = 0; i < clients; ++i) fds.push_back({connect_raw(running.socket_path()), POLLIN, 0});
  const auto begin = std::chrono::steady_clock::now();
  for (const pollfd& each : fds) ::send(each.fd, request.data(), request.size(), 0);
  int done = 0;
  while (done < requests) {
    REQUIRE(::poll(fds.data(), fds.size(), 10'000) > 0);
    done += serve_ready(fds, request, requests - done);
  }
  const std::chrono::duration<double> elapsed = std::chrono::steady_clock::now() - begin;
  for (const pollfd& each : fds) ::close(each.fd);
  const double rate = requests / elapsed.count();
  std::printf("{\"bench\":\"http_post_trials_per_s\",\"ours\":%.0f,\"limit\":%.0f,\"ratio\":%.2f,"
              "\"clients\":%d}\n", rate, limit_per_s, rate / limit_per_s, clients);
  CHECK(rate >= limit_per_s);
}

}  // namespace hpo::http::test
