// One line of the text with a caret under what is wrong. For render.cpp.
//
// Pure, any thread.
#pragma once

#include <string>
#include <string_view>

#include "schema/json/node.hpp"

namespace hpo::decode {

struct Excerpt {
  std::string line{};    // as it is shown: clipped, tabs and control characters replaced
  std::string carets{};  // blanks and ^, as wide as the line up to the end of the mark
};

// The mark ends at the end of its line at the latest; it is one caret wide at least.
Excerpt make_excerpt(std::string_view text, const json::Position& at);

}  // namespace hpo::decode
