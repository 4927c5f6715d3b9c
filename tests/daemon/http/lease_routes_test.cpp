// What workers send, as commands; and what is refused, with its place.
#include <catch2/catch.hpp>

#include "tests/daemon/http/tls_client.hpp"

namespace hpo::http::test {
namespace {

using namespace std::chrono_literals;

const std::string exchange_path = "/v1/studies/jets/workers/node-7:exchange";

}  // namespace

TEST_CASE("an exchange carries all that a worker says and wants", "[http]") {
  Running running;
  const Answer answer = running.ask(post(exchange_path, R"({"slots": 8,
      "holds": [{"trial": 7, "fence": 2, "is_loading": true}],
      "started": [{"trial": 8, "fence": 1}], "returned": [{"trial": 9, "fence": 3}],
      "start": 2, "ahead": 1, "wait_ms": 20000,
      "ended": [{"trial": 5, "fence": 1, "outcome": {"status": "completed", "value": 0.5}}]})"));
  CHECK(answer.status == 200);
  const auto said = only_command<loop::Exchange>(running);
  CHECK(said.study == "jets");
  CHECK(said.worker == "node-7");
  CHECK(said.slots == 8);
  REQUIRE(said.holds);
  CHECK(said.holds->at(0).fence == 2);
  CHECK(said.holds->at(0).is_loading);
  CHECK(said.started.at(0).trial == 8);
  CHECK(said.returned.at(0).fence == 3);
  CHECK(said.ended.at(0).lease.trial == 5);
  CHECK(said.ended.at(0).outcome.value == 0.5);
  CHECK(said.start == 2);
  CHECK(said.ahead == 1);
  CHECK(said.wait == std::chrono::seconds(20));
}

TEST_CASE("a request that came as a file is checked and answered as by the socket", "[http]") {
  Running running({.body_bytes_max = 100});
  const auto status = [&](Method method, const std::string& target, const std::string& body = {}) {
    return running.ask_by_file(method, target, body).status;
  };
  CHECK(status(Method::post, exchange_path, R"({"start": 2})") == 200);
  CHECK(only_command<loop::Exchange>(running).start == 2);
  CHECK(status(Method::get, "/v1/studies/jets") == 200);
  CHECK(status(Method::get, "/v1/studies/none") == 404);
  CHECK(status(Method::get, "/v1/studies/jets", "{}") == 400);
  CHECK(status(Method::get, "/v1/studies/jets?colour=red") == 422);
  CHECK(status(Method::get, "/v1/nothing") == 404);
  CHECK(status(Method::get, exchange_path) == 405);
  CHECK(status(Method::get, "no path") == 400);
  CHECK(status(Method::post, exchange_path, R"({"slots": 0})") == 422);
  CHECK(status(Method::post, exchange_path, std::string(101, ' ')) == 413);
}

TEST_CASE("a request for trials tells whether its client has hung up", "[http]") {
  Running running({}, ServerConfig::no_uid, true);
  running.sink.hold_answers();
  const auto [is_by_tcp, target] = GENERATE(table<bool, std::string>({
      {false, exchange_path}, {false, "/v1/studies/jets/trials:ask"}, {true, exchange_path}}));
  std::unique_ptr<Client> client = std::make_unique<Client>(running.socket_path());
  if (is_by_tcp) client = std::make_unique<TlsClient>(running.tcp());
  const std::string wish = R"({"wait_ms": 20000})";
  client->send(is_by_tcp ? post_by_tcp(target, wish, with_token(give_token(running, "jets", 1h)))
                         : post(target, wish));
  REQUIRE(eventually([&] { return running.sink.commands().size() == 1; }));
  const auto has_hung_up = only_command<loop::Exchange>(running).has_hung_up;
  CHECK_FALSE(has_hung_up());
  client->hang_up();
  CHECK(eventually(has_hung_up));
  running.sink.answer_held();  // to nobody: the connection is closed
  CHECK(eventually(has_hung_up));
}

TEST_CASE("an exchange may say nothing, and then does not say what it holds", "[http]") {
  Running running;
  running.ask(post(exchange_path, "{}"));
  const auto said = only_command<loop::Exchange>(running);
  CHECK_FALSE(said.holds);
  CHECK(said.start == 0);
}

TEST_CASE("a program asks, reports and tells by trial and fence", "[http]") {
  Running running;
  SECTION("ask") {
    running.ask(post("/v1/studies/jets/trials:ask", R"({"count": 3, "worker": "mine"})"));
    const auto said = only_command<loop::Exchange>(running);
    CHECK(said.worker == "mine");
    CHECK(said.start == 3);
    CHECK_FALSE(said.holds);
  }
  SECTION("report") {
    running.ask(post("/v1/studies/jets/trials/4:report", R"({"fence": 2})"));
    CHECK(only_command<loop::RenewLease>(running).lease.fence == 2);
  }
  SECTION("tell") {
    running.ask(post("/v1/studies/jets/trials/4:tell",
                     R"({"fence": 2, "outcome": {"status": "infeasible"}})"));
    const auto told = only_command<loop::TellTrial>(running).told;
    CHECK(told.lease.trial == 4);
    CHECK(told.outcome.status == OutcomeStatus::infeasible);
  }
}

TEST_CASE("steps are told one by one or many at once; null is what is not finite", "[http]") {
  Running running;
  running.ask(post("/v1/studies/jets/trials/4:report",
                   R"({"fence": 2, "step": 3, "metrics": {"loss": 0.5, "auc": null}})"));
  running.ask(post("/v1/studies/jets/trials/4:report",
                   R"({"fence": 2, "reports": [{"step": 4, "metrics": {"loss": 0.4}},)"
                   R"({"step": 5, "metrics": {"loss": 0.3}}]})"));
  running.ask(post(exchange_path, R"({"reports": [{"trial": 4, "fence": 2, "step": 6.0,)"
                                  R"("unread": "line 3", "skipped": "2 MiB", "left_out": 6,)"
                                  R"("metrics": {"loss": 0.2}}]})"));
  const auto commands = running.sink.commands();
  REQUIRE(commands.size() == 3);
  const auto& one = std::get<loop::RenewLease>(commands[0].body).reports;
  REQUIRE(one.size() == 1);
  CHECK(one[0].lease.trial == 4);
  CHECK(one[0].lease.fence == 2);
  CHECK(one[0].step == 3);
  CHECK(std::isnan(one[0].metrics.at("auc")));
  CHECK(std::get<loop::RenewLease>(commands[1].body).reports.size() == 2);
  CHECK(std::get<loop::Exchange>(commands[2].body).reports.at(0).metrics.at("loss") == 0.2);
  CHECK(std::get<loop::Exchange>(commands[2].body).reports.at(0).step == 6);
  CHECK(std::get<loop::Exchange>(commands[2].body).reports.at(0).unread == "line 3");
  CHECK(std::get<loop::Exchange>(commands[2].body).reports.at(0).skipped == "2 MiB");
  CHECK(std::get<loop::Exchange>(commands[2].body).reports.at(0).left_out == 6);
}

TEST_CASE("what a worker cannot mean is refused with its place", "[http]") {
  const auto [path, body, pointer] = GENERATE(table<std::string, std::string, std::string>({
      {exchange_path, R"({"slots": 0})", "/slots"},
      {exchange_path, R"({"slots": 100001})", "/slots"},
      {exchange_path, R"({"start": -1})", "/start"},
      {exchange_path, R"({"wait_ms": 20001})", "/wait_ms"},
      {exchange_path, R"({"holds": {}})", "/holds"},
      {exchange_path, R"({"holds": [7]})", "/holds/0"},
      {exchange_path, R"({"holds": [{"trial": 7, "fence": 0}]})", "/holds/0/fence"},
      {exchange_path, R"({"started": [{"trial": 2147483648, "fence": 1}]})", "/started/0/trial"},
      {exchange_path, R"({"ended": [{"trial": 7, "fence": 1, "outcome": {}}]})",
       "/ended/0/outcome"},
      {exchange_path, R"({"ended": [{"trial": 7, "fence": 1, "outcome": {"status": "best"}}]})",
       "/ended/0/outcome"},
      {exchange_path, R"({"ended": [{"trial": 7, "fence": 1}]})", "/ended/0"},
      {exchange_path, R"({"holdings": []})", "/holdings"},
      {exchange_path, R"({"reports": [7]})", "/reports/0"},
      {exchange_path, R"({"reports": [{"trial": 7, "fence": 1, "metrics": {}}]})", "/reports/0"},
      {exchange_path, R"({"reports": [{"trial": 7, "fence": 1, "step": -1, "metrics": {}}]})",
       "/reports/0/step"},
      {exchange_path, R"({"reports": [{"trial": 7, "fence": 1, "step": 1.5, "metrics": {}}]})",
       "/reports/0/step"},
      {exchange_path, R"({"reports": [{"trial": 7, "fence": 1, "step": 1e300, "metrics": {}}]})",
       "/reports/0/step"},
      {exchange_path, R"({"reports": [{"trial": 7, "fence": 1, "step": 1, "metrics": {},
                                       "unread": 3}]})", "/reports/0/unread"},
      {exchange_path, R"({"reports": [{"trial": 7, "fence": 1, "step": 1}]})", "/reports/0"},
      {exchange_path, R"({"reports": [{"trial": 7, "fence": 1, "step": 1, "metrics": {"a": ""}}]})",
       "/reports/0/metrics"},
      {"/v1/studies/jets/trials/4:report", R"({"fence": 1, "step": 3})", ""},
      {"/v1/studies/jets/trials:ask", R"({"count": 1001})", "/count"},
      {"/v1/studies/jets/trials:ask", R"({"worker": "a/b"})", "/worker"},
      {"/v1/studies/jets/trials/4:report", "{}", ""},
      {"/v1/studies/jets/trials/4:tell", R"({"fence": 1, "outcome": 3})", "/outcome"}}));
  Running running;
  CAPTURE(path, body);
  const Answer answer = running.ask(post(path, body));
  CHECK(answer.status == 422);
  CHECK(answer.body.find("\"pointer\":\"" + pointer + "\"") != std::string::npos);
  CHECK(running.sink.commands().empty());
}

