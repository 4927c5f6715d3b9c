// Node: looking things up in a tree, and reading text that we wrote ourselves.
//
// Any thread.
#include "schema/json/node.hpp"

#include "schema/json/writer.hpp"

namespace hpo::json {

Node::Node() = default;
Node::Node(Kind kind_, Position at_) : kind(kind_), at(at_) {}
Node::Node(const Node&) = default;
Node::Node(Node&&) noexcept = default;
Node& Node::operator=(const Node&) = default;
Node& Node::operator=(Node&&) noexcept = default;
Node::~Node() = default;
namespace {

// Our own text may outgrow what we accept from strangers: defaults are filled in.
constexpr ParseOptions own_text{.bytes_max = 64U << 20U, .depth_max = 64};

void write(const Node& node, Writer& out) {  // as deep as the parser lets it be
  switch (node.kind) {
    case Kind::null: out.null(); return;
    case Kind::boolean: out.value(node.boolean); return;
    case Kind::integer: out.value(node.integer); return;
    case Kind::number: out.value(node.number); return;
    case Kind::string: out.value(node.string); return;
    case Kind::array:
      out.array();
      for (const Node& item : node.items) write(item, out);
      break;
    case Kind::object:
      out.object();
      for (const Member& member : node.members) write(member.value, out.key(member.key));
      break;
  }
  out.end();
}

}  // namespace

const Node* Node::find(std::string_view key) const {
  for (const Member& member : members) {
    if (member.key == key) return &member.value;
  }
  return nullptr;
}

std::string text_at(const Node& object, std::string_view key) {
  const Node* found = object.find(key);
  return found && found->kind == Kind::string ? found->string : std::string();
}

std::int64_t integer_at(const Node& object, std::string_view key) {
  const Node* found = object.find(key);
  return found && found->kind == Kind::integer ? found->integer : 0;
}

std::string node_text(const Node& node) {
  Writer text;
  write(node, text);
  return std::move(text).text();
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
