// Where a daemon listens by TCP: a numeric address and a port. No name is ever looked up, since the
// static `hpo` has no resolver and a name could be made to mean another host.
//
// Pure, any thread.
#pragma once

#include <sys/socket.h>

#include <cstdint>
#include <string>
#include <string_view>

#include "schema/result.hpp"

namespace hpo {

struct TcpAddress {
  std::string host{};      // "10.0.0.5", "::1"
  std::uint16_t port = 0;  // 0: any that is free, to listen on

  std::string text() const;  // "10.0.0.5:4711", "[::1]:4711"
  friend bool operator==(const TcpAddress&, const TcpAddress&) = default;
};

// As text() has it. Error: invalid_argument; `where` is the text.
Result<TcpAddress> tcp_address_from(std::string_view text);

// "10.0.0.5", or "::1".
bool is_numeric_host(std::string_view host);

// For bind, connect and what they tell.
struct SocketAddress {
  sockaddr_storage storage{};
  socklen_t size = sizeof(sockaddr_storage);

  const sockaddr* get() const { return reinterpret_cast<const sockaddr*>(&storage); }
  sockaddr* get() { return reinterpret_cast<sockaddr*>(&storage); }
  int family() const { return storage.ss_family; }
};
SocketAddress socket_address_of(const TcpAddress& address);  // REQUIRES: a numeric host
TcpAddress tcp_address_of(const SocketAddress& address);     // REQUIRES: of IPv4 or IPv6

}  // namespace hpo
