// Errors as documents: every code has a status, every document says how to mend it.
#include <catch2/catch.hpp>

#include "daemon/http/problem.hpp"

namespace hpo::http {
namespace {

std::string text_of(const json::Node& node, std::string_view key) {
  const json::Node* found = node.find(key);
  REQUIRE(found != nullptr);
  return found->string;
}

}  // namespace

TEST_CASE("each error code has its status", "[http]") {
  const auto [code, status] = GENERATE(table<ErrorCode, int>({
      {ErrorCode::invalid_argument, 422}, {ErrorCode::not_found, 404}, {ErrorCode::conflict, 409},
      {ErrorCode::unavailable, 503}, {ErrorCode::no_space, 507},
      {ErrorCode::outcome_unknown, 503}, {ErrorCode::too_large, 413}, {ErrorCode::corrupt, 500},
      {ErrorCode::internal, 500}}));
  const Response response = problem(Error{code, "what", "where", "remedy"}, 0xabc);
  CHECK(response.status == status);
  CHECK((response.retry_after_s > 0) == (status == 503));
  CHECK(title_of(status) != "error");
}

TEST_CASE("a problem says what, where, how to mend it, and which request", "[http]") {
  const Response response = problem(Error{ErrorCode::conflict, "w\"hat", "here", "mend"}, 0xabc);
  CHECK(response.content_type == "application/problem+json");
  const auto document = json::parse(response.body);
  REQUIRE(document.problems.empty());
  CHECK(text_of(document.root, "type") == "about:blank");
  CHECK(text_of(document.root, "detail") == "w\"hat");
  CHECK(text_of(document.root, "where") == "here");
  CHECK(text_of(document.root, "remedy") == "mend");
  CHECK(text_of(document.root, "instance") == "request:abc");
  CHECK(document.root.find("status")->integer == 409);
  CHECK(document.root.find("errors")->items.empty());
}

TEST_CASE("several problems are listed with their places, the first one in front", "[http]") {
  const std::vector<Problem> problems{
      {.code = "HPO-E0104", .pointer = "/space/lr", .line = 3, .column = 7,
       .message = "unknown type", .suggestion = "float"},
      {.code = "HPO-E0101", .pointer = "/x", .message = "unknown key"}};
  const auto document = json::parse(problem(422, problems, 2, 1).body);
  REQUIRE(document.problems.empty());
  CHECK(text_of(document.root, "type") == "hpo:HPO-E0104");
  CHECK(text_of(document.root, "detail") == "unknown type (the first of 4 problems)");
  const auto& errors = document.root.find("errors")->items;
  REQUIRE(errors.size() == 2);
  CHECK(text_of(errors[0], "pointer") == "/space/lr");
  CHECK(errors[0].find("line")->integer == 3);
  CHECK(errors[0].find("column")->integer == 7);
}

TEST_CASE("a problem of the whole body names the body alone, one within it its place", "[http]") {
  const auto where = [](const std::string& pointer) {
    const std::vector<Problem> problems{{.pointer = pointer, .message = "wrong"}};
    return text_of(json::parse(problem(422, problems, 0, 1).body).root, "where");
  };
  CHECK(where("") == "the request's body");
  CHECK(where("/space") == "the request's body /space");
}

TEST_CASE("places of parse problems count characters, not bytes", "[http]") {
  const std::string text = "{\n \"ä\": x}";
  const auto problems = to_problems({{.message = "m", .at = {.offset = 9}}}, text);
  REQUIRE(problems.size() == 1);
  CHECK(problems[0].line == 2);
  CHECK(problems[0].column == 7);
}

}  // namespace hpo::http
