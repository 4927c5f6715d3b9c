// A client that never gives up: it sends a request under its idempotency key until it is answered,
// through any number of daemon lives, and remembers what was promised, and when.
#pragma once

#include <functional>
#include <map>
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
  bool created = false;                      // its status: 201
  std::optional<Error> refusal{};
  std::optional<std::string> lost_reply{};   // sent by the daemon, never received
  bool is_repeated = false;                  // asked once more though it was answered
  bool is_misused = false;                   // its key was sent with another body
  std::int64_t sent_seq = -1;                // the last event committed when it was first sent
  std::int64_t acked_seq = 0;                // and when it was answered
};

class Client {
 public:
  Client(Chance& chance, std::vector<std::string>& violations)
      : chance_(chance), violations_(violations) {}

  // The daemon of this life. `committed_seq` tells the last event that is durable by now.
  void meet(loop::CommandSink& sink, std::function<std::int64_t()> committed_seq);
  void daemon_died();                        // what was not answered is asked again

  void want(decltype(loop::Command::body) body);  // a request with a key of its own
  void send();                               // the next one that is due, if any
  void send_all();                           // those that are due, at once
  bool is_content() const;                   // everything was answered
  const std::vector<Request>& requests() const { return requests_; }

  int under_way_max() const { return under_way_max_; }
  const std::map<std::string, int>& counts() const { return counts_; }

 private:
  bool is_due(Request& request);
  void send(std::size_t index);
  void misuse(Request& request);             // its key with another body must be refused
  void answered(std::size_t index, const Result<loop::Reply>& answer);
  void answered_again(const Request& request, const Result<loop::Reply>& answer);

  Chance& chance_;
  std::vector<std::string>& violations_;
  std::vector<Request> requests_{};
  std::map<std::string, int> counts_{};
  loop::CommandSink* sink_ = nullptr;
  std::function<std::int64_t()> committed_seq_{};
  std::uint64_t life_ = 0;
  int under_way_ = 0;
  int under_way_max_ = 0;
};

}  // namespace hpo::sim
