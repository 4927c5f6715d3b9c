// Plain POSIX: Asio cannot say "0600 from the first moment".
#include "daemon/http/listener.hpp"

#include <netinet/in.h>
#include <netinet/tcp.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>
#include <string_view>
#include <utility>

#include "schema/paths.hpp"

namespace hpo::http {
namespace {

constexpr mode_t socket_mode = 0600;
constexpr mode_t directory_mode = 0700;

class Fd {
 public:
  explicit Fd(int fd) : fd_(fd) {}
  Fd(const Fd&) = delete;
  Fd& operator=(const Fd&) = delete;
  ~Fd() {
    if (fd_ >= 0) ::close(fd_);
  }
  int get() const { return fd_; }
  int release() { return std::exchange(fd_, -1); }

 private:
  int fd_ = -1;
};

Error failed(const std::string& action, const std::string& path) {
  return {ErrorCode::unavailable, action + " failed: " + std::strerror(errno), path,
          "check that the directory is yours and takes sockets"};
}

int make_socket() { return ::socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0); }

sockaddr_un address_of(const std::string& path) {
  sockaddr_un address{};
  address.sun_family = AF_UNIX;
  std::memcpy(address.sun_path, path.data(), path.size());
  return address;
}

int connect_to(int fd, const sockaddr_un& address) {
  return ::connect(fd, reinterpret_cast<const sockaddr*>(&address), sizeof address);
}

Error of_another(const std::string& directory) {
  constexpr std::string_view name = "/hpo.sock";
  constexpr std::size_t state_bytes_max = socket_path_bytes_max - name.size();
  return {ErrorCode::invalid_argument, "the socket's directory belongs to another user", directory,
          "set HPO_STATE_DIR to a path of at most " + std::to_string(state_bytes_max) +
              " bytes on a local file system, where the socket can lie in it; or have this one "
              "removed"};
}

Result<void> check_directory(const std::string& directory) {
  if (::mkdir(directory.c_str(), directory_mode) != 0 && errno != EEXIST) {
    return failed("mkdir", directory);
  }
  struct stat status {};
  if (::lstat(directory.c_str(), &status) != 0) return failed("lstat", directory);
  if (status.st_uid != ::geteuid()) return of_another(directory);
  const bool is_private = S_ISDIR(status.st_mode) && (status.st_mode & 0077U) == 0;
  if (is_private) return {};
  return Error{ErrorCode::invalid_argument, "the socket's directory is open to others",
               directory, "make it yours alone: chmod 700 " + directory};
}

// Nothing there, or nothing any more.
Result<void> clear_path(const std::string& path) {
  struct stat status {};
  if (::lstat(path.c_str(), &status) != 0) {
    if (errno == ENOENT) return {};
    return failed("lstat", path);
  }
  if (!S_ISSOCK(status.st_mode)) {
    return Error{ErrorCode::invalid_argument, "there is a file that is no socket", path,
                 "move it away"};
  }
  const Fd probe(make_socket());
  if (connect_to(probe.get(), address_of(path)) == 0 || errno == EAGAIN) {
    return Error{ErrorCode::conflict, "a daemon listens there already", path,
                 "use it, or stop it: hpo daemon stop"};
  }
  if (errno == ENOENT) return {};
  if (errno != ECONNREFUSED) return failed("connect", path);
  if (::unlink(path.c_str()) != 0 && errno != ENOENT) return failed("unlink", path);
  return {};
}

}  // namespace

Result<int> listen_unix(const std::string& path, int backlog) {
  const std::size_t slash = path.rfind('/');
  if (path.empty() || path.front() != '/' || path.size() > socket_path_bytes_max) {
    return Error{ErrorCode::invalid_argument, "the socket's path is not absolute or too long",
                 path, "use at most " + std::to_string(socket_path_bytes_max) + " bytes"};
  }
  if (auto checked = check_directory(path.substr(0, slash)); !checked) return checked.error();
  if (auto cleared = clear_path(path); !cleared) return cleared.error();
  Fd fd(make_socket());
  if (fd.get() < 0) return failed("socket", path);
  // Before bind: the file is born with this mode.
  if (::fchmod(fd.get(), socket_mode) != 0) return failed("fchmod", path);
  const sockaddr_un address = address_of(path);
  if (::bind(fd.get(), reinterpret_cast<const sockaddr*>(&address), sizeof address) != 0) {
    return failed("bind", path);
  }
  if (::chmod(path.c_str(), socket_mode) != 0) return failed("chmod", path);
  if (::listen(fd.get(), backlog) != 0) return failed("listen", path);
  return fd.release();
}

Result<int> listen_tcp(const TcpAddress& address, int backlog) {
  const std::string where = "tcp://" + address.text();
  if (address.host == "0.0.0.0" || address.host == "::") {
    return Error{ErrorCode::invalid_argument, "this is no address that a worker could connect to",
                 where, "name the one by which compute nodes reach this host: hostname -I"};
  }
  const SocketAddress at = socket_address_of(address);
  Fd fd(::socket(at.family(), SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0));
  if (fd.get() < 0) return failed("socket", where);
  const int yes = 1;
  ::setsockopt(fd.get(), SOL_SOCKET, SO_REUSEADDR, &yes, sizeof yes);
  if (::bind(fd.get(), at.get(), at.size) != 0) {
    const bool is_taken = errno == EADDRINUSE;
    return Error{is_taken ? ErrorCode::unavailable : ErrorCode::invalid_argument,
                 std::string("hpod cannot listen there: ") + std::strerror(errno), where,
                 is_taken ? "choose another port, and make new tokens: hpo token STUDY"
                          : "choose an address of this host: hostname -I"};
  }
  // Connections inherit it: an answer is one write, and must not wait for another.
  ::setsockopt(fd.get(), IPPROTO_TCP, TCP_NODELAY, &yes, sizeof yes);
  if (::listen(fd.get(), backlog) != 0) return failed("listen", where);
  return fd.release();
}

Result<TcpAddress> bound_to(int fd) {
  SocketAddress address;
  if (::getsockname(fd, address.get(), &address.size) != 0) return failed("getsockname", "TCP");
  return tcp_address_of(address);
}

Result<uid_t> peer_uid(int fd) {
  ucred peer{};
  socklen_t size = sizeof peer;
  if (::getsockopt(fd, SOL_SOCKET, SO_PEERCRED, &peer, &size) != 0) {
    return failed("SO_PEERCRED", "a connection");
  }
  return peer.uid;
}

SocketInode inode_of(const std::string& path) {
  struct stat status {};
  if (::lstat(path.c_str(), &status) != 0) return {};
  return {status.st_dev, status.st_ino};
}

void remove_socket(const std::string& path, const SocketInode& ours) {
  const SocketInode now = inode_of(path);
  if (now.inode != 0 && now.device == ours.device && now.inode == ours.inode) {
    ::unlink(path.c_str());
  }
}

}  // namespace hpo::http
