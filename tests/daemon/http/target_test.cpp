// Fault row 81: what could mean two things never reaches the router.
#include <catch2/catch.hpp>

#include "daemon/http/target.hpp"

namespace hpo::http {

TEST_CASE("a target is split into decoded segments, verb and query", "[http]") {
  const auto target = parse_target("/v1/studies/jet%73-1:pause?limit=5&cursor=a%2Fb+c");
  REQUIRE(target);
  CHECK(target->segments == std::vector<std::string>{"v1", "studies", "jets-1"});
  CHECK(target->verb == "pause");
  CHECK(target->path() == "/v1/studies/jets-1:pause");
  CHECK(target->query.text("cursor") == "a/b+c");
  CHECK(*target->query.integer("limit", {100, 1, 1000}) == 5);
}

TEST_CASE("row 81: targets that try to leave their place are refused", "[http]") {
  const std::string raw = GENERATE(
      "", "*", "v1/studies", "http://host/v1/studies", "//", "/", "/v1//studies", "/v1/studies/",
      "/v1/./studies", "/v1/../etc/passwd", "/v1/%2e%2e/etc", "/v1/%2E%2e", "/v1/studies/..%2fx",
      "/v1/a%2Fb", "/v1/a%5cb", "/v1/a%00b", "/v1/a%0ab", "/v1/a%7fb", "/v1/studies#x",
      "/v1/studies/%23", "/v1/a%", "/v1/a%4", "/v1/a%zz", "/v1/studies/jets:", "/v1/studies/:x",
      "/v1/events?after=%", "/v1/events?after=1&after=2", "/v1/events?a=%00");
  INFO(raw);
  const auto target = parse_target(raw);
  REQUIRE_FALSE(target);
  CHECK_FALSE(target.error().remedy.empty());
}

TEST_CASE("a query holds sixteen keys and not one more", "[http]") {
  std::string text;
  for (int i = 0; i < 16; ++i) text += (i == 0 ? "k" : "&k") + std::to_string(i) + "=1";
  CHECK(Query::parse(text));
  CHECK_FALSE(Query::parse(text + "&k16=1"));
}

TEST_CASE("integers of a query are whole, in range, and not guessed", "[http]") {
  const auto [text, is_legal] = GENERATE(table<std::string, bool>({
      {"1", true}, {"1000", true}, {"0", false}, {"1001", false}, {"", false}, {"1.5", false},
      {" 1", false}, {"0x1", false}, {"99999999999999999999", false}, {"1e2", false}}));
  INFO(text);
  const auto query = Query::parse("limit=" + text);
  REQUIRE(query);
  CHECK(query->integer("limit", {100, 1, 1000}).has_value() == is_legal);
  CHECK(*query->integer("other", {100, 1, 1000}) == 100);
}

TEST_CASE("an unknown query key is an error with the nearest known one", "[http]") {
  const auto query = Query::parse("limt=3");
  REQUIRE(query);
  CHECK(query->only({"limt"}));
  const auto checked = query->only({"limit", "cursor"});
  REQUIRE_FALSE(checked);
  CHECK(checked.error().remedy == "did you mean \"limit\"?");
}

}  // namespace hpo::http
