// One connection: read a request, have it answered, write the answer, again. One at a time.
//
// No timer of its own: the hub looks at all deadlines a few times a second, so a request costs no
// timer. Pipelined requests wait in the buffer. Io thread only; answers come back to it by post.
#pragma once

#include <boost/beast/core/flat_buffer.hpp>

#include <chrono>
#include <memory>
#include <optional>
#include <string>

#include "daemon/http/api.hpp"
#include "daemon/http/head.hpp"
#include "daemon/http/line.hpp"
#include "daemon/http/wire.hpp"

namespace hpo::http {

class Session;

// What a session needs of the server. Outlives all sessions.
class Hub {
 public:
  virtual ~Hub() = default;
  virtual Api& api() = 0;
  virtual std::uint64_t next_request() = 0;
  virtual bool is_stopping() const = 0;
  virtual void gone(const std::shared_ptr<Session>& session) = 0;  // called once
};

class Session : public std::enable_shared_from_this<Session> {
 public:
  using Clock = std::chrono::steady_clock;
  using Socket = Wire::Socket;

  // `tls`: of a client by TCP, who has to show a token; nullptr: of the Unix socket.
  Session(Socket socket, boost::asio::ssl::context* tls, std::shared_ptr<Hub> hub);
  ~Session() { line_->cut(); }

  void start();
  void expire(Clock::time_point now);  // ends what is past its deadline
  void stop();                         // idle: now; else after the answer under way
  void close();                        // at once, whatever is under way
  bool is_by_tcp() const { return wire_.is_tls(); }
  bool is_stranger() const { return is_by_tcp() && !pass_; }  // has shown no good token yet
  Clock::time_point began() const { return began_; }

 private:
  enum class Phase {
    handshake, idle, head, checking, body, answering, writing, draining, closed
  };
  using ErrorCode = boost::system::error_code;
  // A token that was good a moment ago.
  struct Pass {
    std::string sha256{};
    std::string study{};
    Clock::time_point until{};  // then it is looked up again
  };

  void enter(Phase phase, Clock::time_point deadline);
  void shake_hands();
  void listen();
  void read();
  void on_read(ErrorCode error, std::size_t bytes);
  void advance();
  void take_head(std::size_t bytes);
  void check_token();
  void token_found(std::uint64_t request, const std::string& sha256, const FoundToken& found);
  void take_route();
  void take_body();
  void send_continue();
  void answer();
  Respond make_respond();
  void watch_disconnect();
  void reply(std::uint64_t request, Response response);
  void refuse(Response response);
  void send(Response response);
  void on_written(ErrorCode error);
  void drain();

  Wire wire_;
  std::shared_ptr<Line> line_;
  std::shared_ptr<Hub> hub_;
  const Limits& limits_;
  boost::beast::flat_buffer buffer_;
  std::optional<Parser> parser_{};
  Head head_{};
  std::string response_head_{};
  std::string response_body_{};
  Phase phase_ = Phase::idle;
  std::optional<Pass> pass_{};
  Clock::time_point began_ = Clock::now();
  Clock::time_point deadline_{};
  Clock::time_point first_byte_{};
  std::uint64_t request_ = 0;       // the one under way
  std::size_t scanned_ = 0;         // of the buffer, for the end of the head
  std::size_t drained_ = 0;
  bool keep_alive_ = true;
  bool has_rest_ = false;           // bytes of the request that were not read
};

}  // namespace hpo::http
