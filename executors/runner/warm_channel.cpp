// See warm_channel.hpp.
#include "executors/runner/warm_channel.hpp"

#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <sys/socket.h>

#include <algorithm>
#include <array>
#include <cerrno>

#include "executors/runner/files.hpp"

namespace hpo::runner {
namespace {

constexpr int wait_ms_max = 60'000;

}  // namespace

Error script_gone(const std::string& how) {
  return Error{ErrorCode::not_found, "the warm training's script is gone: " + how, "HPO_WARM_FD",
               "read what it printed last, and try it by hand"};
}

void wait_for_child_signal(const timespec& time) {
  sigset_t child;
  ::sigemptyset(&child);
  ::sigaddset(&child, SIGCHLD);
  ::sigtimedwait(&child, nullptr, &time);
}

bool is_told_to_end() {
  sigset_t pending;
  ::sigemptyset(&pending);
  ::sigpending(&pending);
  return ::sigismember(&pending, SIGTERM) == 1 || ::sigismember(&pending, SIGINT) == 1 ||
         ::sigismember(&pending, SIGHUP) == 1;
}

WarmChannel::WarmChannel(Fd socket) : socket_(std::move(socket)) {
  ::fcntl(socket_.get(), F_SETFL, O_NONBLOCK);
}

Result<void> WarmChannel::wait(short events, const Fd& signals, Deadline deadline) const {
  for (;;) {
    if (is_told_to_end()) {
      return Error{ErrorCode::conflict, "told to end before the training began", "HPO_WARM_FD", ""};
    }
    const auto left = std::chrono::ceil<std::chrono::milliseconds>(
        deadline - std::chrono::steady_clock::now());
    if (left.count() <= 0) {
      return Error{ErrorCode::unavailable, "the warm training's script did not answer in time",
                   "HPO_WARM_FD", "read what it printed; it has to answer by hpo.serve(train)"};
    }
    std::array fds{pollfd{.fd = socket_.get(), .events = events, .revents = 0},
                   pollfd{.fd = signals.get(), .events = POLLIN, .revents = 0}};
    ::poll(fds.data(), fds.size(),
           static_cast<int>(std::min<std::int64_t>(left.count(), wait_ms_max)));
    if (fds[0].revents != 0) return {};
    // Else `signals` would stay readable; that the script ended is seen by its socket.
    if (fds[1].revents != 0) wait_for_child_signal({});
  }
}

Result<void> WarmChannel::send(std::string_view line, const Fd& signals, Deadline deadline) {
  while (!line.empty()) {
    if (auto ready = wait(POLLOUT, signals, deadline); !ready) return ready;
    const ssize_t count = ::send(socket_.get(), line.data(), line.size(), MSG_NOSIGNAL);
    if (count < 0 && errno != EINTR && errno != EAGAIN) return script_gone(errno_text(errno));
    if (count > 0) line.remove_prefix(static_cast<std::size_t>(count));
  }
  return {};
}

Result<std::string> WarmChannel::receive(const Fd& signals, Deadline deadline) {
  for (;;) {
    if (const std::size_t end = received_.find('\n'); end != std::string::npos) {
      std::string line = received_.substr(0, end);
      received_.erase(0, end + 1);
      return line;
    }
    if (received_.size() > warm_line_bytes_max) {
      return Error{ErrorCode::corrupt, "the warm training's script answers without a line's end",
                   "HPO_WARM_FD", "write only what helpers/serve.md says into the socket"};
    }
    if (auto ready = wait(POLLIN, signals, deadline); !ready) return ready.error();
    std::array<char, 4096> buffer;
    const ssize_t count = ::recv(socket_.get(), buffer.data(), buffer.size(), 0);
    if (count == 0) return script_gone("it closed its end");
    if (count < 0 && errno != EINTR && errno != EAGAIN) return script_gone(errno_text(errno));
    if (count > 0) received_.append(buffer.data(), static_cast<std::size_t>(count));
  }
}

}  // namespace hpo::runner
