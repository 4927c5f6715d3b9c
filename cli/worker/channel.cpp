// See channel.hpp.
#include "cli/worker/channel.hpp"

#include <poll.h>
#include <sys/socket.h>

#include <boost/asio/buffer.hpp>
#include <boost/beast/core/flat_buffer.hpp>
#include <boost/beast/http/parser.hpp>
#include <boost/beast/http/string_body.hpp>
#include <cerrno>

#include "cli/endpoint.hpp"

namespace hpo::cli::worker {
namespace {

namespace http = boost::beast::http;

constexpr std::size_t receive_bytes = 64U << 10U;
constexpr std::size_t body_bytes_max = 64U << 20U;

bool would_block(ssize_t count) { return count < 0 && (errno == EAGAIN || errno == EINTR); }

}  // namespace

struct Channel::Parser {
  http::response_parser<http::string_body> http{};
  boost::beast::flat_buffer buffer{};

  Parser() {
    http.eager(true);
    http.body_limit(body_bytes_max);
  }

  // False: this is no HTTP.
  bool parse() {
    boost::system::error_code error;
    while (buffer.size() > 0 && !http.is_done()) {
      const std::size_t used = http.put(buffer.data(), error);
      buffer.consume(used);
      if (error == http::error::need_more) return true;
      if (error) return false;
    }
    return true;
  }
};

Channel::Channel(std::string target) : target_(std::move(target)) {}
Channel::~Channel() = default;

std::optional<Failure> Channel::open() {
  if (is_open()) return std::nullopt;
  if (!socket_.empty()) {  // of a daemon that was there a moment ago
    if (auto again = Stream::connect(socket_); again) {
      stream_ = *std::move(again);
      return std::nullopt;
    }
  }
  const auto endpoint = read_endpoint();
  if (!endpoint) return endpoint.failure();
  auto stream = Stream::connect(endpoint->socket);
  if (!stream) {
    return Failure{.exit_code = ExitCode::unreachable, .error = stream.error(), .details = {}};
  }
  socket_ = endpoint->socket;
  stream_ = *std::move(stream);
  return std::nullopt;
}

void Channel::close() {
  stream_.close();
  unsent_.clear();
  parser_.reset();
}

std::optional<Failure> Channel::post(const std::string& body) {
  if (auto failure = open()) return failure;
  unsent_ = "POST " + target_ + " HTTP/1.1\r\nHost: localhost\r\nAccept: application/json\r\n" +
            "Content-Type: application/json\r\nContent-Length: " + std::to_string(body.size()) +
            "\r\n\r\n" + body;
  parser_ = std::make_unique<Parser>();
  send_rest();  // a failure shows when the reply is read
  return std::nullopt;
}

short Channel::events() const { return unsent_.empty() ? POLLIN : POLLIN | POLLOUT; }

bool Channel::send_rest() {
  while (!unsent_.empty()) {
    const ssize_t count = ::send(fd(), unsent_.data(), unsent_.size(), MSG_NOSIGNAL);
    if (count < 0) return would_block(count);
    unsent_.erase(0, static_cast<std::size_t>(count));
  }
  return true;
}

Channel::Progress Channel::fail() {
  close();
  return Progress::broken;
}

Channel::Progress Channel::go_on() {
  if (!parser_) return fail();  // the daemon speaks, or hangs up, unasked
  if (!send_rest()) return fail();
  const auto space = parser_->buffer.prepare(receive_bytes);
  const ssize_t count = ::recv(fd(), space.data(), space.size(), 0);
  if (would_block(count)) return Progress::waiting;
  if (count <= 0) return fail();
  parser_->buffer.commit(static_cast<std::size_t>(count));
  if (!parser_->parse()) return fail();
  return parser_->http.is_done() ? Progress::answered : Progress::waiting;
}

HttpReply Channel::take_reply() {
  HttpReply reply{.status = static_cast<int>(parser_->http.get().result_int()),
                  .body = std::move(parser_->http.get().body())};
  const bool goes_on = parser_->http.get().keep_alive();
  parser_.reset();
  if (!goes_on) close();
  return reply;
}

}  // namespace hpo::cli::worker
