// UTF-8, one sequence at a time: for the reader, which refuses, and the writer, which mends.
//
// Unicode 15, table 3-7: no overlong forms, no surrogates, nothing above U+10FFFF. Any thread.
#pragma once

#include <cstddef>
#include <string_view>

namespace hpo::json {

// The bytes of the well-formed sequence that begins at text[offset]; 0 if there is none.
std::size_t utf8_length(std::string_view text, std::size_t offset);

// Where a byte stands for a reader: line and column from 1, in characters; a bad byte is one.
struct Place {
  int line = 1;
  int column = 1;
};
Place place_of(std::string_view text, std::size_t offset);

// The offset of the first byte that is not UTF-8; text.size() if all is well.
std::size_t utf8_fault(std::string_view text);

}  // namespace hpo::json
