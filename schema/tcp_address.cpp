// See tcp_address.hpp.
#include "schema/tcp_address.hpp"

#include <arpa/inet.h>
#include <netinet/in.h>

#include <array>
#include <charconv>
#include <cstring>
#include <optional>

namespace hpo {
namespace {

template <class Address>
std::optional<Address> parsed(int family, std::string_view host) {
  Address address{};
  if (::inet_pton(family, std::string(host).c_str(), &address) != 1) return std::nullopt;
  return address;
}

Error no_address(std::string_view text) {
  return {ErrorCode::invalid_argument, "this is no numeric address with a port",
          std::string(text), "write 10.0.0.5:4711, or [fd00::5]:4711; `hostname -I` lists this "
          "host's addresses"};
}

template <class Address>
SocketAddress stored(const Address& address) {
  SocketAddress all;
  static_assert(sizeof address <= sizeof all.storage);
  std::memcpy(&all.storage, &address, sizeof address);
  all.size = sizeof address;
  return all;
}

}  // namespace

std::string TcpAddress::text() const {
  const bool is_v6 = host.find(':') != std::string::npos;
  return (is_v6 ? "[" + host + "]" : host) + ":" + std::to_string(port);
}

bool is_numeric_host(std::string_view host) {
  return parsed<in_addr>(AF_INET, host) || parsed<in6_addr>(AF_INET6, host);
}

Result<TcpAddress> tcp_address_from(std::string_view text) {
  const std::size_t colon = text.rfind(':');
  if (colon == std::string_view::npos) return no_address(text);
  std::string_view host = text.substr(0, colon);
  const bool is_bracketed = host.starts_with('[') && host.ends_with(']');
  if (is_bracketed) host = host.substr(1, host.size() - 2);
  if (is_bracketed != (host.find(':') != host.npos) || !is_numeric_host(host)) {
    return no_address(text);
  }
  TcpAddress address{.host = std::string(host)};
  const char* const end = text.data() + text.size();
  const auto read = std::from_chars(text.data() + colon + 1, end, address.port);
  if (read.ec != std::errc() || read.ptr != end) return no_address(text);
  return address;
}

SocketAddress socket_address_of(const TcpAddress& address) {
  if (const auto v4 = parsed<in_addr>(AF_INET, address.host)) {
    sockaddr_in all{};
    all.sin_family = AF_INET;
    all.sin_port = htons(address.port);
    all.sin_addr = *v4;
    return stored(all);
  }
  sockaddr_in6 all{};
  all.sin6_family = AF_INET6;
  all.sin6_port = htons(address.port);
  all.sin6_addr = parsed<in6_addr>(AF_INET6, address.host).value_or(in6_addr{});
  return stored(all);
}

TcpAddress tcp_address_of(const SocketAddress& address) {
  std::array<char, INET6_ADDRSTRLEN> text{};
  if (address.family() == AF_INET) {
    sockaddr_in v4{};
    std::memcpy(&v4, &address.storage, sizeof v4);
    ::inet_ntop(AF_INET, &v4.sin_addr, text.data(), text.size());
    return {text.data(), ntohs(v4.sin_port)};
  }
  sockaddr_in6 v6{};
  std::memcpy(&v6, &address.storage, sizeof v6);
  ::inet_ntop(AF_INET6, &v6.sin6_addr, text.data(), text.size());
  return {text.data(), ntohs(v6.sin6_port)};
}

}  // namespace hpo
