// TreeBuilder: from the events of a JSON parser to a tree with positions and limits.
//
// The library's events carry no positions (nlohmann 3.11), so a cursor walks the text along with
// them: each event says which token was read, and the cursor knows where it begins and ends.
// For parse.cpp alone. One thread.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "schema/json/node.hpp"

namespace hpo::json {

// One event per token, in the order of the text; `false` means: stop, a problem is noted.
// What leaves the shape of the text intact is noted, and reading goes on with a stand-in.
class TreeBuilder {
 public:
  TreeBuilder(std::string_view text, std::string_view strict, const ParseOptions& options)
      : text_(text), strict_(strict), options_(options) {}

  bool null() { return add(Node(Kind::null, word())); }
  bool boolean(bool flag);
  bool integer(std::int64_t value);
  bool number(double number);
  bool string(std::string& text);
  bool start(Kind kind);
  bool key(std::string& text);
  bool end();

  // The lexer took `read` bytes and then gave up, in these words.
  void syntax_error(std::size_t read, std::string_view library_words);
  void overflow();  // of a number

  Parsed finish(bool is_whole) &&;

 private:
  struct Frame {  // an object or array that is not closed yet
    Node node{};
    std::string key{};
    Position key_at{};
    bool has_key = false;
  };

  bool add(Node node);
  bool add_stand_in(Position at, std::string message);  // for a number
  void drop_duplicates(Node& object);
  void note(ParseProblem problem);  // its pointer is found here if it has none
  bool refuse(std::string_view code, Position at, std::string message);
  std::string pointer() const;

  std::size_t next() const;  // where the token of the present event begins
  Position word();           // of a number, true, false or null; moves the cursor behind it
  Position quoted();
  bool is_replaced(Position at) const;  // by relax(): it is not finite
  std::string_view at_text(Position at) const { return text_.substr(at.offset, at.length); }
  bool add_non_finite(Position at);

  std::string_view text_;    // as it was given
  std::string_view strict_;  // as the library reads it: equal, or blanked by relax()
  ParseOptions options_;
  std::size_t cursor_ = 0;   // behind the last token that was understood
  std::size_t values_ = 0;
  std::vector<Frame> stack_{};
  Parsed out_{};
};

}  // namespace hpo::json
