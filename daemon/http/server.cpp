// Accepts, counts, sweeps deadlines, stops. Io thread.
#include "daemon/http/server.hpp"

#include <spdlog/spdlog.h>
#include <unistd.h>

#include <boost/asio/io_context.hpp>
#include <boost/asio/local/stream_protocol.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/steady_timer.hpp>

#include <unordered_set>
#include <utility>

#include "daemon/http/direct.hpp"
#include "daemon/http/listener.hpp"
#include "daemon/http/problem.hpp"
#include "daemon/http/response_head.hpp"
#include "daemon/http/session.hpp"

namespace hpo::http {
namespace {

namespace asio = boost::asio;
using Protocol = asio::local::stream_protocol;
using ErrorCodeOf = boost::system::error_code;

constexpr int backlog = 512;

class Listener : public Hub, public std::enable_shared_from_this<Listener> {
 public:
  Listener(asio::io_context& io, ServerConfig config, std::shared_ptr<Api> api, int fd)
      : acceptor_(io, Protocol(), fd), sweeper_(io), api_(std::move(api)),
        config_(std::move(config)), inode_(inode_of(config_.socket_path)),
        next_request_(first_request()) {}

  void start() { accept(); }

  void stop(std::function<void()> stopped) {
    stopped_ = std::move(stopped);
    is_stopping_ = true;
    stop_deadline_ = Session::Clock::now() + config_.limits.stop_deadline;
    ErrorCodeOf ignored;
    acceptor_.close(ignored);
    remove_socket(config_.socket_path, inode_);
    for (const auto& session : copy()) session->stop();
    if (sessions_.empty()) finish();
  }

  // Only what is gone is replaced: a file that is there may be another daemon's.
  void listen_again_if_lost() {
    if (is_stopping_ || inode_of(config_.socket_path).inode != 0) return;
    const auto fd = listen_unix(config_.socket_path, backlog);
    if (!fd) {
      spdlog::warn("the socket is gone error=\"{}\"", fd.error().what);
      return;
    }
    ErrorCodeOf ignored;
    acceptor_.close(ignored);
    acceptor_.assign(Protocol(), *fd, ignored);
    inode_ = inode_of(config_.socket_path);
    accept();
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
    ErrorCodeOf ignored;
    acceptor_.close(ignored);
    remove_socket(config_.socket_path, inode_);
    for (const auto& session : copy()) session->close();
    sweeper_.cancel();
    api_.reset();
  }

  Api& api() override { return *api_; }
  std::uint64_t next_request() override { return ++next_request_; }
  bool is_stopping() const override { return is_stopping_; }

  void gone(const std::shared_ptr<Session>& session) override {
    sessions_.erase(session);
    if (is_stopping_ && sessions_.empty()) finish();
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
    return {sessions_.begin(), sessions_.end()};
  }

  void accept() {
    acceptor_.async_accept([self = shared_from_this()](ErrorCodeOf error, Protocol::socket socket) {
      if (self->is_stopping_) return;
      if (!error) {
        self->admit(std::move(socket));
        return self->accept();
      }
      if (error == asio::error::operation_aborted) return;  // another accept has its place
      // Mostly: no file descriptor is free. The sweep tries again.
      spdlog::warn("accept failed error=\"{}\"", error.message());
      self->is_accepting_ = false;
      if (!self->is_sweeping_) self->sweep_later();
    });
    is_accepting_ = true;
  }

  void admit(Protocol::socket socket) {
    const auto peer = peer_uid(socket.native_handle());
    const uid_t allowed = config_.uid == ServerConfig::no_uid ? ::geteuid() : config_.uid;
    if (!peer || *peer != allowed) {
      spdlog::warn("connection refused uid={}", peer ? static_cast<long>(*peer) : -1L);
      return;  // closes it: a stranger is told nothing
    }
    if (sessions_.size() >= config_.limits.connections_max) return turn_away(std::move(socket));
    const auto session = std::make_shared<Session>(std::move(socket), shared_from_this());
    sessions_.insert(session);
    session->start();
    if (!is_sweeping_) sweep_later();
  }

  // One answer without a session; its few bytes fit into any socket buffer.
  void turn_away(Protocol::socket socket) {
    const Response response = problem(
        {ErrorCode::unavailable, "too many connections", "the daemon's socket",
         "close some; " + std::to_string(config_.limits.connections_max) + " are allowed"},
        next_request());
    const std::string text = head_of(response, false) + response.body;
    ErrorCodeOf ignored;
    socket.non_blocking(true, ignored);
    socket.write_some(asio::buffer(text), ignored);
    socket.shutdown(Protocol::socket::shutdown_send, ignored);
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
    if (!is_stopping_ && !is_accepting_) accept();
    is_sweeping_ = false;
    if (!sessions_.empty()) sweep_later();
  }

  void finish() {
    if (is_finished_) return;
    is_finished_ = true;
    sweeper_.cancel();
    if (stopped_) asio::post(acceptor_.get_executor(), std::exchange(stopped_, nullptr));
  }

  Protocol::acceptor acceptor_;
  asio::steady_timer sweeper_;
  std::shared_ptr<Api> api_;
  ServerConfig config_;
  SocketInode inode_;
  std::unordered_set<std::shared_ptr<Session>> sessions_{};
  std::function<void()> stopped_{};
  Session::Clock::time_point stop_deadline_{};
  std::uint64_t next_request_ = 0;
  bool is_stopping_ = false;
  bool is_accepting_ = false;
  bool is_sweeping_ = false;
  bool is_finished_ = false;
};

class UnixServer : public Server {
 public:
  explicit UnixServer(std::shared_ptr<Listener> listener) : listener_(std::move(listener)) {}
  ~UnixServer() override { listener_->abandon(); }
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
  const auto fd = listen_unix(config.socket_path, backlog);
  if (!fd) return fd.error();
  const Scope scope{.limits = config.limits, .version = config.version, .build = config.build,
                    .state_dir = config.state_dir, .socket_path = config.socket_path,
                    .profiles = config.profiles};
  auto api = std::make_shared<Api>(io, scope, sink, std::move(*reader));
  auto listener = std::make_shared<Listener>(io, std::move(config), std::move(api), *fd);
  listener->start();
  spdlog::info("listening socket={}", scope.socket_path);
  return std::unique_ptr<Server>(std::make_unique<UnixServer>(std::move(listener)));
}

}  // namespace hpo::http
