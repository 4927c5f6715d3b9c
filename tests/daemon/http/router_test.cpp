// The table walk: every route with every method, and what lies beside the table.
#include <catch2/catch.hpp>

#include "daemon/http/routes.hpp"
#include "tests/daemon/http/server_fixture.hpp"

namespace hpo::http {
namespace {

// A request's path for a pattern.
std::string example(std::string_view pattern) {
  std::string path(pattern);
  for (const auto& [id, text] : {std::pair{"{name}", "jets"}, std::pair{"{n}", "1"},
                                std::pair{"{worker}", "node-7"}}) {
    const std::size_t at = path.find(id);
    if (at != std::string::npos) path.replace(at, std::string_view(id).size(), text);
  }
  return path;
}

std::variant<Match, NoMatch> matched(Method method, const std::string& path) {
  const auto target = parse_target(path);
  REQUIRE(target);
  return match(routes(), method, *target);
}

bool has_route(Method method, std::string_view pattern) {
  for (const Route& route : routes()) {
    if (route.method == method && route.pattern == pattern) return true;
  }
  return false;
}

}  // namespace

TEST_CASE("each route of the table is found by its own method and path", "[http]") {
  for (const Route& route : routes()) {
    INFO(route.pattern);
    const auto found = matched(route.method, example(route.pattern));
    REQUIRE(std::holds_alternative<Match>(found));
    CHECK(std::get<Match>(found).route == &route);
  }
}

TEST_CASE("each path with each method that is not in the table answers 405 with Allow", "[http]") {
  test::Running running;
  for (const Route& route : routes()) {
    for (const std::string method : {"GET", "POST", "PUT", "DELETE", "PATCH", "HEAD", "OPTIONS",
                                     "TRACE", "PROPFIND", "get"}) {
      const bool is_known = (method == "GET" && has_route(Method::get, route.pattern)) ||
                            (method == "POST" && has_route(Method::post, route.pattern));
      if (is_known) continue;
      INFO(method << " " << route.pattern);
      const auto answer = running.ask(method + " " + example(route.pattern) +
                                      " HTTP/1.1\r\nHost: hpo\r\n\r\n");
      CHECK(answer.status == 405);
      CHECK(answer.header("Allow").find(method_name(route.method)) != std::string::npos);
    }
  }
}

TEST_CASE("ids are what their patterns say, and nothing else", "[http]") {
  const auto [path, is_found] = GENERATE(table<std::string, bool>({
      {"/v1/studies/a", true}, {"/v1/studies/A.b_c-9", true},
      {"/v1/studies/" + std::string(64, 'x'), true},
      {"/v1/studies/" + std::string(65, 'x'), false}, {"/v1/studies/.hidden", false},
      {"/v1/studies/-x", false}, {"/v1/studies/a%20b", false}, {"/v1/studies/%C3%A4", false},
      {"/v1/studies/a/trials/0", true}, {"/v1/studies/a/trials/999999999", true},
      {"/v1/studies/a/trials/1000000000", false}, {"/v1/studies/a/trials/01", false},
      {"/v1/studies/a/trials/-1", false}, {"/v1/studies/a/trials/1x", false}}));
  INFO(path);
  const auto found = matched(Method::get, path);
  CHECK(std::holds_alternative<Match>(found) == is_found);
}

TEST_CASE("an unknown route says which routes are near", "[http]") {
  const auto [path, near] = GENERATE(table<std::string, std::string>({
      {"/v1/study", "/v1/studies"}, {"/studies/jets", "/v1/studies/{name}"},
      {"/v1/studies/jets:stop", "/v1/studies/{name}"},
      {"/v1/studies/jets/trial/3", "/v1/studies/{name}/trials/{n}"}, {"/ready", "/readyz"}}));
  const auto found = matched(Method::get, path);
  REQUIRE(std::holds_alternative<NoMatch>(found));
  INFO(path << ": " << std::get<NoMatch>(found).error.remedy);
  CHECK(std::get<NoMatch>(found).status == 404);
  CHECK(std::get<NoMatch>(found).error.remedy.find(near) != std::string::npos);
}

}  // namespace hpo::http
