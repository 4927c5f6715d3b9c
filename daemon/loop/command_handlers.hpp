// What each command means: checks against the present state, then events.
//
// Called inside a transaction; an Error undoes what the command has recorded. Engine strand.
#pragma once

#include "daemon/loop/commands.hpp"
#include "daemon/loop/leases.hpp"
#include "daemon/loop/ledger.hpp"
#include "daemon/loop/loop_config.hpp"
#include "daemon/loop/ready.hpp"
#include "daemon/loop/reports.hpp"

namespace hpo::loop {

struct CommandContext {
  const LoopConfig& config;
  store::Store& store;
  Ledger& ledger;
  Threads& threads;
  Ready& ready;
  Leases& leases;
  Reports& reports;
  bool may_start = true;  // else the daemon is about to stop
};

// Answers a repeated idempotency key with the stored reply, and stores the reply of a new one.
Result<Reply> handle(const CommandContext& context, const Command& command);

Result<Reply> handle(const CommandContext& context, const SubmitStudy& command);
Result<Reply> handle(const CommandContext& context, const PauseStudy& command);
Result<Reply> handle(const CommandContext& context, const ResumeStudy& command);
Result<Reply> handle(const CommandContext& context, const CancelStudy& command);
Result<Reply> handle(const CommandContext& context, const CancelTrial& command);
Result<Reply> handle(const CommandContext& context, const RetryTrials& command);
Result<Reply> handle(const CommandContext& context, const EnqueueTrials& command);
Result<Reply> handle(const CommandContext& context, const Exchange& command);
Result<Reply> handle(const CommandContext& context, const RenewLease& command);
Result<Reply> handle(const CommandContext& context, const TellTrial& command);
Result<Reply> handle(const CommandContext& context, const IssueToken& command);
Result<Reply> handle(const CommandContext& context, const RevokeTokens& command);

// Hex SHA-256 of what makes a study the same: everything but its name and the captured shell.
std::string content_hash(StudySpec spec);

}  // namespace hpo::loop
