// Who may ask for what by TCP: a token of one study reaches that study's worker routes, and nothing
// reaches anything without one. The Unix socket needs none of it: the kernel says who is there.
//
// Includes Beast: for session.cpp and its kin alone. Pure, any thread.
#pragma once

#include <optional>
#include <string>
#include <variant>

#include "daemon/http/head.hpp"

namespace hpo::http {

// The SHA-256 of the token that the request shows, hexadecimal. Response: 401 without one, 403 for
// what a page in a browser could have sent: an Origin, or a Host that is a name (DNS rebinding).
std::variant<std::string, Response> shown_token(const Parser& parser, std::uint64_t request);

// What the look-up has found. nullopt: the token is good.
std::optional<Response> check_token(const Result<std::optional<store::TokenRow>>& found,
                                    std::uint64_t request);

// May a token of `study` make this call? nullopt: yes.
std::optional<Response> check_reach(const Route& route, const Call& call,
                                    const std::string& study);

}  // namespace hpo::http
