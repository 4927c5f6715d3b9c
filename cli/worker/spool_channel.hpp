// A worker's exchanges as files, where no network leads to the daemon: schema/spool.hpp.
//
// Answers are looked for by reading the worker's own directory, first soon and then once a second:
// inotify does not see what another node writes. A request is synced to the disk. One thread.
#pragma once

#include <chrono>
#include <optional>
#include <string>

#include "cli/worker/transport.hpp"
#include "schema/spool.hpp"

namespace hpo::cli::worker {

class SpoolChannel final : public Transport {
 public:
  // `root`: STATE/spool. `worker`: this process, and no other one ever.
  SpoolChannel(std::string root, std::string study, std::string worker);
  ~SpoolChannel() override;  // removes its own files

  // Whether a daemon has made it, for this user alone.
  static bool is_there(const std::string& root);

  std::optional<Failure> post(const std::string& body) override;
  void close() override;
  int fd() const override { return -1; }
  short events() const override { return 0; }
  Instant look_at() const override { return look_at_; }
  Progress go_on() override;
  HttpReply take_reply() override;

  // Another question than an exchange. `why` it comes as a file, for the daemon's log. Waits for
  // the answer, until `patience` is over or a signal comes. Failure: unreachable.
  Answer<HttpReply> ask(SpoolVerb verb, const std::string& why,
                        std::chrono::milliseconds patience);

 private:
  std::optional<Failure> send(SpoolVerb verb, const std::string& body);
  std::string request_path() const;
  std::string answer_path(std::int64_t number) const;

  SpoolPaths paths_{};
  std::string study_{};
  std::string worker_{};
  std::int64_t number_ = 0;  // of the last request
  bool is_asking_ = false;
  Instant look_at_ = never;
  Instant pause_{};
  HttpReply reply_{};
};

}  // namespace hpo::cli::worker
