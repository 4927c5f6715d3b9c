// The cursor, the stack of open brackets, and the problems that only a tree can show.
//
// No recursion: the depth is bounded before a Node is made. One thread.
#include "schema/json/tree_builder.hpp"

#include <algorithm>
#include <cstdlib>
#include <numeric>
#include <tuple>

#include "schema/json/relax.hpp"
#include "schema/json/syntax.hpp"

namespace hpo::json {
namespace {

constexpr std::size_t problems_max = 20;  // of one text; more help nobody

bool has_zero(const std::string& text) { return text.find('\0') != std::string::npos; }

bool is_before(const ParseProblem& a, const ParseProblem& b) { return a.at.offset < b.at.offset; }

// Members whose key came before, by position. Sorted, so that a million keys cost no more than
// their reading did.
std::vector<std::size_t> find_duplicates(const std::vector<Member>& members) {
  std::vector<std::size_t> sorted(members.size());
  std::iota(sorted.begin(), sorted.end(), std::size_t{0});
  std::sort(sorted.begin(), sorted.end(), [&members](std::size_t a, std::size_t b) {
    return std::tie(members[a].key, a) < std::tie(members[b].key, b);
  });
  std::vector<std::size_t> found;
  for (std::size_t i = 1; i < sorted.size(); ++i) {
    if (members[sorted[i]].key == members[sorted[i - 1]].key) found.push_back(sorted[i]);
  }
  std::sort(found.begin(), found.end());
  return found;
}

void remove_members(std::vector<Member>& members, const std::vector<std::size_t>& which) {
  std::size_t kept = which.front();
  auto next = which.begin();
  for (std::size_t i = kept; i < members.size(); ++i) {
    if (next != which.end() && *next == i) ++next;
    else members[kept++] = std::move(members[i]);
  }
  members.resize(kept);
}

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

bool TreeBuilder::add_non_finite(Position at) {
  if (!options_.non_finite) return add_stand_in(at, number_words(at_text(at)));
  // strtod knows all of them: NaN, Infinity, -Infinity, 1e999.
  Node node(Kind::number, at);
  node.number = std::strtod(std::string(at_text(at)).c_str(), nullptr);
  return add(std::move(node));
}

// null is legal nowhere, so that nobody goes on to reason with it.
bool TreeBuilder::add_stand_in(Position at, std::string message) {
  note({.code = "HPO-E0006", .message = std::move(message), .at = at});
  return add(Node(Kind::null, at));
}

bool TreeBuilder::is_replaced(Position at) const {
  return strict_.substr(at.offset, at.length) != at_text(at);
}

bool TreeBuilder::boolean(bool flag) {
  Node node(Kind::boolean, word());
  node.boolean = flag;
  return add(std::move(node));
}

bool TreeBuilder::integer(std::int64_t value) {
  const Position at = word();
  if (is_replaced(at)) return add_non_finite(at);
  Node node(Kind::integer, at);
  node.integer = value;
  node.number = static_cast<double>(value);
  return add(std::move(node));
}

bool TreeBuilder::number(double number) {
  const Position at = word();
  if (is_replaced(at)) return add_non_finite(at);
  const bool is_integer = at_text(at).find_first_of(".eE") == std::string_view::npos;
  // Python's integers have no bounds; in a result they are numbers like others.
  if (is_integer && !options_.non_finite) {
    return add_stand_in(
        at, "an integer beyond 64 bits; write it with an exponent, as in 1e20, or as text");
  }
  Node node(Kind::number, at);
  node.number = number;
  return add(std::move(node));
}

bool TreeBuilder::string(std::string& text) {
  const Position at = quoted();
  if (has_zero(text)) {
    note({.code = "HPO-E0005",
          .message = "\\u0000 in a string; no program takes it, so remove it",
          .at = at});
    std::erase(text, '\0');
  }
  Node node(Kind::string, at);
  node.string = std::move(text);
  return add(std::move(node));
}

bool TreeBuilder::key(std::string& text) {
  Frame& frame = stack_.back();
  frame.key_at = quoted();
  if (has_zero(text)) {
    note({.code = "HPO-E0005", .message = "\\u0000 in a key; remove it", .at = frame.key_at});
    std::erase(text, '\0');
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
  if (node.kind == Kind::object) drop_duplicates(node);
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

void TreeBuilder::drop_duplicates(Node& object) {
  const std::vector<std::size_t> found = find_duplicates(object.members);
  if (found.empty()) return;
  for (const std::size_t i : found) {
    const Member& member = object.members[i];
    if (out_.problems.size() >= problems_max &&
        member.key_at.offset >= out_.problems.back().at.offset) {
      ++out_.problems_more;  // a long key costs nothing more then
      continue;
    }
    note({.code = "HPO-E0004",
          .message = "the key \"" + member.key + "\" occurs twice; keep one of the two",
          .pointer = pointer() + "/" + pointer_token(member.key),
          .at = member.key_at});
  }
  remove_members(object.members, found);
}

// Sorted and bounded at once: duplicates are found at the end of their object, behind what is
// noted of the text after them.
void TreeBuilder::note(ParseProblem problem) {
  auto& all = out_.problems;
  const auto place = std::upper_bound(all.begin(), all.end(), problem, is_before);
  const bool is_told = place != all.begin() && std::prev(place)->at.offset == problem.at.offset;
  if (is_told) return;  // a key with \u0000 that is a duplicate without it
  if (all.size() >= problems_max) ++out_.problems_more;
  if (place == all.end() && all.size() >= problems_max) return;
  if (problem.pointer.empty()) problem.pointer = pointer();
  all.insert(place, std::move(problem));
  if (all.size() > problems_max) all.pop_back();
}

bool TreeBuilder::refuse(std::string_view code, Position at, std::string message) {
  note({.code = code, .message = std::move(message), .at = at});
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
  const Position at = word();
  refuse("HPO-E0006", at, number_words(at_text(at)));
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
  note(syntax_problem(strict_, fault));
}

Parsed TreeBuilder::finish(bool is_whole) && {
  out_.is_whole = is_whole;
  return std::move(out_);
}

}  // namespace hpo::json
