// A connection that never blocks past its deadline.
#include "cli/stream.hpp"

#include <netinet/in.h>
#include <netinet/tcp.h>
#include <poll.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <boost/asio/error.hpp>
#include <cerrno>
#include <cstring>
#include <utility>

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

// A network that was cut says nothing: it is asked, so that a worker knows within half a minute.
bool is_tuned(int fd) {
  const std::array<std::array<int, 2>, 5> options{{{TCP_NODELAY, 1}, {TCP_KEEPIDLE, 5},
      {TCP_KEEPINTVL, 5}, {TCP_KEEPCNT, 4}, {TCP_USER_TIMEOUT, 25'000}}};
  const int yes = 1;
  bool is_set = ::setsockopt(fd, SOL_SOCKET, SO_KEEPALIVE, &yes, sizeof yes) == 0;
  for (const auto& [name, value] : options) {
    is_set = is_set && ::setsockopt(fd, IPPROTO_TCP, name, &value, sizeof value) == 0;
  }
  return is_set;
}

}  // namespace

Result<Stream> Stream::connect(const Way& way) {
  return way.remote ? connect_by_tcp(*way.remote) : connect_here(way.socket);
}

Result<Stream> Stream::connect_by_tcp(const ConnectFile& daemon) {
  const SocketAddress address = socket_address_of(daemon.address);
  Stream stream;
  stream.fd_ = runner::Fd(
      ::socket(address.family(), SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0));
  const bool is_begun =
      stream.fd_ && is_tuned(stream.fd()) &&
      (::connect(stream.fd(), address.get(), address.size) == 0 || errno == EINPROGRESS);
  if (!is_begun) {
    return Error{ErrorCode::unavailable, "no daemon answers: " + runner::errno_text(errno),
                 daemon.address.text(), "where hpod runs, type: hpo daemon status"};
  }
  auto tls = Tls::begin(stream.fd(), daemon.fingerprint);
  if (!tls) return tls.error();
  stream.tls_ = *std::move(tls);
  return stream;
}

void Stream::close() {
  tls_.reset();
  fd_.reset();
}

ssize_t Stream::put(const void* data, std::size_t size) {
  return tls_ ? tls_->put(data, size) : ::send(fd_.get(), data, size, MSG_NOSIGNAL);
}

ssize_t Stream::take(void* data, std::size_t size) {
  return tls_ ? tls_->take(data, size) : ::recv(fd_.get(), data, size, 0);
}

Result<Stream> Stream::connect_here(const std::string& path) {
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

int Stream::poll_until(Clock::time_point until, short events) {
  const auto left = std::chrono::ceil<std::chrono::milliseconds>(until - Clock::now());
  pollfd entry{.fd = fd_.get(), .events = events, .revents = 0};
  return ::poll(&entry, 1, static_cast<int>(std::max<std::int64_t>(left.count(), 0)));
}

bool Stream::wait(short events, boost::system::error_code& error) {
  const bool has_remark = remark_ && remark_at_ < deadline_;
  int ready = poll_until(has_remark ? remark_at_ : deadline_, events);
  if (ready == 0 && has_remark) {
    std::exchange(remark_, nullptr)();
    ready = poll_until(deadline_, events);
  }
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
    const ssize_t count = take(data, size);
    if (count > 0) return static_cast<std::size_t>(count);
    if (count == 0) {
      error = boost::asio::error::eof;
      return 0;
    }
    if (errno != EAGAIN && errno != EINTR) {
      error = of_errno(errno);
      return 0;
    }
    if (!wait(wanted(POLLIN), error)) return 0;
  }
}

std::size_t Stream::send(const void* data, std::size_t size, boost::system::error_code& error) {
  error = {};
  if (size == 0) return 0;
  while (true) {
    const ssize_t count = put(data, size);
    if (count >= 0) return static_cast<std::size_t>(count);
    if (errno != EAGAIN && errno != EINTR) {
      error = of_errno(errno);
      return 0;
    }
    if (!wait(wanted(POLLOUT), error)) return 0;
  }
}

}  // namespace hpo::cli
