// The reading half of a session, its deadlines and its end. The answering half: answer.cpp;
// what comes before the first request by TCP: gate.cpp.
#include "daemon/http/session.hpp"

#include <boost/asio/buffer.hpp>
#include <boost/asio/write.hpp>

#include <algorithm>
#include <utility>

#include "daemon/http/access.hpp"
#include "daemon/http/problem.hpp"
#include "daemon/http/routes.hpp"

namespace hpo::http {
namespace {

constexpr std::string_view head_end = "\r\n\r\n";

Error late(std::string what) {
  return {hpo::ErrorCode::unavailable, std::move(what), "the connection",
          "send the request in one go"};
}

}  // namespace

Session::Session(Socket socket, boost::asio::ssl::context* tls, std::shared_ptr<Hub> hub)
    : wire_(std::move(socket), tls),
      line_(std::make_shared<Line>(wire_.socket().native_handle())), hub_(std::move(hub)),
      limits_(hub_->api().scope().limits) {}

void Session::start() { is_by_tcp() ? shake_hands() : listen(); }

// A new connection has to speak up as soon as one whose head is under way.
void Session::listen() {
  enter(Phase::idle, Clock::now() + limits_.header_deadline);
  read();
}

void Session::enter(Phase phase, Clock::time_point deadline) {
  phase_ = phase;
  deadline_ = deadline;
}

void Session::read() {
  auto space = buffer_.prepare(limits_.read_bytes);
  wire_.async_read_some(space, [self = shared_from_this()](ErrorCode error, std::size_t bytes) {
    self->on_read(error, bytes);
  });
}

void Session::on_read(ErrorCode error, std::size_t bytes) {
  const bool is_reading = phase_ == Phase::idle || phase_ == Phase::head || phase_ == Phase::body;
  if (!is_reading) return;  // a deadline came first
  if (error) return close();
  buffer_.commit(bytes);
  advance();
}

// With what the buffer holds, as far as it goes.
void Session::advance() {
  if (phase_ == Phase::body) return take_body();
  if (phase_ == Phase::idle) {
    if (buffer_.size() == 0) return read();
    first_byte_ = Clock::now();
    request_ = hub_->next_request();
    scanned_ = 0;
    enter(Phase::head, first_byte_ + std::min(limits_.header_deadline, limits_.request_deadline));
  }
  const std::string_view bytes(static_cast<const char*>(buffer_.data().data()), buffer_.size());
  const std::size_t end = bytes.find(head_end, scanned_);
  const std::size_t length = end == bytes.npos ? bytes.size() : end + head_end.size();
  if (length > limits_.header_bytes_max) {
    return refuse(problem(431, {hpo::ErrorCode::too_large, "the request's head is longer than " +
                                    std::to_string(limits_.header_bytes_max) + " bytes",
                                "the request's head", "send fewer or shorter header fields"},
                          request_));
  }
  if (end != bytes.npos) return take_head(length);
  scanned_ = bytes.size() < head_end.size() ? 0 : bytes.size() - head_end.size() + 1;
  read();
}

void Session::take_head(std::size_t bytes) {
  const std::string_view raw(static_cast<const char*>(buffer_.data().data()), bytes);
  parser_.emplace();
  auto malformed = read_fields(*parser_, raw, request_);
  buffer_.consume(bytes);
  keep_alive_ = parser_->is_header_done() && parser_->get().keep_alive();
  if (malformed) return refuse(std::move(*malformed));
  is_by_tcp() ? check_token() : take_route();
}

void Session::take_route() {
  auto found = find_route(*parser_, routes(), hub_->api().scope(), request_);
  if (pass_ && std::holds_alternative<Head>(found)) {
    const Head& head = std::get<Head>(found);
    if (auto refusal = check_reach(*head.route, head.call, pass_->study)) {
      return refuse(std::move(*refusal));
    }
  }
  if (auto* refusal = std::get_if<Response>(&found)) {
    return refusal->closes ? refuse(std::move(*refusal)) : send(std::move(*refusal));
  }
  head_ = std::move(std::get<Head>(found));
  if (!head_.has_body) return answer();
  enter(Phase::body, first_byte_ + limits_.request_deadline);
  if (head_.expects_continue && buffer_.size() == 0) return send_continue();
  take_body();
}

void Session::take_body() {
  ErrorCode error;
  while (!error && !parser_->is_done() && buffer_.size() > 0) {
    buffer_.consume(parser_->put(buffer_.data(), error));
  }
  if (parser_->is_done()) return answer();
  namespace http = boost::beast::http;
  if (error == http::error::body_limit) {
    const bool is_study = head_.route->body == BodyKind::study;
    return refuse(too_large(is_study ? limits_.study_body_bytes_max : limits_.body_bytes_max,
                            request_));
  }
  const bool is_stuck = buffer_.size() > limits_.header_bytes_max;  // a chunk's head without end
  if ((error && error != http::error::need_more) || is_stuck) {
    return refuse(problem(400, {hpo::ErrorCode::invalid_argument, "the body is malformed",
                                "the request's body", "send Content-Length, or sound chunks"},
                          request_));
  }
  read();
}

// curl asks before it sends a long body.
void Session::send_continue() {
  static constexpr std::string_view text = "HTTP/1.1 100 Continue\r\n\r\n";
  boost::asio::async_write(wire_, boost::asio::buffer(text.data(), text.size()),
                           [self = shared_from_this()](ErrorCode error, std::size_t) {
                             if (self->phase_ != Phase::body) return;
                             error ? self->close() : self->read();
                           });
}

void Session::expire(Clock::time_point now) {
  if (now < deadline_ || phase_ == Phase::closed) return;
  const auto self = shared_from_this();
  ErrorCode ignored;
  switch (phase_) {
    case Phase::head:
    case Phase::body:
      wire_.socket().cancel(ignored);
      return refuse(problem(408, late("the request did not arrive in time"), request_));
    case Phase::checking:
      return refuse(problem({hpo::ErrorCode::unavailable, "the token could not be looked up in "
                             "time", "the daemon", "send the request again"}, request_));
    case Phase::answering:
      return refuse(problem({hpo::ErrorCode::outcome_unknown, "no answer in time; a change may "
                             "or may not have been stored", "the daemon",
                             "repeat the request with the same Idempotency-Key"}, request_));
    default: return close();
  }
}

void Session::stop() {
  keep_alive_ = false;
  const bool waits = phase_ == Phase::answering && head_.route != nullptr &&
                     std::holds_alternative<WaitForEvents>(head_.route->handler);
  if (phase_ == Phase::idle || phase_ == Phase::handshake) return close();
  if (waits) {
    refuse(problem({hpo::ErrorCode::unavailable, "the daemon is stopping", "the daemon",
                    "ask again when it is back: hpo daemon start"}, request_));
  }
}

void Session::close() {
  if (phase_ == Phase::closed) return;
  const auto self = shared_from_this();
  phase_ = Phase::closed;
  ErrorCode ignored;
  line_->cut();
  wire_.socket().close(ignored);
  hub_->gone(self);
}

}  // namespace hpo::http
