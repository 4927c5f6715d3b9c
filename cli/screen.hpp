// A block of lines at the bottom of the terminal, drawn over and over in the same place.
//
// The terminal is put back on destruction: the cursor is shown again, the last frame stays.
#pragma once

#include <cstddef>
#include <string>
#include <vector>

namespace hpo::cli {

class Screen {
 public:
  Screen();
  ~Screen();
  Screen(const Screen&) = delete;
  Screen& operator=(const Screen&) = delete;

  // One write, so that no half frame is seen. Lines must be narrower than the terminal.
  void draw(const std::vector<std::string>& lines);

 private:
  std::size_t height_ = 0;  // of the frame on the screen
};

// What draw() writes: the cursor goes up, each line is replaced, what is left below is cleared.
std::string redraw_text(const std::vector<std::string>& lines, std::size_t height_before);

}  // namespace hpo::cli
