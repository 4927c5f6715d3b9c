// The cursor, the stack of open brackets, and the problems that only a tree can show.
//
// No recursion: the depth is bounded before a Node is made. One thread.
#include "schema/json/tree_builder.hpp"

#include <algorithm>
#include <cstdlib>
#include <tuple>

#include "schema/json/relax.hpp"
#include "schema/json/syntax.hpp"

namespace hpo::json {
namespace {

constexpr std::size_t problems_max = 20;  // of one text; more help nobody

}  // namespace

std::size_t TreeBuilder::next() const {
  const std::size_t offset = strict_.find_first_not_of(" \t\r\n,:", cursor_);
  return std::min(offset, strict_.size());
}

Position TreeBuilder::word() {
  const std::size_t begin = next();
  cursor_ = word_end(text_, begin);
  return {.offset = begin, .length = cursor_ - begin};
}

Position TreeBuilder::quoted() {
  const std::size_t begin = next();
  cursor_ = string_end(text_, begin);
  return {.offset = begin, .length = cursor_ - begin};
}

Node TreeBuilder::non_finite(Position at) const {
  // strtod knows all of them: NaN, Infinity, -Infinity, 1e999.
  Node node(Kind::number, at);
  node.number = std::strtod(std::string(at_text(at)).c_str(), nullptr);
  return node;
}

bool TreeBuilder::is_non_finite(Position at) const {
  return options_.non_finite && strict_.substr(at.offset, at.length) != at_text(at);
}

bool TreeBuilder::boolean(bool flag) {
  Node node(Kind::boolean, word());
  node.boolean = flag;
  return add(std::move(node));
}

bool TreeBuilder::integer(std::int64_t value) {
  const Position at = word();
  if (is_non_finite(at)) return add(non_finite(at));
  Node node(Kind::integer, at);
  node.integer = value;
  node.number = static_cast<double>(value);
  return add(std::move(node));
}

bool TreeBuilder::number(double number) {
  const Position at = word();
  if (is_non_finite(at)) return add(non_finite(at));
  const bool is_integer = at_text(at).find_first_of(".eE") == std::string_view::npos;
  // Python's integers have no bounds; in a result they are numbers like others.
  if (is_integer && !options_.non_finite) {
    return refuse("HPO-E0006", at,
                  "an integer beyond 64 bits; write it with an exponent, as in 1e20, or as text");
  }
  Node node(Kind::number, at);
  node.number = number;
  return add(std::move(node));
}

bool TreeBuilder::string(std::string& text) {
  const Position at = quoted();
  if (text.find('\0') != std::string::npos) {
    return refuse("HPO-E0005", at, "\\u0000 in a string; no program takes it, so remove it");
  }
  Node node(Kind::string, at);
  node.string = std::move(text);
  return add(std::move(node));
}

bool TreeBuilder::key(std::string& text) {
  Frame& frame = stack_.back();
  frame.key_at = quoted();
  if (text.find('\0') != std::string::npos) {
    return refuse("HPO-E0005", frame.key_at, "\\u0000 in a key; remove it");
  }
  frame.key = std::move(text);
  frame.has_key = true;
  return true;
}

bool TreeBuilder::start(Kind kind) {
  const std::size_t begin = next();
  cursor_ = begin + 1;
  if (stack_.size() >= static_cast<std::size_t>(options_.depth_max)) {
    return refuse("HPO-E0003", {.offset = begin, .length = 1},
                  "more than " + std::to_string(options_.depth_max) +
                      " brackets inside one another; make it flatter");
  }
  stack_.push_back({.node = Node(kind, {.offset = begin, .length = 1})});
  return true;
}

bool TreeBuilder::end() {
  cursor_ = next() + 1;
  Node node = std::move(stack_.back().node);
  stack_.pop_back();
  node.at.length = cursor_ - node.at.offset;
  if (node.kind == Kind::object) report_duplicates(node);
  return add(std::move(node));
}

bool TreeBuilder::add(Node node) {
  if (++values_ > options_.values_max) {
    return refuse("HPO-E0002", node.at, "more than " + std::to_string(options_.values_max) +
                                            " values; split the text");
  }
  if (stack_.empty()) {
    out_.root = std::move(node);
    return true;
  }
  Frame& frame = stack_.back();
  if (frame.node.kind == Kind::array) {
    frame.node.items.push_back(std::move(node));
  } else {
    frame.node.members.push_back({std::move(frame.key), frame.key_at, std::move(node)});
    frame.has_key = false;
  }
  return true;
}

// Sorted, so that a million keys cost no more than their reading did.
void TreeBuilder::report_duplicates(const Node& object) {
  std::vector<const Member*> sorted;
  sorted.reserve(object.members.size());
  for (const Member& member : object.members) sorted.push_back(&member);
  std::sort(sorted.begin(), sorted.end(), [](const Member* a, const Member* b) {
    return std::tie(a->key, a->key_at.offset) < std::tie(b->key, b->key_at.offset);
  });
  for (std::size_t i = 1; i < sorted.size(); ++i) {
    if (sorted[i]->key != sorted[i - 1]->key) continue;
    refuse("HPO-E0004", sorted[i]->key_at,
           "the key \"" + sorted[i]->key + "\" occurs twice; keep one of the two");
    if (out_.problems.size() < problems_max) {
      out_.problems.back().pointer += "/" + pointer_token(sorted[i]->key);
    }
  }
}

bool TreeBuilder::refuse(std::string_view code, Position at, std::string message) {
  if (out_.problems.size() < problems_max) {
    out_.problems.push_back(
        {.code = code, .message = std::move(message), .pointer = pointer(), .at = at});
  }
  return false;
}

std::string TreeBuilder::pointer() const {
  std::string path;
  for (const Frame& frame : stack_) {
    if (frame.node.kind == Kind::array) path += "/" + std::to_string(frame.node.items.size());
    else if (frame.has_key) path += "/" + pointer_token(frame.key);
  }
  return path;
}

void TreeBuilder::overflow() {
  refuse("HPO-E0006", word(), "a number beyond 1.8e308, the largest there is");
}

void TreeBuilder::syntax_error(std::size_t read, std::string_view library_words) {
  SyntaxFault fault{.since = cursor_, .read = read, .library_words = library_words};
  fault.is_empty = values_ == 0;
  if (!stack_.empty()) {
    const Frame& frame = stack_.back();
    fault.container = frame.node.kind == Kind::object ? '{' : '[';
    fault.container_at = frame.node.at.offset;
    fault.has_key = frame.has_key;
    fault.is_empty = frame.node.items.empty() && frame.node.members.empty();
  }
  ParseProblem problem = syntax_problem(strict_, fault);
  problem.pointer = pointer();
  out_.problems.push_back(std::move(problem));
}

Parsed TreeBuilder::finish() && {
  std::stable_sort(out_.problems.begin(), out_.problems.end(),
                   [](const ParseProblem& a, const ParseProblem& b) {
                     return a.at.offset < b.at.offset;
                   });
  return std::move(out_);
}

}  // namespace hpo::json
