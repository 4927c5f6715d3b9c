// See program.hpp.
#include "daemon/external/program.hpp"

#include <poll.h>
#include <signal.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <optional>

#include "daemon/external/protocol.hpp"
#include "executors/runner/text.hpp"

namespace hpo::external {
namespace {

using namespace std::chrono_literals;
using Clock = std::chrono::steady_clock;
using runner::Fd;

constexpr auto end_patience = 500ms;  // between the end of its output and that of the process
constexpr std::size_t begun_bytes = 200;
constexpr int reads_at_once = 16;  // a flood of stderr must not keep us from looking at the time

// Appends what is there by now; false at the end of the stream, which is closed then.
bool read_some(Fd& fd, std::string& text) {
  char buffer[65536];
  for (int i = 0; fd && i < reads_at_once; ++i) {
    const ssize_t count = ::read(fd.get(), buffer, sizeof buffer);
    if (count < 0 && errno == EINTR) continue;
    if (count < 0 && errno == EAGAIN) return true;
    if (count <= 0) {
      fd.reset();
      return false;
    }
    text.append(buffer, static_cast<std::size_t>(count));
  }
  return static_cast<bool>(fd);
}

void wait_for_news(const Spawned& process, bool has_more, Clock::time_point deadline) {
  std::array<pollfd, 3> ends{{{process.output.get(), POLLIN, 0},
                              {process.error.get(), POLLIN, 0},
                              {has_more ? process.input.get() : -1, POLLOUT, 0}}};
  const auto left = std::chrono::ceil<std::chrono::milliseconds>(deadline - Clock::now());
  ::poll(ends.data(), ends.size(), static_cast<int>(std::max(0ms, left).count()));
}

// nullopt: it has not ended. It stays a zombie, so that its group keeps its number.
std::optional<siginfo_t> end_of(int pid) {
  siginfo_t info{};
  const int answer = ::waitid(P_PID, static_cast<id_t>(pid), &info, WEXITED | WNOHANG | WNOWAIT);
  if (answer == 0 && info.si_pid == pid) return info;
  return std::nullopt;
}

std::string words_of(const std::optional<siginfo_t>& end) {
  if (!end) return "it closed its output";
  const std::string number = std::to_string(end->si_status);
  if (end->si_code == CLD_EXITED) return "it ended with exit code " + number;
  return "it was ended by signal " + number;
}

Error too_long(std::string_view text) {
  return {ErrorCode::corrupt, "its reply is longer than " + std::to_string(reply_bytes_max) +
          " bytes: " + runner::excerpt(text, begun_bytes), "the reply of the strategy's program",
          "print one short line for each request"};
}

Error unasked(std::string_view text) {
  return {ErrorCode::corrupt, "it wrote more than one line for a request: " +
          runner::excerpt(text, begun_bytes), "the reply of the strategy's program",
          "print one line for each request to stdout, and everything else to stderr"};
}

}  // namespace

Result<std::unique_ptr<Program>> Program::start(const Launch& launch, Log& log) {
  auto process = spawn(launch);
  if (!process) return process.error();
  return std::unique_ptr<Program>(new Program(*std::move(process), launch.study, log));
}

Program::~Program() {
  drain_error();
  ::kill(-process_.pid, SIGKILL);
  ::kill(process_.pid, SIGKILL);  // should it have left its group
  while (::waitpid(process_.pid, nullptr, 0) < 0 && errno == EINTR) {}
}

void Program::drain_error() {
  std::string text;
  read_some(process_.error, text);
  log_.write(text);
}

void Program::drain_output() { read_some(process_.output, buffer_); }

void Program::feed(std::string_view& rest) {
  while (!rest.empty()) {
    const ssize_t count = ::write(process_.input.get(), rest.data(), rest.size());
    if (count < 0 && errno == EINTR) continue;
    if (count < 0 && errno == EAGAIN) return;
    if (count < 0) rest = {};  // it does not read any more: its output tells why
    else rest.remove_prefix(static_cast<std::size_t>(count));
  }
}

Error Program::ended() {
  const auto deadline = Clock::now() + end_patience;
  auto end = end_of(process_.pid);
  while (!end && Clock::now() < deadline) {
    drain_error();
    wait_for_news(process_, false, std::min(deadline, Clock::now() + 1ms));
    end = end_of(process_.pid);
  }
  drain_error();
  const std::string last = log_.last_words();
  return {ErrorCode::unavailable, words_of(end) + (last.empty() ? "" : "; its last words: " + last),
          "the strategy's program", "look at its stderr: hpo logs " + study_ + " --strategy"};
}

Error Program::silent(std::chrono::milliseconds patience) const {
  const std::string begun = buffer_.empty() ? "" : "; it began: " +
                                                   runner::excerpt(buffer_, begun_bytes);
  return {ErrorCode::unavailable, "it did not answer within " +
          std::to_string(patience.count() / 1000) + " s" + begun, "the strategy's program",
          "flush stdout after each line, or raise \"time\" in \"strategy\""};
}

// The line that came, if all of ours was read; else what is wrong, or an empty text: wait.
Result<std::string> Program::take_line(std::string_view rest) {
  const std::size_t end = buffer_.find('\n');
  if (std::min(end, buffer_.size()) > reply_bytes_max) return too_long(buffer_);
  if (end == std::string::npos) return std::string();
  if (!rest.empty()) return unasked(buffer_);
  if (end + 1 < buffer_.size()) return unasked(std::string_view(buffer_).substr(end + 1));
  std::string line = buffer_.substr(0, end);
  buffer_.clear();
  return line.empty() ? std::string(" ") : line;  // an empty line is a reply too, a bad one
}

Result<std::string> Program::exchange(std::string_view line, std::chrono::milliseconds patience) {
  const auto deadline = Clock::now() + patience;
  drain_output();
  if (!buffer_.empty()) return unasked(buffer_);
  const std::string sent = std::string(line) + "\n";
  std::string_view rest = sent;
  while (true) {
    feed(rest);
    drain_error();
    drain_output();
    auto reply = take_line(rest);
    if (!reply || !reply->empty()) return reply;
    if (!process_.output) return ended();
    if (Clock::now() >= deadline) return silent(patience);
    wait_for_news(process_, !rest.empty(), deadline);
  }
}

}  // namespace hpo::external
