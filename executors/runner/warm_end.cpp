// See warm_end.hpp.
#include "executors/runner/warm_end.hpp"

#include <sys/wait.h>

#include <chrono>

#include "executors/runner/files.hpp"
#include "executors/runner/text.hpp"
#include "executors/runner/warm_channel.hpp"

namespace hpo::runner {
namespace {

constexpr std::size_t printed_bytes = 4096;  // of the log's end, in a message
constexpr std::size_t first_line_bytes = 300;  // of the last line or the command, on one line
constexpr std::chrono::seconds status_patience{2};  // the socket closes just before the end
constexpr timespec status_interval{.tv_sec = 0, .tv_nsec = 20'000'000};

std::string text_of_status(int status) {
  if (WIFSIGNALED(status)) return "it was ended by " + signal_name(WTERMSIG(status));
  return "it ended with exit code " + std::to_string(WEXITSTATUS(status));
}

// A traceback's last line is its error.
std::string final_line(const std::string& text) {
  const std::size_t end = text.find_last_not_of(" \t\n");
  if (end == std::string::npos) return {};
  const std::size_t before = text.find_last_of('\n', end);
  const std::size_t begin = before == std::string::npos ? 0 : before + 1;
  return excerpt(text.substr(begin, end + 1 - begin), first_line_bytes);
}

std::string printed_last(const std::string& log, std::size_t bytes_max) {
  const auto tail = read_tail(log, bytes_max);
  return tail ? cleaned(*tail) : std::string();
}

}  // namespace

std::optional<int> await_status(int pid) {
  const auto deadline = std::chrono::steady_clock::now() + status_patience;
  for (;;) {
    int status = 0;
    const pid_t ended = ::waitpid(pid, &status, WNOHANG);
    if (ended == pid) return status;
    const bool goes_on = ended == 0 && !is_told_to_end();
    if (!goes_on || std::chrono::steady_clock::now() > deadline) return std::nullopt;
    wait_for_child_signal(status_interval);
  }
}

Error never_ready(const Error& error, const std::optional<int>& status, const std::string& log,
                  const std::vector<std::string>& argv) {
  const std::string printed = printed_last(log, printed_bytes);
  const std::string line = final_line(printed);
  const bool was_killed = status && WIFSIGNALED(*status);
  return Error{was_killed ? ErrorCode::not_found : ErrorCode::invalid_argument,
               "the warm training's script was not ready for trials: " +
                   (status ? text_of_status(*status) : error.what) +
                   (line.empty() ? "" : ": " + line + "\nit printed last:\n" + printed),
               warm_place(log, argv),
               was_killed ? "see whether this machine lacks memory (dmesg); try the script by hand"
                          : "let it call hpo.serve(train) when it has loaded; try it by hand"};
}

std::string slow_text(std::chrono::seconds time, const std::string& log) {
  return "this trial waits for its script, which has not called hpo.serve(train) for " +
         std::to_string(time.count()) + " s: it loads, or trains by itself; call "
         "hpo.serve(train) at the end of the script, or leave \"warm\" out of the study; what it "
         "prints: " + log;
}

std::string warm_place(const std::string& log, const std::vector<std::string>& argv) {
  if (!printed_last(log, 1).empty()) return log;
  std::string words;
  for (const std::string& word : argv) words += (words.empty() ? "" : " ") + word;
  return "the study's command, which printed nothing: " + excerpt(words, first_line_bytes);
}

}  // namespace hpo::runner
