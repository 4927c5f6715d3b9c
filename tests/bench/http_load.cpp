// Keeps N connections to the daemon's socket busy, one request outstanding on each.
//
//   http_load SOCKET CONNECTIONS SECONDS REQUESTS_MAX FILE
// FILE holds a request a line, METHOD PATH [BODY]; they are sent in turn, over and over. Raw HTTP
// and one thread with epoll, so that the generator costs little beside what it measures.
#include <sched.h>
#include <sys/epoll.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include <array>
#include <cstdlib>
#include <cstring>
#include <fstream>
#include <iostream>
#include <string>
#include <string_view>

#include "tests/bench/stopwatch.hpp"

namespace {

using namespace hpo::bench;

[[noreturn]] void give_up(const std::string& what) {
  std::cerr << "http_load: " << what << '\n';
  std::exit(1);
}

struct Connection {
  int fd = -1;
  Clock::time_point sent{};
  std::string answer{};
};

std::vector<std::string> read_requests(const char* path) {
  std::vector<std::string> requests;
  std::ifstream file(path);
  for (std::string line; std::getline(file, line);) {
    const std::size_t method_end = line.find(' ');
    const std::size_t path_end = line.find(' ', method_end + 1);
    std::string request = line.substr(0, path_end) + " HTTP/1.1\r\nHost: localhost\r\n";
    const std::string body = path_end == std::string::npos ? "" : line.substr(path_end + 1);
    if (!body.empty()) {
      request += "Content-Type: application/json\r\nContent-Length: " +
                 std::to_string(body.size()) + "\r\n";
    }
    requests.push_back(request + "\r\n" + body);
  }
  if (requests.empty()) give_up(std::string("no requests in ") + path);
  return requests;
}

int connect_to(const std::string& path) {
  const int fd = ::socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
  sockaddr_un address{};
  address.sun_family = AF_UNIX;
  if (path.size() >= sizeof address.sun_path) give_up("the socket's path is too long");
  std::memcpy(address.sun_path, path.data(), path.size());
  if (::connect(fd, reinterpret_cast<sockaddr*>(&address), sizeof address) != 0) {
    give_up("cannot connect to " + path);
  }
  return fd;
}

// True when head and body are here; refuses anything but a 2xx.
bool is_whole(const std::string& answer) {
  const std::size_t head_end = answer.find("\r\n\r\n");
  if (head_end == std::string::npos) return false;
  constexpr std::string_view length_key = "Content-Length: ";
  const std::size_t key = answer.find(length_key);
  const std::size_t length =
      key < head_end ? std::strtoul(answer.c_str() + key + length_key.size(), nullptr, 10) : 0;
  if (answer.size() < head_end + 4 + length) return false;
  if (answer.compare(9, 1, "2") != 0) give_up("unexpected answer: " + answer);
  return true;
}

class Load {
 public:
  Load(std::vector<std::string> requests, std::size_t requests_max)
      : requests_(std::move(requests)), left_(requests_max), epoll_(::epoll_create1(0)) {}

  void open(const std::string& socket, int count) {
    connections_.resize(static_cast<std::size_t>(count));
    for (Connection& each : connections_) {
      each.fd = connect_to(socket);
      epoll_event event{.events = EPOLLIN, .data = {.ptr = &each}};
      ::epoll_ctl(epoll_, EPOLL_CTL_ADD, each.fd, &event);
    }
  }

  void work(double seconds) {
    const auto start = Clock::now();
    for (Connection& each : connections_) send_next(each);
    while (open_ > 0) {
      if (seconds_since(start) > seconds) left_ = 0;
      std::array<epoll_event, 128> events{};
      const int count = ::epoll_wait(epoll_, events.data(), events.size(), 30'000);
      if (count <= 0) give_up("no answer within 30 s");
      for (int i = 0; i < count; ++i) {
        receive(*static_cast<Connection*>(events[static_cast<std::size_t>(i)].data.ptr));
      }
    }
    print_latencies(milliseconds_, seconds_since(start));
  }

 private:
  void send_next(Connection& to) {
    if (left_ == 0) return;
    --left_;
    ++open_;
    const std::string& request = requests_[next_++ % requests_.size()];
    to.sent = Clock::now();
    if (::send(to.fd, request.data(), request.size(), MSG_NOSIGNAL) !=
        static_cast<ssize_t>(request.size())) {
      give_up("a request could not be sent in one piece");
    }
  }

  void receive(Connection& from) {
    static std::array<char, 1U << 18U> buffer;
    const ssize_t count = ::recv(from.fd, buffer.data(), buffer.size(), 0);
    if (count <= 0) give_up("the daemon closed a connection");
    from.answer.append(buffer.data(), static_cast<std::size_t>(count));
    if (!is_whole(from.answer)) return;
    milliseconds_.push_back(1000.0 * seconds_since(from.sent));
    from.answer.clear();
    --open_;
    send_next(from);
  }

  std::vector<std::string> requests_;
  std::size_t left_;
  std::size_t next_ = 0;
  std::size_t open_ = 0;
  int epoll_;
  std::vector<Connection> connections_{};
  std::vector<double> milliseconds_{};
};

}  // namespace

int main(int argc, char** argv) {
  if (argc != 6) give_up("SOCKET CONNECTIONS SECONDS REQUESTS_MAX FILE");
  // Woken by each answer, it must not push the daemon off its core to read that one alone.
  const sched_param batch{};
  if (::sched_setscheduler(0, SCHED_BATCH, &batch) != 0) give_up("no SCHED_BATCH");
  Load load(read_requests(argv[5]), std::strtoul(argv[4], nullptr, 10));
  load.open(argv[1], std::atoi(argv[2]));
  load.work(std::atof(argv[3]));
}
