// Accepts, counts, sweeps deadlines, stops. Io thread.
#include "daemon/http/server.hpp"

#include <spdlog/spdlog.h>
#include <unistd.h>

#include <boost/asio/io_context.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/steady_timer.hpp>

#include <unordered_set>
#include <utility>

#include "daemon/http/direct.hpp"
#include "daemon/http/door.hpp"
#include "daemon/http/listener.hpp"
#include "daemon/http/problem.hpp"
#include "daemon/http/response_head.hpp"
#include "daemon/http/session.hpp"
#include "daemon/http/tls.hpp"

namespace hpo::http {
namespace {

namespace asio = boost::asio;
using Socket = Session::Socket;
using ErrorCodeOf = boost::system::error_code;

constexpr int backlog = 512;

class Listener : public Hub, public std::enable_shared_from_this<Listener> {
 public:
  Listener(asio::io_context& io, ServerConfig config, std::shared_ptr<Api> api)
      : unix_(io), tcp_(io), sweeper_(io), api_(std::move(api)), config_(std::move(config)),
        next_request_(first_request()) {}

  void listen_unix_at(int fd) {
    unix_.open(AF_UNIX, fd);
    inode_ = inode_of(config_.socket_path);
    accept(unix_);
  }

  void listen_tcp_at(int fd, std::unique_ptr<asio::ssl::context> tls) {
    tcp_.open(socket_address_of(config_.tcp->address).family(), fd);
    tcp_.tls = std::move(tls);
    accept(tcp_);
  }

  void stop(std::function<void()> stopped) {
    stopped_ = std::move(stopped);
    is_stopping_ = true;
    stop_deadline_ = Session::Clock::now() + config_.limits.stop_deadline;
    close_doors();
    for (const auto& session : copy()) session->stop();
    if (is_empty()) finish();
  }

  // Only what is gone is replaced: a file that is there may be another daemon's.
  void listen_again_if_lost() {
    if (is_stopping_ || inode_of(config_.socket_path).inode != 0) return;
    const auto fd = listen_unix(config_.socket_path, backlog);
    if (!fd) {
      spdlog::warn("the socket is gone error=\"{}\"", fd.error().what);
      return;
    }
    listen_unix_at(*fd);
    spdlog::info("listening again socket={}", config_.socket_path);
  }

  void answer(Direct direct, const Respond& respond) {
    if (is_stopping_) {
      return respond(problem({ErrorCode::unavailable, "the daemon is stopping", "the daemon",
                              "ask again when it is back: hpo daemon start"}, ++next_request_));
    }
    answer_direct(*api_, ++next_request_, std::move(direct), respond);
  }

  void abandon() {
    is_stopping_ = true;
    stopped_ = nullptr;
    close_doors();
    for (const auto& session : copy()) session->close();
    sweeper_.cancel();
    api_.reset();
  }

  Api& api() override { return *api_; }
  std::uint64_t next_request() override { return ++next_request_; }
  bool is_stopping() const override { return is_stopping_; }

  void gone(const std::shared_ptr<Session>& session) override {
    (session->is_by_tcp() ? tcp_ : unix_).sessions.erase(session);
    if (is_stopping_ && is_empty()) finish();
  }

 private:
  // Differs between starts, so that an instance is found in the log without doubt.
  static std::uint64_t first_request() {
    using std::chrono::milliseconds;
    constexpr unsigned request_bits = 24;
    const auto up = Session::Clock::now().time_since_epoch();
    return static_cast<std::uint64_t>(std::chrono::floor<milliseconds>(up).count())
           << request_bits;
  }

  std::vector<std::shared_ptr<Session>> copy() const {
    std::vector<std::shared_ptr<Session>> all(unix_.sessions.begin(), unix_.sessions.end());
    all.insert(all.end(), tcp_.sessions.begin(), tcp_.sessions.end());
    return all;
  }

  bool is_empty() const { return unix_.sessions.empty() && tcp_.sessions.empty(); }

  void close_doors() {
    unix_.close();
    tcp_.close();
    remove_socket(config_.socket_path, inode_);
  }

  void accept(Door& door) {
    door.acceptor.async_accept([self = shared_from_this(), &door](ErrorCodeOf error,
                                                                  Socket socket) {
      if (self->is_stopping_) return;
      if (!error) {
        self->admit(door, std::move(socket));
        return self->accept(door);
      }
      if (error == asio::error::operation_aborted) return;  // another accept has its place
      // Mostly: no file descriptor is free. The sweep tries again.
      spdlog::warn("accept failed error=\"{}\"", error.message());
      door.is_accepting = false;
      if (!self->is_sweeping_) self->sweep_later();
    });
    door.is_accepting = true;
  }

  void admit(Door& door, Socket socket) {
    if (!door.tls && !is_ours(socket.native_handle())) return;  // a stranger is told nothing
    if (door.tls) make_room_for_stranger();
    if (door.sessions.size() >= config_.limits.connections_max) {
      return turn_away(door, std::move(socket));
    }
    const auto session =
        std::make_shared<Session>(std::move(socket), door.tls.get(), shared_from_this());
    door.sessions.insert(session);
    session->start();
    if (!is_sweeping_) sweep_later();
  }

