// A Unix socket that never blocks past its deadline.
#include "cli/stream.hpp"

#include <poll.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include <algorithm>
#include <boost/asio/error.hpp>
#include <cerrno>
#include <cstring>

#include "cli/interrupt.hpp"
#include "executors/runner/files.hpp"

namespace hpo::cli {
namespace {

boost::system::error_code of_errno(int number) {
  return {number, boost::system::system_category()};
}

Error connect_error(const std::string& path, int number) {
  return Error{ErrorCode::unavailable, "no daemon answers: " + runner::errno_text(number), path,
               "hpo daemon start"};
}

}  // namespace

Result<Stream> Stream::connect(const std::string& path) {
  sockaddr_un address{};
  address.sun_family = AF_UNIX;
  if (path.size() >= sizeof address.sun_path) return connect_error(path, ENAMETOOLONG);
  std::memcpy(address.sun_path, path.data(), path.size());
  Stream stream;
  stream.fd_ = runner::Fd(::socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0));
  if (!stream.fd_ || ::connect(stream.fd_.get(), reinterpret_cast<const sockaddr*>(&address),
                               sizeof address) != 0) {
    return connect_error(path, errno);
  }
  ucred peer{};
  socklen_t size = sizeof peer;
  if (::getsockopt(stream.fd_.get(), SOL_SOCKET, SO_PEERCRED, &peer, &size) != 0 ||
      peer.uid != ::geteuid()) {
    return Error{ErrorCode::invalid_argument, "the socket is another user's", path,
                 "export HPO_STATE_DIR=/a/directory/of/yours"};
  }
  stream.peer_pid_ = peer.pid;
  return stream;
}

bool Stream::wait(short events, boost::system::error_code& error) {
  const auto left = std::chrono::duration_cast<std::chrono::milliseconds>(deadline_ - Clock::now());
  pollfd entry{.fd = fd_.get(), .events = events, .revents = 0};
  const int ready = ::poll(&entry, 1, static_cast<int>(std::max<std::int64_t>(left.count(), 0)));
  if (ready > 0) return true;
  if (ready == 0) error = boost::asio::error::timed_out;
  else if (errno != EINTR) error = of_errno(errno);
  else if (is_interrupted()) error = boost::asio::error::interrupted;
  else return true;  // a signal that means nothing here, as the one for a new window size
  return false;
}

std::size_t Stream::receive(void* data, std::size_t size, boost::system::error_code& error) {
  error = {};
  if (size == 0) return 0;
  while (true) {
    const ssize_t count = ::recv(fd_.get(), data, size, 0);
    if (count > 0) return static_cast<std::size_t>(count);
    if (count == 0) {
      error = boost::asio::error::eof;
      return 0;
    }
    if (errno != EAGAIN && errno != EINTR) {
      error = of_errno(errno);
      return 0;
    }
    if (!wait(POLLIN, error)) return 0;
  }
}

std::size_t Stream::send(const void* data, std::size_t size, boost::system::error_code& error) {
  error = {};
  if (size == 0) return 0;
  while (true) {
    const ssize_t count = ::send(fd_.get(), data, size, MSG_NOSIGNAL);
    if (count >= 0) return static_cast<std::size_t>(count);
    if (errno != EAGAIN && errno != EINTR) {
      error = of_errno(errno);
      return 0;
    }
    if (!wait(POLLOUT, error)) return 0;
  }
}

}  // namespace hpo::cli
