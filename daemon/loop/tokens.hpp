// Lets workers on other machines in: a secret for one study, of which only the hash is stored.
//
// What people ask for comes as IssueToken; they have drawn it themselves. That of a worker job is
// made from the job's name with a secret of this daemon, so it need not be remembered from the
// COMMIT that lets it in to the file that the job finds, nor to shut it out at the job's end.
// Engine strand.
#pragma once

#include <string>

#include "daemon/loop/ledger.hpp"
#include "daemon/loop/loop_config.hpp"

namespace hpo::loop {

// May people have one more? Error: conflict if hpod does not listen by TCP, or starts the trials
// of the study itself, or the study has 10,000 tokens.
Result<void> check_token_wish(const LoopConfig& config, store::Store& store,
                              const StudyLoop& loop);

// The text of the file with which the worker of this job reaches us by TCP, a secret; "": hpod
// does not listen. Pure, any thread.
std::string connect_file_of_job(const LoopConfig& config, const std::string& study,
                                const std::string& job);

// What the store has of a worker job's token, in step with the job, in the open transaction: it
// is let in at the submission, until an hour after the wall time once it runs, and shut out when
// the job has ended.
Result<void> follow_worker_job(const LoopConfig& config, store::Store& store,
                               const StudyLoop& loop, const WorkerJob& worker);

}  // namespace hpo::loop
