// The answering half of a session: hand over the request, write what comes back.
#include <spdlog/spdlog.h>

#include <boost/asio/buffer.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/write.hpp>

#include <array>
#include <utility>

#include "daemon/http/response_head.hpp"
#include "daemon/http/session.hpp"

namespace hpo::http {

namespace asio = boost::asio;

void Session::answer() {
  std::chrono::milliseconds patience = limits_.answer_deadline;
  const bool waits = std::holds_alternative<WaitForEvents>(head_.route->handler);
  if (waits) {
    patience += std::chrono::seconds(limits_.event_wait_s_max);
    watch_disconnect();
  }
  enter(Phase::answering, Clock::now() + patience);
  Call call = std::move(head_.call);
  call.body = std::move(parser_->get().body());
  if (std::holds_alternative<WriteHandler>(head_.route->handler)) {
    call.has_hung_up = [line = line_] { return line->is_cut(); };
  }
  hub_->api().answer(*head_.route, std::move(call), make_respond());
}

// Holds no session alive: who has gone needs no answer.
Respond Session::make_respond() {
  return [weak = weak_from_this(), executor = wire_.get_executor(),
          request = request_](Response response) {
    asio::post(executor, [weak, request, response = std::move(response)]() mutable {
      if (const auto self = weak.lock()) self->reply(request, std::move(response));
    });
  };
}

// A long-poll whose client hangs up frees its place. Others end soon enough by themselves.
void Session::watch_disconnect() {
  wire_.socket().async_wait(Socket::wait_error, [self = shared_from_this(), request = request_](
                                             ErrorCode error) {
    if (!error && self->request_ == request && self->phase_ == Phase::answering) self->close();
  });
}

// An answer that comes after its deadline, or twice, is dropped.
void Session::reply(std::uint64_t request, Response response) {
  if (request != request_ || phase_ != Phase::answering) return;
  if (std::holds_alternative<WaitForEvents>(head_.route->handler)) {
    ErrorCode ignored;
    wire_.socket().cancel(ignored);
  }
  send(std::move(response));
}

// For requests that were not read to their end, or must not be answered any more.
void Session::refuse(Response response) {
  response.closes = true;
  has_rest_ = phase_ != Phase::answering;
  send(std::move(response));
}

void Session::send(Response response) {
  keep_alive_ = keep_alive_ && !response.closes && !hub_->is_stopping();
  spdlog::debug("request answered request={:x} status={} bytes={}", request_, response.status,
                response.body.size());
  response_head_ = head_of(response, keep_alive_);
  response_body_ = std::move(response.body);
  enter(Phase::writing, Clock::now() + limits_.write_deadline);
  const std::array whole{asio::buffer(response_head_), asio::buffer(response_body_)};
  asio::async_write(wire_, whole, [self = shared_from_this()](ErrorCode error, std::size_t) {
    self->on_written(error);
  });
}

void Session::on_written(ErrorCode error) {
  if (phase_ != Phase::writing) return;
  if (error) return close();
  if (keep_alive_) {
    enter(Phase::idle, Clock::now() + limits_.idle_deadline);
    return advance();
  }
  ErrorCode ignored;
  wire_.socket().shutdown(Socket::shutdown_send, ignored);
  if (!has_rest_) return close();
  buffer_.clear();
  enter(Phase::draining, Clock::now() + limits_.drain_deadline);
  drain();
}

// A client that still writes would lose our answer to a reset; so its bytes are read a while.
void Session::drain() {
  auto space = buffer_.prepare(limits_.read_bytes);
  wire_.async_read_some(space, [self = shared_from_this()](ErrorCode error, std::size_t bytes) {
    if (self->phase_ != Phase::draining) return;
    self->drained_ += bytes;
    if (error || self->drained_ >= self->limits_.drain_bytes_max) return self->close();
    self->drain();
  });
}

}  // namespace hpo::http
