// How the exchanges of a worker reach the daemon: one at a time, without ever blocking on it.
//
// By the daemon's socket or by TCP (channel.hpp), or by files (spool_channel.hpp). One thread.
#pragma once

#include <optional>
#include <string>

#include "cli/answer.hpp"
#include "cli/worker/timing.hpp"

namespace hpo::cli::worker {

struct HttpReply {
  int status = 0;
  std::string body{};
};

class Transport {
 public:
  enum class Progress { waiting, answered, broken };

  Transport() = default;
  virtual ~Transport() = default;
  Transport(const Transport&) = delete;
  Transport& operator=(const Transport&) = delete;

  // Sends the body of an exchange. Failure: nobody takes it now. REQUIRES: none is under way
  virtual std::optional<Failure> post(const std::string& body) = 0;

  // Gives up the request under way, if there is one.
  virtual void close() = 0;

  // What poll() should wait for; -1: nothing. And when to go on whatever it says.
  virtual int fd() const = 0;
  virtual short events() const = 0;
  virtual Instant look_at() const = 0;

  virtual Progress go_on() = 0;  // broken: it is closed
  virtual HttpReply take_reply() = 0;
  // Takes another way from the next request on, if it has one and has not done so before; true: it
  // says which. REQUIRES: none is under way
  virtual bool turn() { return false; }
  virtual std::string why_broken() const { return "the daemon's connection broke"; }
};

}  // namespace hpo::cli::worker
