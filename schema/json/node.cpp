// Node: looking things up in a tree, and reading text that we wrote ourselves.
//
// Any thread.
#include "schema/json/node.hpp"

namespace hpo::json {
namespace {

// Our own text may outgrow what we accept from strangers: defaults are filled in.
constexpr ParseOptions own_text{.bytes_max = 64U << 20U, .depth_max = 64};

}  // namespace

const Node* Node::find(std::string_view key) const {
  for (const Member& member : members) {
    if (member.key == key) return &member.value;
  }
  return nullptr;
}

std::string pointer_token(std::string_view key) {
  std::string token;
  for (const char c : key) {
    if (c == '~') token += "~0";
    else if (c == '/') token += "~1";
    else token += c;
  }
  return token;
}

Result<Node> parse_own(std::string_view text, std::string_view where) {
  Parsed parsed = parse(text, own_text);
  if (parsed.problems.empty()) return std::move(parsed.root);
  const ParseProblem& problem = parsed.problems.front();
  return Error{ErrorCode::corrupt, problem.message,
               std::string(where) + " " + problem.pointer + " at byte " +
                   std::to_string(problem.at.offset),
               "this text was written by hpo and changed since; restore it from a backup"};
}

}  // namespace hpo::json
