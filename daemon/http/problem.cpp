// Problem documents. Every one says what, where, and how to mend it.
#include "daemon/http/problem.hpp"

#include <array>
#include <charconv>
#include <utility>

#include "daemon/http/encode.hpp"
#include "daemon/http/limits.hpp"
#include "schema/json/utf8.hpp"
#include "schema/json/writer.hpp"

namespace hpo::http {
namespace {

constexpr std::array<std::pair<ErrorCode, int>, 9> statuses{{
    {ErrorCode::invalid_argument, 422},
    {ErrorCode::not_found, 404},
    {ErrorCode::conflict, 409},
    {ErrorCode::unavailable, 503},
    {ErrorCode::no_space, 507},
    {ErrorCode::outcome_unknown, 503},
    {ErrorCode::too_large, 413},
    {ErrorCode::corrupt, 500},
    {ErrorCode::internal, 500},
}};

constexpr std::array<std::pair<int, std::string_view>, 15> titles{{
    {400, "malformed request"},
    {401, "not authenticated"},
    {403, "not allowed"},
    {404, "not found"},
    {405, "method not allowed"},
    {408, "request took too long"},
    {409, "conflict with the present state"},
    {413, "request too large"},
    {415, "unsupported content type"},
    {417, "expectation failed"},
    {422, "invalid argument"},
    {431, "request header too large"},
    {500, "internal error"},
    {503, "try again later"},
    {507, "no space left"},
}};

struct Text {
  std::string type = "about:blank";
  std::string detail{};
  std::string where{};
  std::string remedy{};
};

json::Writer begin(int status, const Text& text, std::uint64_t request) {
  json::Writer writer;
  writer.object().member("type", text.type).member("title", title_of(status));
  writer.member("status", status).member("detail", text.detail).member("where", text.where);
  writer.member("remedy", text.remedy).member("instance", instance_of(request));
  writer.key("errors").array();
  return writer;
}

Response finish(int status, json::Writer writer) {
  writer.end().end();
  return {.status = status,
          .body = std::move(writer).text(),
          .content_type = "application/problem+json",
          .retry_after_s = status == 503 ? Limits{}.retry_after_s : 0};
}

}  // namespace

int status_of(ErrorCode code) {
  for (const auto& [known, status] : statuses) {
    if (known == code) return status;
  }
  return 500;
}

std::string_view title_of(int status) {
  for (const auto& [known, title] : titles) {
    if (known == status) return title;
  }
  return "error";
}

std::string instance_of(std::uint64_t request) {
  std::array<char, 17> text{};
  const auto end = std::to_chars(text.data(), text.data() + text.size(), request, 16).ptr;
  return "request:" + std::string(text.data(), end);
}

Response problem(const Error& error, std::uint64_t request) {
  return problem(status_of(error.code), error, request);
}

Response problem(int status, const Error& error, std::uint64_t request) {
  return finish(status, begin(status, {.detail = error.what, .where = error.where,
                                       .remedy = error.remedy}, request));
}

Response problem(int status, const std::vector<Problem>& problems, int more,
                 std::uint64_t request) {
  const Problem& first = problems.front();
  const std::size_t count = problems.size() + static_cast<std::size_t>(more);
  std::string where = "the request's body";
  if (!first.pointer.empty()) where += " " + first.pointer;
  Text text{.detail = first.message, .where = std::move(where),
            .remedy = first.suggestion};
  if (!first.code.empty()) text.type = "hpo:" + first.code;
  if (count > 1) text.detail += " (the first of " + std::to_string(count) + " problems)";
  json::Writer writer = begin(status, text, request);
  for (const Problem& one : problems) write_problem(writer, one);
  return finish(status, std::move(writer));
}

std::vector<Problem> to_problems(const std::vector<json::ParseProblem>& found,
                                 std::string_view text) {
  std::vector<Problem> problems;
  for (const json::ParseProblem& one : found) {
    if (problems.size() == DecodeOptions::problems_max) break;
    const auto [line, column] = json::place_of(text, one.at.offset);
    problems.push_back({.code = std::string(one.code), .pointer = one.pointer, .at = one.at,
                        .line = line, .column = column, .message = one.message,
                        .suggestion = "send the body as one JSON text (RFC 8259)"});
  }
  return problems;
}

}  // namespace hpo::http
