// Sockets, threads and directories of the HTTP tests.
#include "tests/daemon/http/server_fixture.hpp"

#include "tests/daemon/http/tls_client.hpp"

#include <netinet/in.h>
#include <netinet/tcp.h>
#include <poll.h>
#include <spdlog/spdlog.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include <boost/asio/executor_work_guard.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/post.hpp>
#include <catch2/catch.hpp>

#include <charconv>
#include <chrono>
#include <cstdlib>
#include <cstring>
#include <filesystem>
#include <future>

namespace hpo::http::test {
namespace {

constexpr int patience_ms = 10'000;

bool is_readable(int fd) {
  pollfd poll_fd{fd, POLLIN, 0};
  return ::poll(&poll_fd, 1, patience_ms) == 1;
}

std::string lower(std::string text) {
  for (char& c : text) c = static_cast<char>(std::tolower(static_cast<unsigned char>(c)));
  return text;
}

}  // namespace

std::string Answer::header(std::string_view name) const {
  const std::string text = lower(head);
  const std::size_t at = text.find("\r\n" + lower(std::string(name)) + ":");
  if (at == std::string::npos) return "";
  const std::size_t begin = head.find_first_not_of(' ', at + name.size() + 3);
  return head.substr(begin, head.find("\r\n", begin) - begin);
}

json::Node Answer::json() const {
  INFO(head << body);
  auto parsed = json::parse(body);
  REQUIRE(parsed.problems.empty());
  return std::move(parsed.root);
}

Client::Client(const std::string& socket_path) : fd_(::socket(AF_UNIX, SOCK_STREAM, 0)) {
  sockaddr_un address{};
  address.sun_family = AF_UNIX;
  std::memcpy(address.sun_path, socket_path.data(), socket_path.size());
  REQUIRE(::connect(fd_, reinterpret_cast<sockaddr*>(&address), sizeof address) == 0);
}

Client::Client(const TcpAddress& address)
    : fd_(::socket(socket_address_of(address).family(), SOCK_STREAM, 0)) {
  const SocketAddress at = socket_address_of(address);
  const int yes = 1;  // or a request waits 40 ms for the acknowledgement of the handshake's end
  ::setsockopt(fd_, IPPROTO_TCP, TCP_NODELAY, &yes, sizeof yes);
  REQUIRE(::connect(fd_, at.get(), at.size) == 0);
}

Client::~Client() { hang_up(); }

long Client::put(const char* bytes, std::size_t size) {
  return ::send(fd_, bytes, size, MSG_NOSIGNAL);
}

long Client::take(char* bytes, std::size_t size) { return ::recv(fd_, bytes, size, 0); }

bool Client::is_ready() const { return is_readable(fd_); }

void Client::hang_up() {
  if (fd_ >= 0) ::close(fd_);
  fd_ = -1;
}

void Client::finish_sending() { ::shutdown(fd_, SHUT_WR); }

bool Client::send(std::string_view bytes) {
  while (!bytes.empty()) {
    const long n = put(bytes.data(), bytes.size());
    if (n <= 0) return false;
    bytes.remove_prefix(static_cast<std::size_t>(n));
  }
  return true;
}

bool Client::fill() {
  if (!is_ready()) FAIL("no answer within " << patience_ms << " ms");
  char bytes[65536];
  const long n = take(bytes, sizeof bytes);
  if (n <= 0) return false;
  buffer_.append(bytes, static_cast<std::size_t>(n));
  return true;
}

Answer Client::receive() {
  std::size_t end = 0;
  while ((end = buffer_.find("\r\n\r\n")) == std::string::npos) {
    if (!fill()) return {};
  }
  Answer answer{.head = buffer_.substr(0, end + 2)};
  const std::string status = answer.head.substr(9, 3);
  std::from_chars(status.data(), status.data() + status.size(), answer.status);
  const std::size_t length = std::strtoul(answer.header("Content-Length").c_str(), nullptr, 10);
  while (buffer_.size() < end + 4 + length) {
    if (!fill()) return {};
  }
  answer.body = buffer_.substr(end + 4, length);
  buffer_.erase(0, end + 4 + length);
  return answer;
}

Answer Client::ask(std::string_view bytes) {
  send(bytes);
  return receive();
}

bool Client::is_closed() {
  while (is_ready()) {
    char bytes[65536];
    if (take(bytes, sizeof bytes) <= 0) return true;
  }
  return false;
}

std::string get(std::string_view target) {
  return "GET " + std::string(target) + " HTTP/1.1\r\nHost: hpo\r\n\r\n";
}

std::string post(std::string_view target, std::string_view body, std::string_view fields) {
  return "POST " + std::string(target) + " HTTP/1.1\r\nHost: hpo\r\n" + std::string(fields) +
         "Content-Type: application/json\r\nContent-Length: " + std::to_string(body.size()) +
         "\r\n\r\n" + std::string(body);
}

struct Running::Io {
  boost::asio::io_context context{1};
  boost::asio::executor_work_guard<boost::asio::io_context::executor_type> work{
      context.get_executor()};
};

Running::Running(const Limits& limits, uid_t uid, bool listens_by_tcp)
    : io_(std::make_unique<Io>()) {
  spdlog::set_level(spdlog::level::off);  // refusals are what we ask for
  tables.studies["jets"] = study_row("jets");
  tables.trials["jets"] = {trial_row(0), trial_row(1), trial_row(2, TrialState::running)};
  ServerConfig config{.socket_path = socket_path(), .state_dir = directory_.path(),
                            .version = "1.2.3", .build = "abc", .limits = limits, .uid = uid};
  if (listens_by_tcp) {
    config.tcp = *open_tcp_door({"127.0.0.1", 0}, test_certificate().pem);
    tcp_ = config.tcp->address;
  }
  auto server = Server::make(io_->context, config, sink, [this] {
    return Result<std::unique_ptr<store::Reader>>(std::make_unique<FakeReader>(tables));
  });
  if (!server) FAIL(server.error().what << " " << server.error().where);
  server_ = std::move(*server);
  thread_ = std::thread([this] { io_->context.run(); });
}

Running::~Running() {
  boost::asio::post(io_->context, [this] {
    server_.reset();
    io_->work.reset();
  });
  thread_.join();
}

void Running::stop() {
  boost::asio::post(io_->context, [this] { server_->stop([this] { stopped_ = true; }); });
}

Response Running::ask_by_file(Method method, const std::string& target, const std::string& body) {
  std::promise<Response> answer;
  boost::asio::post(io_->context, [&] {
    server_->answer(method, target, body, [&](Response got) { answer.set_value(std::move(got)); });
  });
  return answer.get_future().get();
}

bool Running::has_stopped() {
  return eventually([this] { return stopped_.load(); });
}

bool eventually(const std::function<bool()>& condition) {
  const auto deadline = std::chrono::steady_clock::now() + std::chrono::milliseconds(patience_ms);
  while (!condition()) {
    if (std::chrono::steady_clock::now() > deadline) return false;
    std::this_thread::yield();
  }
  return true;
}

}  // namespace hpo::http::test
