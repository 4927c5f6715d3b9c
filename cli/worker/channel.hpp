// The worker's connection to the daemon: one exchange at a time, without ever blocking on it.
//
// Beast parses the reply; sending and receiving are the loop's, which waits for much else besides.
// One thread.
#pragma once

#include <memory>
#include <optional>
#include <string>

#include "cli/stream.hpp"
#include "cli/worker/transport.hpp"

namespace hpo::cli::worker {

class Channel final : public Transport {
 public:
  // Of its exchanges. `remote`: a daemon elsewhere; nullopt: that of this state directory.
  Channel(std::string target, std::optional<ConnectFile> remote);
  ~Channel() override;

  // Connects to the daemon unless it is connected; by TCP it does not wait for that to succeed.
  // Failure as connect()'s.
  std::optional<Failure> post(const std::string& body) override;
  void close() override;

  int fd() const override { return stream_.fd(); }
  short events() const override;
  Instant look_at() const override { return never; }
  Progress go_on() override;
  HttpReply take_reply() override;
  std::string why_broken() const override { return why_broken_; }

 private:
  struct Parser;
  std::optional<Failure> open();
  bool is_open() const { return stream_.is_open(); }
  bool send_rest();
  Progress fail();

  std::string target_{};
  Stream stream_{};
  Way way_{};               // where the daemon was last
  std::string why_broken_{};
  std::string unsent_{};
  std::unique_ptr<Parser> parser_;
};

}  // namespace hpo::cli::worker
