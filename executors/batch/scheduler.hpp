// What one batch system adds to batch_executor: its commands and the meaning of their answers.
//
// Calls block. All are made from the executor's strand.
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "executors/executor.hpp"

namespace hpo::batch {

enum class Phase {
  queued,
  held,        // will not start until a person releases it
  running,
  completing,  // the training has ended, its nodes are not free yet
  ended,
  unknown,     // a word of a newer scheduler: what was known before counts
};

// One job, as a listing or the accounting shows it. The words are the scheduler's own.
struct Sighting {
  std::string id{};
  std::string name{};
  Phase phase = Phase::unknown;
  std::string state{};
  std::string reason{};             // why it waits, or how it ended
  std::string node_list{};
  std::optional<int> exit_code{};
  std::optional<int> signal{};
  std::int64_t start_s = 0;         // since 1970, expected while it waits; 0: unknown
  std::int64_t end_s = 0;
};

inline bool is_waiting(const Sighting& seen) {
  return seen.phase == Phase::queued || seen.phase == Phase::held;
}

// A word of a newer scheduler may mean anything: one that should go is told to go.
inline bool may_live(const Sighting& seen) {
  return seen.phase != Phase::completing && seen.phase != Phase::ended;
}

// What a job has left in its attempt's directory.
struct Traces {
  bool has_begun = false;    // its output was opened: the node was ready for its script
  bool has_claimed = false;  // the runner had come to life
  bool has_left = false;     // it found the attempt claimed by another job
  bool has_setup = false;    // lines of the study's own ran before the runner
  std::string printed{};     // the end of what it, and the scheduler about it, printed
};

class Scheduler {
 public:
  virtual ~Scheduler() = default;

  // Adds to the attempt what this system's jobs need: variables, and the one with the job's id.
  virtual void prepare(AttemptSpec& spec) = 0;

  // Submits the job script of the request's directory under the job's name; the id. Errors as those
  // of Executor::submit.
  virtual Result<std::string> submit(const JobRequest& request) = 0;

  // One query: all jobs of this user that hpo named. Error: nothing may be concluded.
  virtual Result<std::vector<Sighting>> list() = 0;

  // Asks about one job by its id and name. nullopt: in so many words, it has no job of that id. An
  // answer that merely lacks the job is an Error, as is none.
  virtual Result<std::optional<Sighting>> look_up(const Sighting& job) = 0;

  // What accounting knows of jobs that the listing lacks; empty where there is no accounting. Only
  // phase `ended` means anything.
  virtual Result<std::vector<Sighting>> account(std::span<const std::string> names) = 0;

  // False once account() has found that there is none.
  virtual bool keeps_accounting() const = 0;

  // Asks all of them to end. They have just been seen with these ids and names.
  virtual Result<void> cancel(std::span<const Sighting> jobs) = 0;

  // Tells the process of job.sh alone, by SIGTERM: it has become the runner, which ends the
  // training with its grace. The same has just been seen, and that they run.
  virtual Result<void> tell_runners(std::span<const Sighting> jobs) = 0;

  // Why a job waits, for people. REQUIRES: it is queued or held.
  virtual std::string wait_text(const Sighting& job) = 0;

  // It waits for something that does not come by itself: a limit of its own, a failed dependency.
  virtual bool waits_for_ever(const Sighting& job) = 0;

  // What it means that this job ended without exit.json. REQUIRES: its phase is ended.
  virtual Outcome outcome_of(const Sighting& job, const Traces& traces) = 0;
};

}  // namespace hpo::batch
