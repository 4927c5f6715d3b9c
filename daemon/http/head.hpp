// The head of a request: strict framing, then the route. Everything that Beast lets pass and that
// two readers could understand differently is refused here (request smuggling).
//
// Includes Beast: for session.cpp and its kin alone. Pure, any thread.
#pragma once

#include <boost/beast/http/parser.hpp>
#include <boost/beast/http/string_body.hpp>

#include <cstdint>
#include <optional>
#include <string_view>
#include <variant>

#include "daemon/http/router.hpp"

namespace hpo::http {

using Parser = boost::beast::http::request_parser<boost::beast::http::string_body>;

struct Head {
  const Route* route = nullptr;
  Call call{};                 // all but the body
  bool has_body = false;
  bool expects_continue = false;
};

// `raw` is a whole head, "\r\n\r\n" included; it goes through `parser`. Response: the refusal,
// which closes the connection.
std::optional<Response> read_fields(Parser& parser, std::string_view raw, std::uint64_t request);

// Then what it asks for; the parser's body limit is set. Response: the refusal; it closes the
// connection if the body cannot be skipped safely.
std::variant<Head, Response> find_route(Parser& parser, const std::vector<Route>& routes,
                                        const Scope& scope, std::uint64_t request);

Response too_large(std::size_t bytes_max, std::uint64_t request);  // 413

}  // namespace hpo::http
