// See access.hpp.
#include "daemon/http/access.hpp"

#include <boost/beast/core/string.hpp>

#include "daemon/http/problem.hpp"
#include "daemon/loop/sha256.hpp"
#include "schema/connect_file.hpp"

namespace hpo::http {
namespace {

namespace beast = boost::beast;
using beast::http::field;

constexpr std::string_view scheme = "Bearer ";

std::string_view value_of(const Parser& parser, field name) {
  const auto value = parser.get()[name];
  return {value.data(), value.size()};
}

// Every 401 and 403 by TCP ends the connection: a guess costs a handshake.
Response refused(int status, Error error, std::uint64_t request) {
  Response response = problem(status, error, request);
  response.closes = true;
  return response;
}

Response not_authenticated(std::string what, std::uint64_t request) {
  return refused(401, {ErrorCode::invalid_argument, std::move(what), "header Authorization",
                       "make a token where hpod runs (hpo token STUDY), and send it as "
                       "Authorization: Bearer hpo_w_…"}, request);
}

// "10.0.0.5", "10.0.0.5:4711", "[fd00::5]:4711".
bool is_numeric(std::string_view host) {
  if (host.starts_with('[')) {
    const std::size_t end = host.find(']');
    return end != host.npos && is_numeric_host(host.substr(1, end - 1));
  }
  return is_numeric_host(host.substr(0, host.find(':')));
}

std::optional<Error> check_browser(const Parser& parser) {
  if (parser.get().count(field::origin) > 0) {
    return Error{ErrorCode::invalid_argument, "a page in a browser may not ask here",
                 "header Origin", "send none"};
  }
  if (is_numeric(value_of(parser, field::host))) return std::nullopt;
  return Error{ErrorCode::invalid_argument, "the host is a name", "header Host",
               "send the numeric address that hpod listens on"};
}

}  // namespace

std::variant<std::string, Response> shown_token(const Parser& parser, std::uint64_t request) {
  if (auto error = check_browser(parser)) return refused(403, *std::move(error), request);
  if (parser.get().count(field::authorization) != 1) {
    return not_authenticated("the request shows no token", request);
  }
  std::string_view text = value_of(parser, field::authorization);
  const bool is_bearer = text.size() > scheme.size() &&
      beast::iequals({text.data(), scheme.size()}, {scheme.data(), scheme.size()});
  if (!is_bearer || !is_worker_token(text.substr(scheme.size()))) {
    return not_authenticated("what the request shows is no token of hpo", request);
  }
  auto hash = loop::sha256_hex(text.substr(scheme.size()));
  if (!hash) return refused(500, hash.error(), request);
  return *std::move(hash);
}

std::optional<Response> check_token(const Result<std::optional<store::TokenRow>>& found,
                                    std::uint64_t request) {
  if (!found) {
    Response response = problem(found.error(), request);
    response.closes = true;
    return response;
  }
  if (!*found) return not_authenticated("the token is unknown here, or revoked", request);
  if ((*found)->left.count() <= 0) {
    return not_authenticated("the token for study '" + (*found)->study + "' has expired", request);
  }
  return std::nullopt;
}

std::optional<Response> check_reach(const Route& route, const Call& call,
                                    const std::string& study) {
  if (route.reach != Reach::worker) {
    return refused(403, {ErrorCode::invalid_argument,
                         "a worker's token does not reach this route", call.path,
                         "ask where hpod runs, by its Unix socket"}, call.id);
  }
  if (call.study == study) return std::nullopt;
  return refused(403, {ErrorCode::invalid_argument, "the token is one for study '" + study + "'",
                       call.path, "hpo token " + call.study + " makes one for this study"},
                 call.id);
}

}  // namespace hpo::http
