// Exchanges by TCP until the daemon is no longer reached by it, then by files: never both at once,
// and never back. One thread.
#pragma once

#include <memory>
#include <string>
#include <utility>

#include "cli/output.hpp"
#include "cli/worker/spool_channel.hpp"
#include "cli/worker/transport.hpp"

namespace hpo::cli::worker {

class TwoWays final : public Transport {
 public:
  // `files`: of the spool `root`; outlives this.
  TwoWays(std::unique_ptr<Transport> tcp, Transport& files, std::string root)
      : tcp_(std::move(tcp)), files_(files), root_(std::move(root)) {}

  std::optional<Failure> post(const std::string& body) override { return now().post(body); }
  void close() override { now().close(); }
  int fd() const override { return now().fd(); }
  short events() const override { return now().events(); }
  Instant look_at() const override { return now().look_at(); }
  Progress go_on() override { return now().go_on(); }
  HttpReply take_reply() override { return now().take_reply(); }
  std::string why_broken() const override { return now().why_broken(); }

  bool turn() override {
    if (has_turned_ || !SpoolChannel::is_there(root_)) return false;
    tcp_->close();
    has_turned_ = true;
    note("nobody answers by TCP: from now on the daemon is asked by files in " + root_);
    return true;
  }

 private:
  Transport& now() const { return has_turned_ ? files_ : *tcp_; }

  std::unique_ptr<Transport> tcp_;
  Transport& files_;
  std::string root_{};
  bool has_turned_ = false;
};

}  // namespace hpo::cli::worker