TEST_CASE("what is no list is answered with the shape that this route takes", "[http]") {
  const auto [path, body, shape] = GENERATE(table<std::string, std::string, std::string>({
      {"/v1/studies/jets/trials/4:report", R"({"fence": 1, "reports": {}})",
       R"([{"step": 3, "metrics": {"loss": 0.4}}])"},
      {exchange_path, R"({"reports": {}})",
       R"([{"trial": 7, "fence": 1, "step": 3, "metrics": {"loss": 0.4}}])"},
      {exchange_path, R"({"ended": {}})",
       R"([{"trial": 7, "fence": 1, "outcome": {"status": "completed", "value": 0.1}}])"},
      {exchange_path, R"({"holds": {}})", R"([{"trial": 7, "fence": 1}])"}}));
  Running running;
  CAPTURE(path, body);
  const json::Node answer = running.ask(post(path, body)).json();
  const std::string told = answer.find("errors")->items.at(0).find("suggestion")->string;
  CHECK(told == "send a list of at most 100000: " + shape);
}

TEST_CASE("a worker is told where attempts lie and what they have in common", "[http]") {
  Running running;
  CHECK(running.ask(get("/v1/studies/jets/work")).status == 409);  // its trials are jobs
  running.tables.studies["jets"].spec =
      R"({"name":"jets","space":{"x":{"float":[0,1]}},"objective":{"minimize":"loss"},)"
      R"("command":["./train"],"executor":{"type":"external","lease":"30s"}})";
  const json::Node work = running.ask(get("/v1/studies/jets/work")).json();
  CHECK(work.find("lease_s")->integer == 30);
  CHECK(work.find("directory")->string == running.state_dir() + "/studies/jets");
  CHECK(work.find("attempt")->find("metric")->string == "loss");
  CHECK(work.find("attempt")->find("command")->items.at(0).string == "./train");
}

TEST_CASE("a worker has a name as studies have", "[http]") {
  Running running;
  const std::string name = GENERATE(as<std::string>(), "-a", "a%20b", std::string(65, 'a'));
  CHECK(running.ask(post("/v1/studies/jets/workers/" + name + ":exchange", "{}")).status == 404);
}

}  // namespace hpo::http::test
