// An executor starts jobs somewhere: this machine, later Slurm, PBS, PanDA.
//
// It knows jobs, not studies, and keeps nothing that the store does not have. Calls block. The
// daemon gives each executor a strand of its own on a thread pool, so an executor is never called
// twice at once and needs no locks.
#pragma once

#include <chrono>
#include <functional>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "schema/attempt_spec.hpp"
#include "schema/result.hpp"

namespace hpo {

// One submission of one attempt. The name is chosen by the daemon and unique for ever; it is also
// the job's name in a batch system, so that a job can be found after a crash between submitting
// it and writing its id down.
struct Job {
  std::string name{};
  std::string directory{};   // the attempt's own: attempt.json, params.json, claim, …
  std::string native_id{};   // empty until the executor has told it
  std::string identity{};    // as in AttemptSpec: the directory may hold another database's attempt
  std::chrono::seconds grace{30};  // what its training may take to end, once told
  bool has_result = true;  // false: of a worker, which tells each trial's by itself
  std::chrono::nanoseconds missing{};  // as its last JobStatus said, also to an earlier daemon
};

struct JobRequest {
  Job job{};
  AttemptSpec spec{};
  ExecutorSpec executor{};                  // of the study; so for environment
  EnvironmentSpec environment{};
  std::vector<std::string> predecessors{};  // names of this trial's earlier jobs: ended first
  std::string connect{};  // of a worker job: what connect_path() is to hold, a secret; "": no file
};

// What an executor can know about a job. `unknown` is an answer, not an error: batch systems
// forget jobs and invent states.
enum class JobState {
  queued,
  running,
  ended,    // with an outcome, read from exit.json or told by accounting
  gone,     // it was there, nothing of it is any more, and it left no outcome: certain
  absent,   // never submitted, as far as can be told now
  unknown,  // no answer: ask again
};

struct JobStatus {
  JobState state = JobState::unknown;
  std::string native_id{};            // as found
  std::optional<Outcome> outcome{};   // set if and only if ended
  std::string detail{};               // for people: why it waits (with job_mark), why it is gone
  std::optional<std::chrono::nanoseconds> missing{};  // so long, if a listing was read to tell it
};

// Something that must not have been, as a job that is there twice; put right already.
struct Incident {
  std::string job{};      // the name of a submission
  std::string message{};  // for people: what was found, and what was done
};

// How `submit` can end. A definite no is an Error with code invalid_argument or unavailable; an
// unclear answer is an Error with code outcome_unknown: the daemon then searches by name.
struct Submitted {
  std::string native_id{};
  bool is_running = false;
};

class Executor {
 public:
  virtual ~Executor() = default;

  // Writes the attempt's directory, then starts the job. The caller's intent row is durable.
  virtual Result<Submitted> submit(const JobRequest& request) = 0;

  // One query for many jobs; one status per job, in the same order.
  virtual Result<std::vector<JobStatus>> poll(std::span<const Job> jobs) = 0;

  // Asks the jobs to end (SIGTERM, grace, SIGKILL to all of each). Returns without waiting; poll
  // tells when one is gone. Succeeds for jobs that are gone already, or were never there.
  virtual Result<void> cancel(std::span<const Job> jobs) = 0;

  // Looks a job up by its name and directory alone, after a doubt or a restart.
  virtual Result<JobStatus> find(const Job& job) = 0;

  // Cancels what hpo's installation has there and no attempt waits for. `live`: the names of all
  // that it waits for, with those in doubt. Called after polls of all jobs. True: it has looked, at
  // something newer than the last time.
  virtual bool cancel_strays(std::span<const std::string> /*live*/) { return true; }

  // Those of the calls since the last time that it was asked. Called after each of the two above.
  virtual std::vector<Incident> take_incidents() { return {}; }
};

// The waits of executors of batch systems.
struct BatchConfig {
  std::chrono::nanoseconds poll_interval = std::chrono::seconds(30);  // between two listings
  // From the end of a job until the lack of its exit.json means something: network file systems
  // show files late.
  std::chrono::nanoseconds result_grace = std::chrono::seconds(60);
  std::chrono::nanoseconds lost_after = std::chrono::minutes(10);     // without any trace of it
  std::chrono::nanoseconds stuck_after = std::chrono::minutes(30);    // waiting for ever
};

struct ExecutorConfig {
  std::string hpo_program{};      // absolute path of the `hpo` beside this daemon
  std::string ended_directory{};  // <state>/ended
  std::string installation{};     // 4 characters: all names of this daemon's jobs begin with them
  BatchConfig batch{};
  std::function<std::int64_t()> monotonic_ns{};  // the daemon's clock; a simulated one in tests
  std::function<std::int64_t()> utc_ns{};        // likewise
  // A line for the daemon's log. Any thread.
  std::function<void(std::string_view level, const std::string& line)> log =
      [](std::string_view, const std::string&) {};
};

using ExecutorFactory = Result<std::unique_ptr<Executor>> (*)(const ExecutorConfig&);

struct ExecutorEntry {
  std::string_view name{};   // as written in study.json
  ExecutorFactory make = nullptr;
};

// Every executor in the house. To add one: write its file, add its line to executors.def.
std::span<const ExecutorEntry> executors();

}  // namespace hpo
