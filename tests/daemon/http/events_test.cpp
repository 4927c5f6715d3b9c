// Long-polling for events (invariant I11: nothing missed, nothing twice).
#include <catch2/catch.hpp>

#include "tests/daemon/http/server_fixture.hpp"

namespace hpo::http::test {
namespace {

void commit(Running& running, std::int64_t seq, const std::string& study) {
  {
    const std::lock_guard lock(running.tables.mutex);
    running.tables.events.push_back({.seq = seq, .at_ns = 1'700'000'000'000'000'000,
                                     .study = study, .kind = "trial_created",
                                     .data = R"({"trial":3})"});
  }
  running.sink.set_last_event(seq);
}

std::int64_t next_of(const Answer& answer) { return answer.json().find("next")->integer; }
std::size_t count_of(const Answer& answer) { return answer.json().find("events")->items.size(); }

}  // namespace

TEST_CASE("events after a number come at once, with the number to go on from", "[http]") {
  Running running;
  for (int seq = 1; seq <= 5; ++seq) commit(running, seq, seq % 2 == 1 ? "jets" : "other");
  const Answer some = running.ask(get("/v1/events?after=1&limit=2"));
  CHECK(count_of(some) == 2);
  CHECK(next_of(some) == 3);
  const json::Node first = some.json().find("events")->items.at(0);
  CHECK(first.find("seq")->integer == 2);
  CHECK(first.find("study")->string == "other");
  CHECK(first.find("kind")->string == "trial_created");
  CHECK(first.find("data")->find("trial")->integer == 3);
  const Answer jets = running.ask(get("/v1/events?study=jets&after=1"));
  CHECK(count_of(jets) == 2);
  CHECK(next_of(jets) == 5);
}

TEST_CASE("without events a poll that does not wait answers at once", "[http]") {
  Running running;
  commit(running, 1, "jets");
  const Answer none = running.ask(get("/v1/events?after=1"));
  CHECK(count_of(none) == 0);
  CHECK(next_of(none) == 1);
  const Answer other = running.ask(get("/v1/events?after=0&study=other"));
  CHECK(count_of(other) == 0);
  CHECK(next_of(other) == 1);
}

TEST_CASE("a waiting poll is woken by the event that it waits for, not by others", "[http]") {
  Running running;
  Client client(running.socket_path());
  client.send(get("/v1/events?wait=30&study=jets"));
  REQUIRE(eventually([&] { return running.sink.waiting() == 1; }));
  commit(running, 1, "other");
  commit(running, 2, "jets");
  const Answer answer = client.receive();
  CHECK(count_of(answer) == 1);
  CHECK(next_of(answer) == 2);
}

TEST_CASE("a poll whose time is over answers with nothing", "[http]") {
  Running running;
  const Answer answer = running.ask(get("/v1/events?wait=1"));
  CHECK(answer.status == 200);
  CHECK(count_of(answer) == 0);
}

TEST_CASE("polls wait 30 seconds at most", "[http]") {
  Running running;
  commit(running, 1, "jets");
  CHECK(running.ask(get("/v1/events?wait=30")).status == 200);
  CHECK(running.ask(get("/v1/events?wait=31")).status == 422);
  CHECK(running.ask(get("/v1/events?after=-1")).status == 422);
  CHECK(running.ask(get("/v1/events?study=..x")).status == 422);
}

TEST_CASE("row 82: a poll whose client hangs up frees its place", "[http]") {
  Limits limits;
  limits.connections_max = 1;
  Running running(limits);
  Client client(running.socket_path());
  client.send(get("/v1/events?wait=30"));
  REQUIRE(eventually([&] { return running.sink.waiting() == 1; }));
  CHECK(running.ask(get("/readyz")).status == 503);
  client.hang_up();
  CHECK(eventually([&] { return running.ask(get("/readyz")).status == 200; }));
}

TEST_CASE("waiting polls hold up nobody else", "[http]") {
  Running running;
  std::vector<std::unique_ptr<Client>> polls;
  for (int i = 0; i < 50; ++i) {
    polls.push_back(std::make_unique<Client>(running.socket_path()));
    polls.back()->send(get("/v1/events?wait=30"));
  }
  CHECK(eventually([&] { return running.sink.waiting() == 50; }));
  CHECK(running.ask(get("/v1/studies/jets")).status == 200);
  commit(running, 1, "jets");
  for (const auto& poll : polls) CHECK(count_of(poll->receive()) == 1);
}

}  // namespace hpo::http::test
