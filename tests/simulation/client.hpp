// A client that never gives up: it sends a request under its idempotency key until it is answered,
// through any number of daemon lives, and remembers what was promised.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "daemon/loop/commands.hpp"
#include "tests/simulation/sim_threads.hpp"

namespace hpo::sim {

struct Request {
  std::string key{};
  loop::Command command{};
  bool is_sent = false;                      // in this life
  std::optional<std::string> reply{};        // the first promise
  std::optional<Error> refusal{};
  bool is_repeated = false;                  // asked once more though it was answered
};

class Client {
 public:
  Client(Chance& chance, std::vector<std::string>& violations)
      : chance_(chance), violations_(violations) {}

  void want(loop::Command command);          // adds a request with a key of its own
  void send(loop::CommandSink& sink);        // the next one that is due, if any
  void daemon_died();                        // what was not answered is asked again
  bool is_content() const;                   // everything was answered
  const std::vector<Request>& requests() const { return requests_; }

 private:
  void answered(std::size_t index, const Result<loop::Reply>& answer);

  Chance& chance_;
  std::vector<std::string>& violations_;
  std::vector<Request> requests_{};
  std::uint64_t life_ = 0;
};

}  // namespace hpo::sim
