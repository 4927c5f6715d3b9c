// A block of lines, drawn in place with four escape sequences that every terminal knows.
#include "cli/screen.hpp"

#include <cstdio>

#include "cli/output.hpp"

namespace hpo::cli {

std::string redraw_text(const std::vector<std::string>& lines, std::size_t height_before) {
  std::string text;
  if (height_before > 0) text = "\x1b[" + std::to_string(height_before) + "A";
  text += "\r";
  for (const std::string& line : lines) text += line + "\x1b[K\n";  // K: clear to its end
  return text + "\x1b[J";                                           // J: clear what is below
}

Screen::Screen() { print("\x1b[?25l"); }  // the cursor would flicker

Screen::~Screen() {
  print("\x1b[?25h");
  std::fflush(stdout);
}

void Screen::draw(const std::vector<std::string>& lines) {
  print(redraw_text(lines, height_));
  height_ = lines.size();
  std::fflush(stdout);
}

}  // namespace hpo::cli
