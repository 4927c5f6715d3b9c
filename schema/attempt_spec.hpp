// AttemptSpec: all that `hpo exec DIR` needs to carry out one attempt; the content of attempt.json.
//
// The daemon writes it, the runner reads it, so it is a contract between two builds: fields may be
// added, never re-used.
#pragma once

#include <chrono>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "schema/study.hpp"

namespace hpo {

struct AttemptSpec {
  std::string study{};
  bool is_worker = false;   // of a worker job: `trial` is its number, and no result is expected
  int trial = 0;
  int attempt = 1;
  std::string job{};        // the submission's name; who holds the claim is decided by it
  std::string identity{};   // of the attempt: equal for its submissions, for no other attempt ever
  std::string metric{};     // the objective, as it is called in the result
  std::vector<std::string> command{};  // placeholders not yet replaced
  std::string workdir{};
  std::map<std::string, std::string> environment{};  // complete, but for HPO_… and what follows
  std::vector<std::string> secrets{};  // names of files on the node; see runner/secrets.hpp
  std::optional<ContainerSpec> container{};
  bool adds_to_own = false;   // `environment` is set over that of the runner, left by a job script
  std::string id_variable{};  // which variable has the job's id in a batch system; empty: none
  std::vector<std::string> job_variables{};  // patterns: what a container keeps of the job's
  std::string launcher{};     // the program in whose care ranks run elsewhere; empty: none known
  std::vector<std::string> tell_ranks{};  // tells these to end; the job's id is its last word
  bool syncs_files = false;   // written on one machine, read on another: synced to disk
  std::string params{};     // JSON object: the same bytes as in the database and in REST
  std::uint64_t seed = 0;   // of this trial
  std::optional<std::int64_t> fidelity_max{};  // the step to train to; nullopt: it is told of none
  int slot = 0;
  std::vector<int> devices{};
  int cpus = 1;
  bool hides_devices = false;  // the study asked for GPUs, or the node's are managed: set CUDA_…
  std::optional<std::chrono::seconds> time{};  // of the training: when it is told to end
  std::optional<std::chrono::seconds> job_time{};  // of a batch job, from which `time` was made
  std::chrono::seconds grace{30};
  ResultSpec result{};
  bool is_warm = false;           // a worker forks it from a script that has loaded
  std::string checkpoint_from{};  // directory of the newest complete checkpoint; empty: none
  std::string ended_directory{};  // where the last act, a file named as the job, goes
  friend bool operator==(const AttemptSpec&, const AttemptSpec&) = default;
};

// What all attempts of a study have in common. Trial, attempt, job, params, seed, slot, devices and
// directories are left as they are: who starts one fills them in.
AttemptSpec attempt_spec_of(const StudySpec& spec);

// The study's command for a trial of these values: without the elements that name a parameter which
// has none. The decoder sees to it that nothing else is in such an element.
std::vector<std::string> command_of(const StudySpec& spec, const Values& values);

}  // namespace hpo
