// What a starting hpod writes into its log, from now on: for the person who waits for it.
#pragma once

#include <string>
#include <string_view>

namespace hpo::cli {

class StartLog {
 public:
  explicit StartLog(std::string path);
  const std::string& path() const { return path_; }

  // Notes warnings, and the countdown while hpod watches another host's lease, each once. True if
  // that countdown goes on.
  bool tell_news();

  // The end of all that was written since, indented.
  std::string last_lines() const;

 private:
  std::string text_since(std::size_t offset) const;

  std::string path_{};
  std::size_t begin_ = 0;  // where our daemon's lines begin
  std::size_t told_ = 0;   // up to where they were told
};

}  // namespace hpo::cli
