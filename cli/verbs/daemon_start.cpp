// hpo daemon start: prints the socket of the ready daemon, new or not.
#include "cli/arguments.hpp"
#include "cli/daemon_process.hpp"
#include "cli/health.hpp"
#include "cli/json_view.hpp"
#include "cli/last_error.hpp"
#include "cli/output.hpp"
#include "cli/verbs/verbs.hpp"

namespace hpo::cli {

ExitCode daemon_start(Arguments& arguments, const Context& context) {
  bool as_json = false;
  arguments.json_flag(as_json);
  if (const auto exit = arguments.parse()) return *exit;
  const std::string ended_by = last_error();
  auto started = start_daemon(context, OtherHost::may_be_dead);
  if (!started) return tell(started.failure(), context.terminal);
  const auto reply = started->client.get("/version");
  if (!reply) return tell(reply.failure(), context.terminal);
  if (started->was_running) note("the daemon is running already");
  if (!started->was_running && !ended_by.empty()) note("the last daemon ended by: " + ended_by);
  const std::string unready = unready_reason(started->client);
  if (!unready.empty()) note("it is not ready: " + unready);
  print_line(as_json ? reply->body : text_of(member(reply->json, "socket")));
  return ExitCode::ok;
}

}  // namespace hpo::cli
