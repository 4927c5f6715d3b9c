// User text made fit for a terminal: control characters visible, widths known.
//
// A study file is untrusted: what it says must never reach the terminal as an escape sequence.
// Pure, any thread.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>

namespace hpo::decode {

// One character of the text, as it is shown.
struct Glyph {
  std::string text{};     // "a", "ü", "\x1b", four blanks for a tab
  std::size_t bytes = 1;  // that it takes in the source
  std::size_t width = 1;  // columns of the terminal
};

// REQUIRES: offset < text.size()
Glyph glyph_at(std::string_view text, std::size_t offset);

// Control characters, direction marks and stray bytes become \x1b, \u202e.
std::string visible(std::string_view text);

// For messages: visible, clipped, in double quotes.
std::string quoted(std::string_view text);

// The first so many characters, and "…" if there are more.
std::string clipped(std::string_view text, std::size_t characters_max);

// A line end, a tab, an escape: nothing of these belongs into a name, a path or an option.
bool has_control_character(std::string_view text);

// The number of characters, not bytes; a stray byte counts as one.
std::size_t count_characters(std::string_view text);

}  // namespace hpo::decode
