// What people and Python write beyond JSON, turned into JSON of equal length.
//
// Everything is blanked in place, so that every position in the answer is one in the text.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>

namespace hpo::json {

struct Relaxation {
  bool comments = false;    // // and /* */ and trailing commas become blanks
  bool non_finite = false;  // NaN and ±Infinity become "0", the exponent of 1e999 blanks
  bool any_form = false;    // with non_finite: nan, inf and integers beyond 1.8e308 become "0"
};

struct Relaxed {
  std::string text{};
  std::size_t open_comment = std::string::npos;  // where a /* without its */ begins
};

bool is_non_finite_word(std::string_view word);  // NaN, -inf and the like

// Text inside strings is never touched. One pass. Any thread.
Relaxed relax(std::string_view text, const Relaxation& relaxation);

// The offset behind the string literal whose opening quote is at `offset`; text.size() if it
// does not end.
std::size_t string_end(std::string_view text, std::size_t offset);

// The offset behind the number or word that begins at `offset`.
std::size_t word_end(std::string_view text, std::size_t offset);

}  // namespace hpo::json
