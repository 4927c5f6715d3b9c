// What the standard streams are; the rules are those of gh, so that habits carry over.
#include "cli/terminal.hpp"

#include <sys/ioctl.h>
#include <unistd.h>

#include <array>
#include <cstdlib>

namespace hpo::cli {
namespace {

bool is_set(const std::string& value) { return !value.empty() && value != "0"; }

bool wants_color(bool is_tty, const Lookup& lookup) {
  if (!lookup("NO_COLOR").empty()) return false;
  if (is_set(lookup("CLICOLOR_FORCE"))) return true;
  return is_tty && lookup("CLICOLOR") != "0" && lookup("TERM") != "dumb";
}

bool speaks_utf8(const Lookup& lookup) {
  for (const char* name : {"LC_ALL", "LC_CTYPE", "LANG"}) {
    const std::string value = lookup(name);
    if (value.empty()) continue;
    return value.find("UTF-8") != std::string::npos || value.find("utf8") != std::string::npos ||
           value.find("utf-8") != std::string::npos || value.find("UTF8") != std::string::npos;
  }
  return false;
}

// The length of the well-formed UTF-8 character at `at`; 0 if there is none.
std::size_t character_length(std::string_view text, std::size_t at) {
  const auto byte = [&](std::size_t i) { return static_cast<unsigned char>(text[i]); };
  const unsigned char first = byte(at);
  std::size_t length = 1;
  if (first >= 0x80) length = first >= 0xF0 ? 4 : first >= 0xE0 ? 3 : first >= 0xC2 ? 2 : 0;
  if (length == 0 || first > 0xF4 || at + length > text.size()) return 0;
  for (std::size_t i = 1; i < length; ++i) {
    if ((byte(at + i) & 0xC0U) != 0x80U) return 0;
  }
  return length;
}

bool is_control(std::string_view character) {
  const auto first = static_cast<unsigned char>(character[0]);
  if (first == '\n' || first == '\t') return false;
  if (first < 0x20 || first == 0x7F) return true;
  return first == 0xC2 && static_cast<unsigned char>(character[1]) < 0xA0;  // C1: 0x80 … 0x9F
}

}  // namespace

Terminal terminal_of(const Streams& streams, const Lookup& lookup) {
  Terminal terminal;
  const std::string force = lookup("HPO_FORCE_TTY");
  terminal.is_tty = streams.out_is_tty || is_set(force);
  terminal.takes_input = streams.in_is_tty && streams.err_is_tty;
  terminal.has_color = wants_color(terminal.is_tty, lookup);
  terminal.has_error_color = wants_color(streams.err_is_tty, lookup);
  terminal.has_unicode = speaks_utf8(lookup);
  if (streams.width > 0) terminal.width = streams.width;
  if (streams.height > 0) terminal.height = streams.height;
  const int forced_width = std::atoi(force.c_str());
  if (forced_width > 1) terminal.width = forced_width;
  return terminal;
}

Terminal this_terminal() {
  Streams streams{.in_is_tty = ::isatty(STDIN_FILENO) == 1,
                  .out_is_tty = ::isatty(STDOUT_FILENO) == 1,
                  .err_is_tty = ::isatty(STDERR_FILENO) == 1,
                  .width = 0,
                  .height = 0};
  winsize size{};
  if (::ioctl(STDOUT_FILENO, TIOCGWINSZ, &size) == 0) {
    streams.width = size.ws_col;
    streams.height = size.ws_row;
  }
  return terminal_of(streams, environment_value);
}

std::string styled(std::string_view text, Style style, bool has_color) {
  static constexpr std::array<std::string_view, 7> codes = {"", "1", "2", "31", "32", "33", "36"};
  if (!has_color || style == Style::plain || text.empty()) return std::string(text);
  std::string out = "\x1b[";
  out.append(codes[static_cast<std::size_t>(style)]).append("m").append(text).append("\x1b[0m");
  return out;
}

std::string printable(std::string_view text) {
  std::string out;
  out.reserve(text.size());
  for (std::size_t at = 0; at < text.size();) {
    const std::size_t length = character_length(text, at);
    if (length == 0 || is_control(text.substr(at, length))) {
      out += text[at] == '\r' ? "" : "\xEF\xBF\xBD";  // U+FFFD
      at += length == 0 ? 1 : length;
      continue;
    }
    out.append(text.substr(at, length));
    at += length;
  }
  return out;
}

}  // namespace hpo::cli
