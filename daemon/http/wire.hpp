// The bytes of one connection: of a Unix socket as they are, of a TCP socket through TLS.
//
// A stream as Asio's algorithms want it. Which of the two it is, is one comparison an operation;
// the plain one is Asio's own socket and nothing else. Io thread.
#pragma once

#include <boost/asio/generic/stream_protocol.hpp>
#include <boost/asio/ssl/stream.hpp>

#include <memory>
#include <utility>

namespace hpo::http {

class Wire {
 public:
  using Socket = boost::asio::generic::stream_protocol::socket;  // of either family
  using executor_type = Socket::executor_type;

  // `tls`: how TLS is spoken, and outlives this; nullptr: it is not.
  Wire(Socket socket, boost::asio::ssl::context* tls) : socket_(std::move(socket)) {
    if (tls != nullptr) tls_ = std::make_unique<Tls>(socket_, *tls);
  }
  Wire(const Wire&) = delete;
  Wire& operator=(const Wire&) = delete;

  bool is_tls() const { return tls_ != nullptr; }
  executor_type get_executor() { return socket_.get_executor(); }
  Socket& socket() { return socket_; }  // to wait, to cancel, to end; not for bytes

  // REQUIRES: is_tls(); before anything else
  template <class Handler>
  void async_handshake(Handler&& handler) {
    tls_->async_handshake(boost::asio::ssl::stream_base::server, std::forward<Handler>(handler));
  }

  template <class Buffers, class Handler>
  void async_read_some(const Buffers& buffers, Handler&& handler) {
    if (tls_) tls_->async_read_some(buffers, std::forward<Handler>(handler));
    else socket_.async_read_some(buffers, std::forward<Handler>(handler));
  }

  template <class Buffers, class Handler>
  void async_write_some(const Buffers& buffers, Handler&& handler) {
    if (tls_) tls_->async_write_some(buffers, std::forward<Handler>(handler));
    else socket_.async_write_some(buffers, std::forward<Handler>(handler));
  }

 private:
  using Tls = boost::asio::ssl::stream<Socket&>;

  Socket socket_;
  std::unique_ptr<Tls> tls_{};
};

}  // namespace hpo::http
