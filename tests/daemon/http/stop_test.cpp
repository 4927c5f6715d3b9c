// Stopping: nothing new, what is under way gets its answer, nobody waits for ever.
#include <unistd.h>

#include <catch2/catch.hpp>

#include "tests/daemon/http/server_fixture.hpp"

namespace hpo::http::test {

TEST_CASE("stopping lets the request under way finish and closes idle connections", "[http]") {
  Running running;
  running.sink.hold_answers();
  Client busy(running.socket_path());
  Client idle(running.socket_path());
  CHECK(idle.ask(get("/readyz")).status == 200);
  busy.send(post("/v1/studies/jets:pause", ""));
  REQUIRE(eventually([&] { return running.sink.commands().size() == 1; }));
  running.stop();
  CHECK(idle.is_closed());
  CHECK(::access(running.socket_path().c_str(), F_OK) != 0);
  running.sink.answer_held();
  const Answer answer = busy.receive();
  CHECK(answer.status == 200);
  CHECK(answer.header("Connection") == "close");
  CHECK(running.has_stopped());
}

TEST_CASE("stopping answers waiting polls at once", "[http]") {
  Running running;
  Client poll(running.socket_path());
  poll.send(get("/v1/events?wait=30"));
  REQUIRE(eventually([&] { return running.sink.waiting() == 1; }));
  running.stop();
  const Answer answer = poll.receive();
  CHECK(answer.status == 503);
  CHECK_FALSE(answer.header("Retry-After").empty());
  CHECK(running.has_stopped());
}

TEST_CASE("stopping does not wait for an engine that never answers", "[http]") {
  Limits limits;
  limits.stop_deadline = std::chrono::milliseconds(50);
  limits.sweep_interval = std::chrono::milliseconds(5);
  Running running(limits);
  running.sink.hold_answers();
  Client client(running.socket_path());
  client.send(post("/v1/studies/jets:pause", ""));
  REQUIRE(eventually([&] { return running.sink.commands().size() == 1; }));
  running.stop();
  CHECK(running.has_stopped());
  CHECK(client.is_closed());
}

TEST_CASE("a server without connections stops at once", "[http]") {
  Running running;
  running.stop();
  CHECK(running.has_stopped());
}

TEST_CASE("a server may go while polls wait and answers are outstanding", "[http]") {
  for (int round = 0; round < 20; ++round) {
    Running running;
    running.sink.hold_answers();
    Client poll(running.socket_path());
    Client busy(running.socket_path());
    poll.send(get("/v1/events?wait=30"));
    busy.send(post("/v1/studies/jets:pause", ""));
    REQUIRE(eventually([&] { return running.sink.waiting() == 1; }));
    running.sink.answer_held();
  }
  SUCCEED("nobody crashed");
}

}  // namespace hpo::http::test
