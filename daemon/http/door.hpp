// One listening socket, and who has come in by it: of server.cpp. Io thread.
#pragma once

#include <boost/asio/basic_socket_acceptor.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/ssl/context.hpp>

#include <memory>
#include <unordered_set>

#include "daemon/http/session.hpp"

namespace hpo::http {

struct Door {
  using Protocol = Session::Socket::protocol_type;

  explicit Door(boost::asio::io_context& io) : acceptor(io) {}

  void open(int family, int fd) {
    boost::system::error_code ignored;
    acceptor.close(ignored);
    acceptor.assign(Protocol(family, 0), fd, ignored);
  }
  void close() {
    boost::system::error_code ignored;
    acceptor.close(ignored);
  }

  boost::asio::basic_socket_acceptor<Protocol> acceptor;
  std::unique_ptr<boost::asio::ssl::context> tls{};  // nullptr: of the Unix socket
  std::unordered_set<std::shared_ptr<Session>> sessions{};
  bool is_accepting = false;
};

}  // namespace hpo::http
