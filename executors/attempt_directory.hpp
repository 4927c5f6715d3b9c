// The directory of one attempt, as the runner expects it. Safe to repeat: the files are rewritten
// whole, with the same content. Any thread.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "executors/executor.hpp"
#include "executors/runner/claim.hpp"
#include "schema/report.hpp"

namespace hpo {

// DIR (0700) with attempt.json and params.json; the runner adds the rest. A later attempt that
// names no checkpoint gets the newest one of its trial: TRIAL/checkpoint/A that is not empty, of an
// attempt A that has claimed TRIAL/A.
// Error no_space: the disk is full; nothing has been started.
Result<void> write_attempt_directory(const Job& job, const AttemptSpec& spec);

// Another attempt of the job's trial, whichever submission it was: no name, its own directory and
// identity. REQUIRE: the job's directory and identity end in its attempt's number
Job earlier_attempt(Job job, int attempt);

// How the worker of a job reaches the daemon by TCP: DIR/connect.json, of mode 0600. A file of an
// earlier submission is replaced, or removed where the request brings none.
std::string connect_path(const Job& job);
Result<void> write_connect_file(const JobRequest& request);

// Of this submission, or of another one of the attempt. nullopt: nobody has claimed it, its file
// cannot be read, or it is what another database's attempt has left here.
std::optional<runner::Claim> claim_of(const Job& job);
bool is_of(const Job& job, const runner::Claim& claim);

// Why a runner that is gone left no exit.json, as far as its directory tells: the sentence goes on
// after "…without writing exit.json: ".
std::string why_no_exit(const std::string& directory);
// Likewise: what is wrong with the directory itself. "": it can be used now.
std::string directory_fault(const std::string& directory);

// The steps in the metrics file of this attempt, the last megabyte of it; none, if the directory is
// not there or is another attempt's. Blocks as its file system does.
std::vector<StepTold> left_steps(const Job& job);

// Storage that is read-only, stale or failing comes back, or somebody mends it: as a full disk, it
// must not cost a trial its attempts.
Error not_now(Error error);

}  // namespace hpo
