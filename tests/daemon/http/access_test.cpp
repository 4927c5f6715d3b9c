// Who reaches what by TCP: every route of the table is asked with every kind of token.
#include <catch2/catch.hpp>

#include <algorithm>
#include <set>

#include "daemon/http/routes.hpp"
#include "schema/connect_file.hpp"
#include "tests/daemon/http/tls_client.hpp"

namespace hpo::http::test {
namespace {

using namespace std::chrono_literals;

// All that a worker's token may ever reach. Whoever adds to it has thought of what it opens.
const std::set<std::string> of_workers{
    "GET /v1/studies/{name}/work", "POST /v1/studies/{name}/workers/{worker}:exchange",
    "POST /v1/studies/{name}/trials:ask", "POST /v1/studies/{name}/trials/{n}:report",
    "POST /v1/studies/{name}/trials/{n}:tell"};

std::string name_of(const Route& route) {
  return std::string(method_name(route.method)) + " " + std::string(route.pattern);
}

std::string target_of(const Route& route) {
  std::string target(route.pattern);
  for (const auto& [name, value] :
       {std::pair{"{name}", "jets"}, {"{n}", "1"}, {"{worker}", "w"}}) {
    const std::size_t at = target.find(name);
    if (at != target.npos) target.replace(at, std::string(name).size(), value);
  }
  return target;
}

Answer ask(const Running& running, const Route& route, const std::string& fields) {
  const std::string target = target_of(route);
  const bool is_tell = target.ends_with(":tell");
  const std::string body = is_tell ? R"({"fence":1,"outcome":{"status":"infeasible"}})"
                                   : target.ends_with(":report") ? R"({"fence":1})" : "{}";
  TlsClient client(running.tcp());
  REQUIRE(client.has_shaken_hands());
  return client.ask(route.method == Method::get ? get_by_tcp(target, fields)
                                                : post_by_tcp(target, body, fields));
}

// A problem document that says how to mend it, and the end of the connection.
void check_refusal(const Answer& answer, int status) {
  CHECK(answer.status == status);
  CHECK(answer.header("Connection") == "close");
  const json::Node problem = answer.json();
  CHECK_FALSE(problem.find("detail")->string.empty());
  CHECK_FALSE(problem.find("remedy")->string.empty());
}

}  // namespace

TEST_CASE("workers' tokens reach five routes of the table, and no other", "[http]") {
  std::set<std::string> found;
  for (const Route& route : routes()) {
    if (route.reach == Reach::worker) found.insert(name_of(route));
  }
  CHECK(found == of_workers);
}

TEST_CASE("every route by TCP with every kind of token: only the right one opens it", "[http]") {
  Running running({}, ServerConfig::no_uid, true);
  running.tables.studies["jets"] = study_row("jets");
  const std::string good = give_token(running, "jets", 1h, 1);
  const std::string foreign = give_token(running, "pions", 1h, 2);
  const std::string expired = give_token(running, "jets", 0s, 3);
  for (const Route& route : routes()) {
    CAPTURE(name_of(route));
    for (const std::string& fields :
         {std::string(), with_token(worker_token({9})), with_token(expired),
          with_token(good.substr(0, good.size() - 1)), with_token(good + "0"),
          with_token("hpo_w_" + std::string(64, 'G')), "Authorization: Basic " + good + "\r\n",
          "Authorization: " + good + "\r\n", with_token(good) + with_token(good)}) {
      CAPTURE(fields);
      const Answer answer = ask(running, route, fields);
      check_refusal(answer, 401);
      CHECK(answer.header("WWW-Authenticate") == "Bearer");
    }
    check_refusal(ask(running, route, with_token(foreign)), 403);
    const Answer answer = ask(running, route, with_token(good));
    if (!of_workers.contains(name_of(route))) check_refusal(answer, 403);
    else CHECK((answer.status != 401 && answer.status != 403));
  }
  for (const loop::Command& command : running.sink.commands()) {
    const bool is_of_workers = std::holds_alternative<loop::Exchange>(command.body) ||
                               std::holds_alternative<loop::RenewLease>(command.body) ||
                               std::holds_alternative<loop::TellTrial>(command.body);
    CHECK(is_of_workers);
  }
}

TEST_CASE("a token in the query, or for paths and methods that are none, opens nothing", "[http]") {
  Running running({}, ServerConfig::no_uid, true);
  const std::string good = give_token(running, "jets", 1h);
  TlsClient one(running.tcp());
  CHECK(one.ask(get_by_tcp("/v1/studies/jets/work?token=" + good, "")).status == 401);
  TlsClient two(running.tcp());
  CHECK(two.ask(get_by_tcp("/v1/studies/jets/../pions/work", with_token(good))).status == 400);
  TlsClient three(running.tcp());
  CHECK(three.ask(get_by_tcp("/v1/studies/p%69ons/work", with_token(good))).status == 403);
  TlsClient four(running.tcp());
  CHECK(four.ask("DELETE /v1/studies/jets HTTP/1.1\r\nHost: 127.0.0.1\r\n" + with_token(good) +
                 "\r\n").status == 405);
}

TEST_CASE("a page in a browser is refused, token or not", "[http]") {
  Running running({}, ServerConfig::no_uid, true);
  const std::string good = with_token(give_token(running, "jets", 1h));
  const auto [head, status] = GENERATE_COPY(table<std::string, int>({
      {"Host: 127.0.0.1:4711\r\n", 409}, {"Host: [::1]:4711\r\n", 409}, {"Host: 10.1.2.3\r\n", 409},
      {"Host: localhost\r\n", 403}, {"Host: evil.example:4711\r\n", 403}, {"Host: \r\n", 403},
      {"Host: 127.0.0.1.evil.example\r\n", 403}, {"Host: [::1\r\n", 403},
      {"Host: 127.0.0.1:4711\r\nOrigin: https://127.0.0.1:4711\r\n", 403},
      {"Host: 127.0.0.1:4711\r\nOrigin: null\r\n", 403}}));
  CAPTURE(head);
  TlsClient client(running.tcp());
  // 409: its trials are not pulled, so the token has opened the route.
  CHECK(client.ask("GET /v1/studies/jets/work HTTP/1.1\r\n" + head + good + "\r\n").status ==
        status);
}

TEST_CASE("the socket asks for no token, and heeds none", "[http]") {
  Running running({}, ServerConfig::no_uid, true);
  CHECK(running.ask(get("/v1/studies")).status == 200);
  Client client(running.socket_path());
  CHECK(client.ask("GET /v1/studies HTTP/1.1\r\nHost: hpo\r\n" + with_token("nonsense") +
                   "\r\n").status == 200);
}

TEST_CASE("a token that was revoked opens nothing more on a connection that stands", "[http]") {
  Limits limits;
  const bool is_trusted = GENERATE(false, true);
  limits.token_trusted = is_trusted ? 1h : 0ms;
  Running running(limits, ServerConfig::no_uid, true);
  const std::string good = with_token(give_token(running, "jets", 1h));
  TlsClient client(running.tcp());
  CHECK(client.ask(get_by_tcp("/v1/studies/jets/work", good)).status == 409);
  {
    const std::scoped_lock held(running.tables.mutex);
    running.tables.tokens.clear();
  }
  const int status = client.ask(get_by_tcp("/v1/studies/jets/work", good)).status;
  CHECK(status == (is_trusted ? 409 : 401));  // for as long as it is trusted, it is not looked up
}

TEST_CASE("another token on a connection that stands is looked up", "[http]") {
  Running running({}, ServerConfig::no_uid, true);
  const std::string good = with_token(give_token(running, "jets", 1h));
  TlsClient client(running.tcp());
  CHECK(client.ask(get_by_tcp("/v1/studies/jets/work", good)).status == 409);
  CHECK(client.ask(get_by_tcp("/v1/studies/jets/work", with_token(worker_token({7})))).status ==
        401);
}

}  // namespace hpo::http::test
