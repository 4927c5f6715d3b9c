// Reading of small bodies; malformed JSON is 400, JSON that means nothing here 422.
#include "daemon/http/body.hpp"

#include "daemon/http/problem.hpp"

namespace hpo::http {
namespace {

std::string suggest(const std::string& key, const std::vector<std::string_view>& known) {
  const std::string_view near = nearest(key, known);
  if (!near.empty()) return did_you_mean(near);
  std::string list;
  for (const std::string_view name : known) (list += list.empty() ? "" : ", ") += name;
  return list.empty() ? "send {} or no body" : "known are: " + list;
}

}  // namespace

Response refuse_value(const Call& call, const json::Position& at, std::string pointer,
                      std::string message, std::string suggestion) {
  auto problems = to_problems({{.message = std::move(message), .pointer = std::move(pointer),
                                .at = at}}, call.body);
  problems.front().suggestion = std::move(suggestion);
  return problem(422, problems, 0, call.id);
}

std::variant<json::Node, Response> parse_body(const Call& call, std::size_t bytes_max,
                                              const std::vector<std::string_view>& known) {
  if (call.body.empty()) return json::Node(json::Kind::object);
  json::Parsed parsed = json::parse(call.body, {.bytes_max = bytes_max});
  if (!parsed.problems.empty()) {
    return problem(400, to_problems(parsed.problems, call.body), parsed.problems_more,
                   call.id);
  }
  if (parsed.root.kind != json::Kind::object) {
    return refuse_value(call, parsed.root.at, "", "the body is no JSON object", suggest("", known));
  }
  for (const json::Member& member : parsed.root.members) {
    bool is_known = false;
    for (const std::string_view name : known) is_known = is_known || name == member.key;
    if (!is_known) {
      return refuse_value(call, member.key_at, "/" + member.key,
                          "unknown key \"" + member.key + "\"", suggest(member.key, known));
    }
  }
  return std::move(parsed.root);
}

}  // namespace hpo::http
