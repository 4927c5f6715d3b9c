// How hpo speaks: the two streams, failures and questions.
#include "cli/output.hpp"

#include <cstdio>
#include <cstring>

namespace hpo::cli {

bool print(std::string_view text) {
  return std::fwrite(text.data(), 1, text.size(), stdout) == text.size();
}

bool print_line(std::string_view text) {
  const bool is_written = print(text);
  return std::fputc('\n', stdout) != EOF && is_written;
}

ExitCode finish_output(ExitCode code) {
  const bool is_written = std::fflush(stdout) == 0 && std::ferror(stdout) == 0;
  if (is_written || code != ExitCode::ok) return code;
  note("the output could not be written whole; is the disk full? try: df -h .");
  return ExitCode::error;
}

void note(std::string_view text) {
  std::fflush(stdout);  // keeps the order when both streams are one terminal
  const std::string line = "hpo: " + printable(text) + "\n";
  std::fwrite(line.data(), 1, line.size(), stderr);
}

std::string failure_text(const Failure& failure, bool has_color) {
  std::string text = styled("error: ", Style::red, has_color) + printable(failure.error.what);
  if (!failure.error.where.empty()) text += "\n  at   " + printable(failure.error.where);
  if (!failure.details.empty()) {
    text += "\n" + printable(failure.details);
    while (text.back() == '\n') text.pop_back();
  }
  if (!failure.error.remedy.empty()) {
    text += "\n  " + styled("next", Style::cyan, has_color) + " " +
            printable(failure.error.remedy);
  }
  return text + "\n";
}

ExitCode tell(const Failure& failure, const Terminal& terminal) {
  std::fflush(stdout);
  const std::string text = "hpo: " + failure_text(failure, terminal.has_error_color);
  std::fwrite(text.data(), 1, text.size(), stderr);
  return failure.exit_code;
}

bool confirm(std::string_view question) {
  const std::string line = "hpo: " + printable(question) + " [y/N] ";
  std::fwrite(line.data(), 1, line.size(), stderr);
  std::fflush(stderr);
  char answer[16];
  if (std::fgets(answer, sizeof answer, stdin) == nullptr) return false;
  return answer[0] == 'y' || answer[0] == 'Y';
}

}  // namespace hpo::cli
