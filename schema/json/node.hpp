// JSON as we read it: a tree that remembers where each value stood in the text.
//
// Positions make an error message that points; the limits make untrusted text safe: depth and
// size are refused while parsing, before any recursion. Duplicate keys and numbers that cannot be
// kept are refused as well, but reading goes on behind them: see Parsed::is_whole.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "schema/result.hpp"

namespace hpo::json {

struct Position {
  std::size_t offset = 0;  // bytes from the start of the text
  std::size_t length = 0;  // bytes that the value or key takes, to draw the caret
};

enum class Kind { null, boolean, integer, number, string, array, object };

struct Member;

struct Node {
  Kind kind = Kind::null;
  bool boolean = false;
  std::int64_t integer = 0;      // Kind::integer: written without point or exponent
  double number = 0.0;           // Kind::number, and Kind::integer too
  std::string string{};
  std::vector<Node> items{};     // of an array
  std::vector<Member> members{}; // of an object, in the order of the text
  Position at{};

  // Compiled once, in node.cpp: a hundred files copy and end one.
  Node();
  explicit Node(Kind kind, Position at = {});
  Node(const Node&);
  Node(Node&&) noexcept;
  Node& operator=(const Node&);
  Node& operator=(Node&&) noexcept;
  ~Node();

  bool is_number() const { return kind == Kind::integer || kind == Kind::number; }
  // nullptr if this is no object or has no such member.
  const Node* find(std::string_view key) const;
};

struct Member {
  std::string key{};
  Position key_at{};
  Node value{};
};

struct ParseOptions {
  std::size_t bytes_max = 4U << 20U;
  int depth_max = 32;
  std::size_t values_max = 1U << 20U;  // nodes in all: a node takes far more memory than "1,"
  bool comments = false;       // // and /* */ and trailing commas: in files only
  bool non_finite = false;     // accept NaN, Infinity, -Infinity and 1e999 as Kind::number, as
                               // Python's json module writes them: in results only
  bool keep_going = false;     // read on behind NaN and 1e999, as behind duplicate keys: for
                               // people, who want to hear of every problem at once
};

// What is wrong with a text, and where. `code` is one of schema/decode/problems.def.
struct ParseProblem {
  std::string_view code{};
  std::string message{};
  std::string pointer{};   // of the value that was being read
  Position at{};
};

struct Parsed {
  Node root{};
  std::vector<ParseProblem> problems{};  // by position; empty: root is the whole text
  int problems_more = 0;                 // that did not fit
  // Read to the end. If there are problems nevertheless, root is good for finding more of them
  // and for nothing else: null stands for a number, the second of two equal keys is left out,
  // and so is each \u0000.
  bool is_whole = false;
};

// Never throws, never recurses deeper than depth_max. Any thread.
Parsed parse(std::string_view text, const ParseOptions& options = {});

// The node as JSON, on one line, without its positions and comments.
std::string node_text(const Node& node);

// One step of a JSON pointer: "~" and "/" escaped (RFC 6901).
std::string pointer_token(std::string_view key);

// A member of an object of our own; "" or 0 if it is missing or of another kind.
std::string text_at(const Node& object, std::string_view key);
std::int64_t integer_at(const Node& object, std::string_view key);

// For text of our own (the database, exit.json): one Error instead of a list.
Result<Node> parse_own(std::string_view text, std::string_view where);

}  // namespace hpo::json
