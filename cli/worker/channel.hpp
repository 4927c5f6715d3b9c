// The worker's connection to the daemon: one exchange at a time, without ever blocking on it.
//
// Beast parses the reply; sending and receiving are the loop's, which waits for much else besides.
// One thread.
#pragma once

#include <memory>
#include <optional>
#include <string>

#include "cli/answer.hpp"
#include "cli/stream.hpp"

namespace hpo::cli::worker {

struct HttpReply {
  int status = 0;
  std::string body{};
};

class Channel {
 public:
  enum class Progress { waiting, answered, broken };

  Channel();
  ~Channel();
  Channel(const Channel&) = delete;
  Channel& operator=(const Channel&) = delete;

  // Connects to the daemon of this state directory unless it is connected. Failure as connect()'s.
  std::optional<Failure> open();
  void close();
  bool is_open() const { return stream_.is_open(); }

  // REQUIRES: is_open(), and no request under way
  void post(const std::string& target, const std::string& body);

  int fd() const { return stream_.fd(); }
  short events() const;  // what poll() should wait for
  Progress go_on();      // when poll() says so; broken: it is closed
  HttpReply take_reply();

 private:
  struct Parser;
  bool send_rest();
  Progress fail();

  Stream stream_{};
  std::string socket_{};   // where the daemon was last
  std::string unsent_{};
  std::unique_ptr<Parser> parser_;
};

}  // namespace hpo::cli::worker
