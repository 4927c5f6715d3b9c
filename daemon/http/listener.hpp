// The listening sockets: the Unix one private, never stolen from a living daemon; the one by TCP on
// the one address that was asked for. Any thread, at start.
#pragma once

#include <string>

#include <sys/types.h>

#include "schema/result.hpp"
#include "schema/tcp_address.hpp"

namespace hpo::http {

// A bound and listening socket with mode 0600 in a directory with mode 0700, which is made if it
// is not there. A socket left behind is removed only if connect() is refused.
// Error: conflict if somebody listens, or the path is no socket; invalid_argument if it is too long
// or the directory is open to others.
Result<int> listen_unix(const std::string& path, int backlog);

// A bound and listening TCP socket; it may be bound again at once after our end.
// Error: invalid_argument if the address is not one of this host's, or all of them; unavailable if
// the port is taken.
Result<int> listen_tcp(const TcpAddress& address, int backlog);
Result<TcpAddress> bound_to(int fd);  // with the port that a 0 became

// The user at the other end, as the kernel knows.
Result<uid_t> peer_uid(int fd);

// Removes the path if it is still the socket `fd` is bound to (inode noted at bind).
struct SocketInode {
  dev_t device = 0;
  ino_t inode = 0;
};
SocketInode inode_of(const std::string& path);
void remove_socket(const std::string& path, const SocketInode& ours);

}  // namespace hpo::http
