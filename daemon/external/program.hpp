// A strategy's program while it runs: a line to it, a line from it, in bounded time and memory.
//
// Blocks. One thread at a time; the process dies with the thread that started it.
#pragma once

#include <chrono>
#include <memory>
#include <string>
#include <string_view>

#include "daemon/external/log.hpp"
#include "daemon/external/spawn.hpp"

namespace hpo::external {

class Program {
 public:
  // `log` must outlive it. Errors: spawn's.
  static Result<std::unique_ptr<Program>> start(const Launch& launch, Log& log);

  Program(const Program&) = delete;
  Program& operator=(const Program&) = delete;
  ~Program();  // kills its process group

  // Sends the line, waits for one in return; stderr goes to the log meanwhile. Errors: unavailable,
  // if it ended or said nothing in time; corrupt, if it wrote too much, or unasked. After an error
  // it is of no use any more.
  Result<std::string> exchange(std::string_view line, std::chrono::milliseconds patience);

  int pid() const { return process_.pid; }

 private:
  Program(Spawned process, const std::string& study, Log& log)
      : process_(std::move(process)), study_(study), log_(log) {}
  void drain_error();
  void drain_output();
  void feed(std::string_view& rest);
  Result<std::string> take_line(std::string_view rest);
  Error ended();
  Error silent(std::chrono::milliseconds patience) const;

  Spawned process_;
  std::string study_{};
  Log& log_;
  std::string buffer_{};  // read and not yet handed out
};

}  // namespace hpo::external
