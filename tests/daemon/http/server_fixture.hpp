// A real server on a real socket in a fresh directory, and a client that writes and reads bytes.
#pragma once

#include <sys/types.h>

#include <atomic>
#include <catch2/catch.hpp>
#include <functional>
#include <memory>
#include <string>
#include <string_view>
#include <thread>

#include "daemon/http/server.hpp"
#include "schema/json/node.hpp"
#include "tests/daemon/http/fake_reader.hpp"
#include "tests/daemon/http/fake_sink.hpp"
#include "tests/fresh_directory.hpp"

namespace hpo::http::test {

struct Answer {
  int status = 0;        // 0: the connection ended without an answer
  std::string head{};
  std::string body{};
  std::string header(std::string_view name) const;  // "" without one
  json::Node json() const;                          // of the body; fails the test if it is none
};

class Client {
 public:
  explicit Client(const std::string& socket_path);
  explicit Client(const TcpAddress& address);  // its bytes as they are: TlsClient speaks TLS
  Client(const Client&) = delete;
  Client& operator=(const Client&) = delete;
  virtual ~Client();

  bool send(std::string_view bytes);   // false: the other side has hung up
  Answer receive();                    // one answer; fails after 10 s
  Answer ask(std::string_view bytes);  // send, receive
  bool is_closed();                    // waits for the end of the connection; false after 10 s
  void finish_sending();
  void hang_up();

 protected:
  // As send(2) and recv(2), in blocks.
  virtual long put(const char* bytes, std::size_t size);
  virtual long take(char* bytes, std::size_t size);
  virtual bool is_ready() const;  // to be read from, within 10 s
  int fd() const { return fd_; }

 private:
  bool fill();  // reads more; false at the end

  int fd_ = -1;
  std::string buffer_{};
};

std::string get(std::string_view target);
std::string post(std::string_view target, std::string_view body, std::string_view fields = "");

class Running {
 public:
  explicit Running(const Limits& limits = {}, uid_t uid = ServerConfig::no_uid,
                   bool listens_by_tcp = false);
  Running(const Running&) = delete;
  Running& operator=(const Running&) = delete;
  ~Running();

  std::string socket_path() const { return directory_.path() + "/run/hpo.sock"; }
  const std::string& state_dir() const { return directory_.path(); }
  Answer ask(std::string_view bytes) { return Client(socket_path()).ask(bytes); }
  // A request that came as a file; its answer.
  Response ask_by_file(Method method, const std::string& target, const std::string& body = {});
  const TcpAddress& tcp() const { return tcp_; }
  void stop();          // gracefully; returns at once
  bool has_stopped();   // waits for it; false after 10 s

 private:
  hpo::test::FreshDirectory directory_{};
  struct Io;  // the context, and what keeps it running
  std::unique_ptr<Io> io_;

 public:
  FakeSink sink{};  // after io_: its thread posts there
  Tables tables{};

 private:
  TcpAddress tcp_{};
  std::unique_ptr<Server> server_{};
  std::atomic<bool> stopped_{false};
  std::thread thread_{};
};

// The one command that has reached the engine.
template <class Body>
Body only_command(const Running& running) {
  const auto commands = running.sink.commands();
  REQUIRE(commands.size() == 1);
  REQUIRE(std::holds_alternative<Body>(commands[0].body));
  return std::get<Body>(commands[0].body);
}

// Waits until `condition` holds; false after 10 s.
bool eventually(const std::function<bool()>& condition);

}  // namespace hpo::http::test
