// hpod.log: facts with keys, one line each. A full disk never stops the daemon for a log line.
//
// Any thread.
#pragma once

#include <memory>
#include <string>
#include <string_view>

namespace hpo::daemon {

class Log {
 public:
  explicit Log(const std::string& path);
  ~Log();

  // level: "debug", "info", "warn" or "error".
  void write(std::string_view level, const std::string& line);
  void flush();

 private:
  struct Sink;
  std::unique_ptr<Sink> sink_;
};

}  // namespace hpo::daemon
