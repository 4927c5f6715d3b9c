// Tokens that people ask for: `hpo token`.
#include "daemon/loop/command_handlers.hpp"
#include "daemon/loop/tokens.hpp"
#include "schema/json/writer.hpp"

namespace hpo::loop {

Result<Reply> handle(const CommandContext& context, const IssueToken& command) {
  auto loop = context.ledger.find(command.study);
  if (!loop) return loop.error();
  if (auto may = check_token_wish(context.config, context.store, **loop); !may) return may.error();
  auto kept = context.ledger.keep_token(**loop, command.sha256, command.valid);
  if (!kept) return kept.error();
  json::Writer w;
  w.object().member("study", command.study).member("address", context.config.tcp_address);
  w.member("fingerprint", context.config.tcp_fingerprint);
  w.member("valid_s", static_cast<std::int64_t>(command.valid.count())).end();
  return Reply{.created = true, .body = std::move(w).text()};
}

Result<Reply> handle(const CommandContext& context, const RevokeTokens& command) {
  auto loop = context.ledger.find(command.study);
  if (!loop) return loop.error();
  if (auto revoked = context.ledger.revoke_tokens(**loop); !revoked) return revoked.error();
  for (const auto& [number, worker] : (*loop)->study.workers) {  // nobody else has those
    auto kept = follow_worker_job(context.config, context.store, **loop, worker);
    if (!kept) return kept.error();
  }
  json::Writer w;
  w.object().member("study", command.study);
  w.member("state", word((*loop)->study.progress.state)).end();
  return Reply{.body = std::move(w).text()};
}

}  // namespace hpo::loop
