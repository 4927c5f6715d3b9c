// Lets workers on other machines in: a secret for one study, of which only the hash is stored.
//
// For jobs that hpod starts itself; what people ask for comes as IssueToken. Engine strand.
#pragma once

#include <chrono>
#include <string>

#include "daemon/loop/ledger.hpp"
#include "daemon/loop/loop_config.hpp"

namespace hpo::loop {

// Draws a token and stores its hash in the open transaction. Returns the text of the file that
// `hpo worker --connect FILE` takes; write it with mode 0600. After a COMMIT that failed the file
// opens nothing, so it may be written before or after.
// Error: conflict if hpod does not listen by TCP, or the study has 10,000 tokens.
Result<std::string> issue_connect_file(const LoopConfig& config, store::Store& store,
                                       Ledger& ledger, const StudyLoop& loop,
                                       std::chrono::seconds valid);

// What both ways check. Error: as above.
Result<void> check_token_wish(const LoopConfig& config, store::Store& store,
                              const StudyLoop& loop);

}  // namespace hpo::loop
