// Checks in order: bytes, framing fields, target, route, body, query, key.
#include "daemon/http/head.hpp"

#include <boost/beast/core/string.hpp>

#include <cctype>
#include <limits>
#include <optional>

#include "daemon/http/idempotency.hpp"
#include "daemon/http/problem.hpp"

namespace hpo::http {
namespace {

namespace beast = boost::beast;
using beast::http::field;

std::string_view view(beast::string_view text) { return {text.data(), text.size()}; }

Error malformed(std::string what, std::string remedy) {
  return {ErrorCode::invalid_argument, std::move(what), "the request's head", std::move(remedy)};
}

Method method_of(beast::http::verb verb) {
  if (verb == beast::http::verb::get) return Method::get;
  return verb == beast::http::verb::post ? Method::post : Method::other;
}

// Beast unfolds continued lines; other readers do not.
bool has_folded_line(std::string_view raw) {
  return raw.find("\r\n ") != raw.npos || raw.find("\r\n\t") != raw.npos;
}

std::optional<Error> check_framing(const Parser& parser) {
  const auto& fields = parser.get();
  const auto hosts = fields.count(field::host);
  if (hosts > 1 || (hosts == 0 && fields.version() == 11)) {
    return malformed(std::to_string(hosts) + " Host fields", "send exactly one");
  }
  const auto lengths = fields.count(field::content_length);
  const auto encodings = fields.count(field::transfer_encoding);
  if (lengths + encodings > 1 || view(fields[field::content_length]).find(',') !=
                                     std::string_view::npos) {
    return malformed("more than one field says how long the body is",
                     "send one Content-Length, or Transfer-Encoding: chunked");
  }
  if (encodings == 1 && !beast::iequals(fields[field::transfer_encoding], "chunked")) {
    return malformed("unknown Transfer-Encoding", "send Content-Length, or chunked alone");
  }
  if (fields.count("Idempotency-Key") > 1) return malformed("two idempotency keys", "send one");
  return std::nullopt;
}

bool is_json(std::string_view content_type) {
  const std::string_view type = content_type.substr(0, content_type.find(';'));
  const std::size_t end = type.find_last_not_of(" \t");
  const std::string_view bare = type.substr(0, end == type.npos ? 0 : end + 1);
  return beast::iequals({bare.data(), bare.size()}, "application/json");
}

std::size_t limit_of(BodyKind kind, const Limits& limits) {
  return kind == BodyKind::study ? limits.study_body_bytes_max : limits.body_bytes_max;
}

// Sets the parser's limit, for bodies whose length is not said beforehand.
std::optional<Response> check_body(Parser& parser, const Route& route, const Limits& limits,
                                   std::uint64_t request) {
  if (route.body == BodyKind::none) {
    return problem(400, malformed("a body where none belongs", "send the request without one"),
                   request);
  }
  if (!is_json(view(parser.get()[field::content_type]))) {
    return problem(415, malformed("the body's type is not application/json",
                                  "send Content-Type: application/json"), request);
  }
  const std::size_t bytes_max = limit_of(route.body, limits);
  if (parser.content_length().value_or(0) > bytes_max) return too_large(bytes_max, request);
  parser.body_limit(bytes_max);
  return std::nullopt;
}

std::optional<Response> fill(Head& head, const Parser& parser, const Limits& limits) {
  Call& call = head.call;
  if (auto known = call.query.only(head.route->query); !known) {
    return problem(known.error(), call.id);
  }
  const auto key = parser.get().find("Idempotency-Key");
  if (key == parser.get().end() || head.route->method == Method::get) return std::nullopt;
  auto checked = check_key(view(key->value()), limits.key_bytes_max);
  if (!checked) return problem(checked.error(), call.id);
  call.key = std::move(*checked);
  return std::nullopt;
}

std::variant<Head, Response> requested(Parser& parser, const std::vector<Route>& routes,
                                       const Scope& scope, std::uint64_t request) {
  auto target = parse_target(view(parser.get().target()));
  if (!target) return problem(400, target.error(), request);
  auto found = match(routes, method_of(parser.get().method()), *target);
  if (const auto* missed = std::get_if<NoMatch>(&found)) {
    Response response = problem(missed->status, missed->error, request);
    response.allow = missed->allow;
    return response;
  }
  auto& matched = std::get<Match>(found);
  Head head{.route = matched.route,
            .call = {.id = request, .study = std::move(matched.study),
                     .worker = std::move(matched.worker), .trial = matched.trial,
                     .path = target->path(), .query = std::move(target->query)}};
  head.has_body = !parser.is_done();
  head.expects_continue = beast::iequals(parser.get()[field::expect], "100-continue");
  if (head.has_body) {
    if (auto refusal = check_body(parser, *head.route, scope.limits, request)) return *refusal;
  }
  if (auto refusal = fill(head, parser, scope.limits)) return *refusal;
  return head;
}

}  // namespace

Response too_large(std::size_t bytes_max, std::uint64_t request) {
  return problem(Error{ErrorCode::too_large,
                       "the body is longer than " + std::to_string(bytes_max) + " bytes",
                       "the request's body",
                       "keep what is large in a file of its own; send a list in several requests"},
                 request);
}

std::optional<Response> read_fields(Parser& parser, std::string_view raw, std::uint64_t request) {
  parser.body_limit(std::numeric_limits<std::uint64_t>::max());  // decided by the route, below
  parser.header_limit(static_cast<std::uint32_t>(raw.size() + 1));
  std::optional<Error> error;
  boost::system::error_code ec;
  if (has_folded_line(raw)) error = malformed("a header field goes on in a second line", "join it");
  else if (parser.put(boost::asio::const_buffer(raw.data(), raw.size()), ec) != raw.size() || ec)
    error = malformed("this is no HTTP/1.1 request: " + ec.message(), "speak HTTP/1.1 (RFC 9112)");
  else error = check_framing(parser);
  if (!error) return std::nullopt;
  Response refusal = problem(400, *error, request);
  refusal.closes = true;
  return refusal;
}

std::variant<Head, Response> find_route(Parser& parser, const std::vector<Route>& routes,
                                        const Scope& scope, std::uint64_t request) {
  auto found = requested(parser, routes, scope, request);
  if (auto* refusal = std::get_if<Response>(&found)) refusal->closes = !parser.is_done();
  return found;
}

}  // namespace hpo::http
