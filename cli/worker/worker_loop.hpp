// `hpo worker`: pulls trials of one study and carries them out, until the study has ended.
//
// One thread and one poll(): signals, metrics files, the daemon's answers. What is decided is
// decided by LeaseBook; here it is carried out.
#pragma once

#include <map>
#include <optional>
#include <string>
#include <vector>

#include "cli/answer.hpp"
#include "cli/command.hpp"
#include "cli/worker/attempts.hpp"
#include "cli/worker/lease_book.hpp"
#include "cli/worker/metrics_tail.hpp"
#include "cli/worker/transport.hpp"
#include "executors/runner/fd.hpp"
#include "schema/connect_file.hpp"

namespace hpo::cli::worker {

struct WorkerPlan {
  std::string study{};
  std::string name{};  // of this process, unique
  int slots = 1;
  std::vector<int> gpus{};
  std::optional<std::chrono::seconds> max_time{};
  std::chrono::seconds patience{900};  // without a daemon
  std::optional<ConnectFile> remote{};  // the daemon is elsewhere
};

class WorkerLoop {
 public:
  WorkerLoop(const WorkerPlan& plan, Assignment assignment, Transport& transport,
             runner::Fd signals, bool ignores_hangup);

  // ok: the study has ended, its time is over, or it was told to end; all has been told. Failure:
  // the daemon was away for longer than its patience, or refuses it.
  std::optional<Failure> run();

  int attempts_ended() const { return attempts_ended_; }
  std::string why_ended() const;  // "jets is finished"

 private:
  static Instant now();
  void carry_out(const Action& action);
  void begin(const Begin& begin);
  bool speak();
  bool reads_on() const;
  void wait();
  void take_signals();
  void note_signal(int number);
  void end_at_once();
  Failure ended_at_once() const;
  void take_ends();
  void note_loading();
  void take_reports();
  void report(LeaseKey key, std::vector<StepTold> steps);
  void take_answer();
  void handle(const HttpReply& reply);
  void tell_ignored(const Reply& reply);
  void refuse(const HttpReply& reply);
  Failure unheard(const std::string& why) const;
  void lose(const Failure& failure);
  void give_up(Failure failure);
  void tell_losses() const;  // of steps

  WorkerPlan plan_{};
  LeaseBook book_;
  Attempts attempts_;
  bool takes_reports_ = false;
  MetricsTails tails_{};
  std::map<LeaseKey, HeldSteps> earlier_{};  // of trainings that have told no step yet
  Transport& transport_;
  runner::Fd signals_{};
  bool ignores_hangup_ = false;
  Instant told_to_end_at_ = never;  // the first time, by a signal
  Instant end_by_ = never;          // it was told once more
  bool is_away_ = false;       // of the daemon
  bool has_told_ignored_ = false;
  bool has_told_loading_ = false;
  Instant answered_at_{};      // the last time
  Instant answer_by_ = never;  // of the request that is under way
  std::optional<Failure> failure_{};
  int attempts_ended_ = 0;
};

}  // namespace hpo::cli::worker
