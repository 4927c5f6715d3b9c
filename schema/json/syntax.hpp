// Why a text is not JSON, in plain words: from what was found and what could have stood there.
#pragma once

#include <string>
#include <string_view>

#include "schema/json/node.hpp"

namespace hpo::json {

// Where reading stopped. `since` is the end of the last token that was understood.
struct SyntaxFault {
  std::size_t since = 0;
  std::size_t read = 0;       // bytes that the lexer had taken, the faulty one included
  char container = ' ';       // '{' or '[' that is open, ' ' at the top
  std::size_t container_at = 0;
  bool has_key = false;       // a key was read, its value not yet
  bool is_empty = true;       // nothing in the container (or in the text) so far
  std::string_view library_words{};  // what the lexer said, to tell faults inside strings apart
};

// Why a number that is not finite is refused: NaN, or 1e999.
std::string number_words(std::string_view word);

// The code, the message and the position; the pointer is the caller's.
ParseProblem syntax_problem(std::string_view text, const SyntaxFault& fault);

}  // namespace hpo::json
