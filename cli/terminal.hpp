// What the standard streams are: a terminal or a pipe, with colours or without, how wide.
//
// One value, made at the start and handed down, so that output is a pure function of it.
#pragma once

#include <string>
#include <string_view>

#include "schema/paths.hpp"

namespace hpo::cli {

struct Terminal {
  static constexpr int width_default = 100;
  static constexpr int height_default = 40;

  bool is_tty = false;       // stdout; also with HPO_FORCE_TTY
  bool takes_input = false;  // stdin and stderr are terminals: questions can be asked
  bool has_color = false;    // stdout
  bool has_error_color = false;
  bool has_unicode = false;
  int width = width_default;
  int height = height_default;
};

struct Streams {  // what the system says of the three standard streams
  bool in_is_tty = false;
  bool out_is_tty = false;
  bool err_is_tty = false;
  int width = 0;   // 0: unknown
  int height = 0;
};

// NO_COLOR, CLICOLOR, CLICOLOR_FORCE, HPO_FORCE_TTY (a number above 1 is the width), TERM, LANG.
Terminal terminal_of(const Streams& streams, const Lookup& lookup);
Terminal this_terminal();

// The text in a colour of the terminal, or as it is.
enum class Style { plain, bold, dim, red, green, yellow, cyan };
std::string styled(std::string_view text, Style style, bool has_color);

// The text without what would move a terminal's cursor or change its colours: a training
// script's bytes and a study's names are shown, never obeyed.
std::string printable(std::string_view text);

}  // namespace hpo::cli
