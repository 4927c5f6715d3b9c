// Small JSON bodies of commands: an object of known members. Any thread.
#pragma once

#include <string_view>
#include <variant>
#include <vector>

#include "daemon/http/message.hpp"
#include "schema/json/node.hpp"

namespace hpo::http {

// The body as an object with no members but `known`; an empty body is {}. Response: the refusal.
std::variant<json::Node, Response> parse_body(const Call& call, std::size_t bytes_max,
                                              const std::vector<std::string_view>& known);

// A refusal of one value in the body, with its place.
Response refuse_value(const Call& call, const json::Position& at, std::string pointer,
                      std::string message, std::string suggestion);

}  // namespace hpo::http
