// What a strategy's program writes to stderr: the last of it, in a file that stays small.
//
// One writer at a time. A disk that takes nothing costs the text, never the strategy.
#pragma once

#include <string>
#include <string_view>

namespace hpo::external {

class Log {
 public:
  static constexpr std::size_t bytes_max = 1U << 20U;   // of the file
  static constexpr std::size_t kept_bytes = 512U << 10U;  // its end, once it is full

  // "": no file; only the last words are kept. The directory is made with the first write.
  explicit Log(std::string path) : path_(std::move(path)) {}

  void write(std::string_view text);

  // A line of ours between those of the program.
  void note(const std::string& what);

  // Its last line that says anything, shortened; "" if there was none since the last note.
  std::string last_words() const;

 private:
  void append(std::string_view text);

  std::string path_;
  std::string end_{};  // since the last note, bounded
};

}  // namespace hpo::external