  bool is_ours(int fd) const {
    const auto peer = peer_uid(fd);
    const uid_t allowed = config_.uid == ServerConfig::no_uid ? ::geteuid() : config_.uid;
    if (peer && *peer == allowed) return true;
    spdlog::warn("connection refused uid={}", peer ? static_cast<long>(*peer) : -1L);
    return false;
  }

  // Who has shown no token yet must not keep out those that have one: of too many the oldest goes,
  // so that a worker, who needs some milliseconds to show its own, still comes in.
  void make_room_for_stranger() {
    std::shared_ptr<Session> oldest;
    std::size_t strangers = 0;
    for (const auto& session : tcp_.sessions) {
      if (!session->is_stranger()) continue;
      ++strangers;
      if (!oldest || session->began() < oldest->began()) oldest = session;
    }
    if (strangers >= config_.limits.strangers_max) oldest->close();
  }

  // One answer without a session; its few bytes fit into any socket buffer. By TLS there is none.
  void turn_away(const Door& door, Socket socket) {
    if (door.tls) return;
    const Response response = problem(
        {ErrorCode::unavailable, "too many connections", "the daemon's socket",
         "close some; " + std::to_string(config_.limits.connections_max) + " are allowed"},
        next_request());
    const std::string text = head_of(response, false) + response.body;
    ErrorCodeOf ignored;
    socket.non_blocking(true, ignored);
    socket.write_some(asio::buffer(text), ignored);
    socket.shutdown(Socket::shutdown_send, ignored);
  }

  // Only while there is something to look at: an idle daemon sleeps.
  void sweep_later() {
    is_sweeping_ = true;
    sweeper_.expires_after(config_.limits.sweep_interval);
    sweeper_.async_wait([self = shared_from_this()](ErrorCodeOf error) {
      if (!error) self->sweep();
    });
  }

  void sweep() {
    const auto now = Session::Clock::now();
    const bool is_over = is_stopping_ && now >= stop_deadline_;
    for (const auto& session : copy()) is_over ? session->close() : session->expire(now);
    if (is_finished_) return;
    for (Door* door : {&unix_, &tcp_}) {
      if (!is_stopping_ && !door->is_accepting && door->acceptor.is_open()) accept(*door);
    }
    is_sweeping_ = false;
    if (!is_empty()) sweep_later();
  }

  void finish() {
    if (is_finished_) return;
    is_finished_ = true;
    sweeper_.cancel();
    if (stopped_) asio::post(sweeper_.get_executor(), std::exchange(stopped_, nullptr));
  }

  Door unix_;
  Door tcp_;
  asio::steady_timer sweeper_;
  std::shared_ptr<Api> api_;
  ServerConfig config_;
  SocketInode inode_{};
  std::function<void()> stopped_{};
  Session::Clock::time_point stop_deadline_{};
  std::uint64_t next_request_ = 0;
  bool is_stopping_ = false;
  bool is_sweeping_ = false;
  bool is_finished_ = false;
};

class RunningServer : public Server {
 public:
  explicit RunningServer(std::shared_ptr<Listener> listener) : listener_(std::move(listener)) {}
  ~RunningServer() override { listener_->abandon(); }
  void listen_again_if_lost() override { listener_->listen_again_if_lost(); }
  void answer(Method method, std::string target, std::string body, Respond respond) override {
    listener_->answer({method, std::move(target), std::move(body)}, respond);
  }
  void stop(std::function<void()> stopped) override { listener_->stop(std::move(stopped)); }

 private:
  std::shared_ptr<Listener> listener_;
};

}  // namespace

Result<std::unique_ptr<Server>> Server::make(asio::io_context& io, ServerConfig config,
                                             loop::CommandSink& sink,
                                             const OpenReader& open_reader) {
  auto reader = open_reader();
  if (!reader) return reader.error();
  std::unique_ptr<asio::ssl::context> tls;
  if (config.tcp) {
    auto made = make_tls(config.tcp->pem);
    if (!made) return made.error();
    tls = std::move(*made);
  }
  const auto fd = listen_unix(config.socket_path, backlog);
  if (!fd) return fd.error();
  Scope scope{.limits = config.limits, .version = config.version, .build = config.build,
              .state_dir = config.state_dir, .socket_path = config.socket_path,
              .profiles = config.profiles};
  if (config.tcp) scope.tcp_address = config.tcp->address.text();
  auto api = std::make_shared<Api>(io, scope, sink, std::move(*reader));
  const std::optional<TcpDoor> tcp = config.tcp;
  auto listener = std::make_shared<Listener>(io, std::move(config), std::move(api));
  listener->listen_unix_at(*fd);
  spdlog::info("listening socket={}", scope.socket_path);
  if (tcp) {
    listener->listen_tcp_at(tcp->fd, std::move(tls));
    spdlog::info("listening tcp={}", tcp->address.text());
  }
  return std::unique_ptr<Server>(std::make_unique<RunningServer>(std::move(listener)));
}

Result<TcpDoor> open_tcp_door(const TcpAddress& address, std::string pem) {
  const auto fd = listen_tcp(address, backlog);
  if (!fd) return fd.error();
  auto bound = bound_to(*fd);
  if (!bound) return bound.error();
  return TcpDoor{.fd = *fd, .address = *std::move(bound), .pem = std::move(pem)};
}

}  // namespace hpo::http
