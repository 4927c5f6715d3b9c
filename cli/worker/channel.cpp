// See channel.hpp.
#include "cli/worker/channel.hpp"

#include <poll.h>

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

Failure unreachable(const Error& error) {
  return {.exit_code = ExitCode::unreachable, .error = error, .details = {}};
}

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

Channel::Channel(std::string target, std::optional<ConnectFile> remote)
    : target_(std::move(target)), way_{.socket = {}, .remote = std::move(remote)} {}
Channel::~Channel() = default;

std::optional<Failure> Channel::open() {
  if (is_open()) return std::nullopt;
  if (way_.remote || !way_.socket.empty()) {  // of a daemon that was there a moment ago
    auto again = Stream::connect(way_);
    if (again) {
      stream_ = *std::move(again);
      return std::nullopt;
    }
    if (way_.remote) return unreachable(again.error());
  }
  const auto endpoint = read_endpoint();
  if (!endpoint) return endpoint.failure();
  auto stream = Stream::connect({.socket = endpoint->socket, .remote = {}});
  if (!stream) return unreachable(stream.error());
  way_.socket = endpoint->socket;
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
  unsent_ = "POST " + target_ + " HTTP/1.1\r\nHost: " + way_.host() + "\r\n";
  if (way_.remote) unsent_ += "Authorization: " + way_.authorization() + "\r\n";
  unsent_ += "Accept: application/json\r\nContent-Type: application/json\r\nContent-Length: " +
             std::to_string(body.size()) + "\r\n\r\n" + body;
  parser_ = std::make_unique<Parser>();
  send_rest();  // a failure shows when the reply is read
  return std::nullopt;
}

short Channel::events() const {
  return stream_.wanted(unsent_.empty() ? POLLIN : POLLIN | POLLOUT);
}

bool Channel::send_rest() {
  while (!unsent_.empty()) {
    const ssize_t count = stream_.put(unsent_.data(), unsent_.size());
    if (count < 0) return would_block(count);
    unsent_.erase(0, static_cast<std::size_t>(count));
  }
  return true;
}

Channel::Progress Channel::fail() {
  why_broken_ = stream_.is_of_another() ? "whoever answers has another certificate than the file "
                                          "of hpo token says"
                                        : "the daemon's connection broke";
  close();
  return Progress::broken;
}

// Until it would block: what TLS has decrypted already, no poll() would tell.
Channel::Progress Channel::go_on() {
  if (!parser_) return fail();  // the daemon speaks, or hangs up, unasked
  if (!send_rest()) return fail();
  if (!unsent_.empty()) return Progress::waiting;
  while (!parser_->http.is_done()) {
    const auto space = parser_->buffer.prepare(receive_bytes);
    const ssize_t count = stream_.take(space.data(), space.size());
    if (would_block(count)) return Progress::waiting;
    if (count <= 0) return fail();
    parser_->buffer.commit(static_cast<std::size_t>(count));
    if (!parser_->parse()) return fail();
  }
  return Progress::answered;
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
