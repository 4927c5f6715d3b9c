// Threads of requests. The long-poll of events: events.cpp.
#include "daemon/http/api.hpp"

#include <spdlog/spdlog.h>

#include <boost/asio/post.hpp>

#include <exception>
#include <utility>

#include "daemon/http/idempotency.hpp"
#include "daemon/http/problem.hpp"

namespace hpo::http {
namespace {

template <class... Visitors>
struct Overloaded : Visitors... {
  using Visitors::operator()...;
};
template <class... Visitors>
Overloaded(Visitors...) -> Overloaded<Visitors...>;

Response broken(std::uint64_t request, std::string_view why) {
  const std::string instance = instance_of(request);
  spdlog::error("request failed instance={} error=\"{}\"", instance, why);
  return problem(Error{ErrorCode::internal, "the request met a bug of ours: " + std::string(why),
                       instance, "look for " + instance + " in hpod.log and report it"},
                 request);
}

Response reply_to(const Result<loop::Reply>& reply, std::uint64_t request) {
  if (!reply) return problem(reply.error(), request);
  return {.status = reply->created ? 201 : 200, .body = reply->body};
}

}  // namespace

Response guarded(std::uint64_t request, const std::function<Response()>& compute) {
  try {
    return compute();
  } catch (const std::exception& error) {
    return broken(request, error.what());
  } catch (...) {
    return broken(request, "an exception of unknown type");
  }
}

Api::Api(boost::asio::io_context& io, Scope scope, loop::CommandSink& sink,
         std::unique_ptr<store::Reader> reader)
    : io_(io), scope_(std::move(scope)), sink_(sink), reader_(std::move(reader)), pool_(1) {
  scope_.sink = &sink_;
}

Api::~Api() {
  pool_.stop();
  pool_.join();
}

void Api::answer(const Route& route, Call call, Respond respond) {
  std::visit(Overloaded{
                 [&](NowHandler handler) {
                   respond(guarded(call.id, [&] { return handler(scope_, call); }));
                 },
                 [&](ReadHandler handler) { read(handler, std::move(call), std::move(respond)); },
                 [&](WriteHandler handler) { write(handler, std::move(call), std::move(respond)); },
                 [&](WaitForEvents) { start_waiting(call, respond); },
             },
             route.handler);
}

void Api::read(ReadHandler handler, Call call, Respond respond) {
  boost::asio::post(pool_, [this, handler, call = std::move(call), respond = std::move(respond)] {
    respond(guarded(call.id, [&] { return handler(scope_, *reader_, call); }));
  });
}

void Api::find_token(std::string sha256, std::function<void(FoundToken)> found) {
  boost::asio::post(pool_, [this, sha256 = std::move(sha256), found = std::move(found)] {
    FoundToken token = Error{ErrorCode::internal, "the token could not be looked up",
                             "the database", "look for it in hpod.log, and report it"};
    try {
      token = reader_->token(sha256);
    } catch (const std::exception& error) {
      spdlog::error("token not looked up error=\"{}\"", error.what());
    }
    found(std::move(token));
  });
}

// Decoding 4 MiB, or finding that constraints leave nothing, takes long enough to be felt by
// everybody else, so it leaves the io thread.
void Api::write(WriteHandler handler, Call call, Respond respond) {
  const bool may_search = call.body.find("space_constraints") != std::string::npos;
  if (call.body.size() <= scope_.limits.inline_body_bytes_max && !may_search) {
    prepare(handler, std::move(call), respond);
    return;
  }
  boost::asio::post(pool_, [this, handler, call = std::move(call),
                            respond = std::move(respond)]() mutable {
    prepare(handler, std::move(call), respond);
  });
}

void Api::prepare(WriteHandler handler, Call call, const Respond& respond) {
  const std::uint64_t id = call.id;
  bool is_posted = false;
  const Response refusal = guarded(id, [&]() -> Response {
    std::optional<loop::IdempotencyKey> key;
    if (call.key) {
      auto made = make_key(std::move(*call.key), call.path, call.body);
      if (!made) return problem(made.error(), id);
      key = std::move(*made);
    }
    Prepared prepared = handler(scope_, std::move(call));
    if (auto* refused = std::get_if<Response>(&prepared)) return std::move(*refused);
    auto& command = std::get<loop::Command>(prepared);
    command.key = std::move(key);
    sink_.post(std::move(command),
               [respond, id](const Result<loop::Reply>& reply) { respond(reply_to(reply, id)); });
    is_posted = true;
    return {};
  });
  if (!is_posted) respond(refusal);
}

}  // namespace hpo::http
