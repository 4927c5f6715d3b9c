// Tokens of workers on other machines: `hpo token`.
#include "daemon/http/body.hpp"
#include "daemon/http/handlers.hpp"
#include "schema/connect_file.hpp"

namespace hpo::http {
namespace {

using json::Kind;
using json::Node;

constexpr std::int64_t valid_s_max = 366LL * 24 * 60 * 60;

}  // namespace

Prepared issue_token(const Scope& scope, Call&& call) {
  auto body = parse_body(call, scope.limits.body_bytes_max, {"sha256", "valid_s"});
  if (auto* refusal = std::get_if<Response>(&body)) return std::move(*refusal);
  const Node& root = std::get<Node>(body);
  const Node* hash = root.find("sha256");
  if (hash == nullptr || hash->kind != Kind::string || !is_sha256(hash->string)) {
    return refuse_value(call, hash ? hash->at : root.at, hash ? "/sha256" : "",
                        "sha256 is no SHA-256 of a token",
                        "draw 32 random bytes, write hpo_w_ and their 64 hexadecimal digits, and "
                        "send the SHA-256 of that text; or: hpo token STUDY");
  }
  const Node* valid = root.find("valid_s");
  if (valid == nullptr || valid->kind != Kind::integer || valid->integer < 1 ||
      valid->integer > valid_s_max) {
    return refuse_value(call, valid ? valid->at : root.at, valid ? "/valid_s" : "",
                        "valid_s is no whole number of seconds",
                        "send one from 1 to " + std::to_string(valid_s_max) + " (a year)");
  }
  return loop::Command{.body = loop::IssueToken{call.study, hash->string,
                                                std::chrono::seconds(valid->integer)}};
}

Prepared revoke_tokens(const Scope& scope, Call&& call) {
  auto body = parse_body(call, scope.limits.body_bytes_max, {});
  if (auto* refusal = std::get_if<Response>(&body)) return std::move(*refusal);
  return loop::Command{.body = loop::RevokeTokens{call.study}};
}

}  // namespace hpo::http
