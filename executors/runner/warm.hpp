// Warm trainings: a script that is started once per slot and loads; each trial begins from it.
//
// The other side and the protocol: helpers/serve.md. A trial's process is a child of ours, so
// supervise() watches it as one that spawn() started (SupervisePlan::spared: the script, and the
// server where that is another process). It outlives a crash of both, which is mended for the next
// trial. One thread; one trial at a time; this process has no children but these.
#pragma once

#include <chrono>
#include <functional>
#include <string>
#include <vector>

#include "executors/runner/spawn.hpp"
#include "executors/runner/warm_channel.hpp"
#include "schema/result.hpp"

namespace hpo::runner {

struct WarmLimits {
  std::chrono::seconds load{600};  // from the script's start to its first line
  std::chrono::seconds slow{60};   // of that, until it is said that it takes so long
  std::chrono::seconds begin{30};  // from a request to the trial's process
  int tries = 5;                   // to begin one trial, where what ends the script may pass
  std::chrono::milliseconds pause{500};  // before the second of them; doubled for each further one
};

// What starts the script: the attempt's request with its command as the study has it, and without
// the variables of the trial. HPO_JOB is that of this process, if it has one.
Result<SpawnRequest> warm_command(const Attempt& attempt);

// Called when a script loads for long, with what to say of it, and with "" when that is over.
using SlowLoad = std::function<void(const std::string& text)>;

class WarmServer {
 public:
  // `log` takes what the script itself prints, anew at each start. Starts nothing yet.
  // Of a command that is an error, each spawn() says so.
  WarmServer(Result<SpawnRequest> command, std::string log, const WarmLimits& limits = {});
  ~WarmServer();
  WarmServer(const WarmServer&) = delete;
  WarmServer& operator=(const WarmServer&) = delete;

  // REQUIRES: take_over_signals() was called; no trial runs. `request` is the attempt's, by
  // prepare(). Starts the script where none lives, and again, after a pause, where a signal ends
  // it while it loads, or one that was ready once dies before the trial began. Errors: conflict:
  // told to end (the signal is still pending); invalid_argument: the script exits or says nothing;
  // unavailable: the trial could not be forked, or the script dies so again and again; corrupt:
  // nonsense.
  Result<Spawned> spawn(const std::string& job, const SpawnRequest& request, const Fd& signals,
                        const SlowLoad& slow);

  std::vector<int> processes() const;  // what is not the trial's; empty: none was started, or ended
  int starts() const { return starts_; }

 private:
  struct Answer {
    int pid = 0;             // 0: the trial did not begin
    std::string refusal{};
  };
  Result<void> start(const Fd& signals, const SlowLoad& slow);
  Result<std::string> first_line(const Fd& signals, const SlowLoad& slow);
  Result<void> greet(const std::string& line);
  Result<void> follow(int server);
  bool is_there() const;
  Result<Answer> try_once(const std::string& line, const std::string& job, const Fd& signals,
                          const SlowLoad& slow);
  Result<Answer> ask(const std::string& line, const std::string& job, const Fd& signals);
  void end();

  Result<SpawnRequest> command_;
  std::string log_{};
  WarmLimits limits_{};
  WarmChannel channel_{};
  int pid_ = 0;     // of the script, as it was started
  int server_ = 0;  // of what takes requests: another one with each trial, or always the script
  int starts_ = 0;
  bool was_ready_ = false;  // so its command is right, and what ends it now may pass
};

}  // namespace hpo::runner
