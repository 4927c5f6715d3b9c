// hpo daemon status: never starts one.
#include "cli/api_client.hpp"
#include "cli/arguments.hpp"
#include "cli/health.hpp"
#include "cli/json_view.hpp"
#include "cli/last_error.hpp"
#include "cli/output.hpp"
#include "cli/text.hpp"
#include "cli/verbs/verbs.hpp"
#include "schema/json/writer.hpp"

namespace hpo::cli {
namespace {

// The body of /version, and of /readyz.
std::string json_of(const json::Node& version, const std::string& unready) {
  json::Writer writer;
  writer.object();
  for (const json::Member& each : version.members) writer.key(each.key).raw(to_json(each.value));
  writer.member("ready", unready.empty()).member("reason", unready).end();
  return std::move(writer).text();
}

Failure not_ready(const std::string& why, const std::string& state_dir) {
  return Failure{.exit_code = ExitCode::temporary,
                 .error = {.code = ErrorCode::unavailable,
                           .what = "the daemon is not ready: " + why,
                           .where = state_dir,
                           .remedy = "df -h " + shell_quoted(state_dir) + "; hpo daemon logs"},
                 .details = {}};
}

// No daemon: if an error ended the last one, its log has been the only trace.
Failure with_last_error(Failure failure) {
  const std::string line = last_error();
  if (failure.error.code == ErrorCode::unavailable && !line.empty()) {
    failure.details += "  the last line of its log:\n  " + line + "\n";
  }
  return failure;
}

}  // namespace

ExitCode daemon_status(Arguments& arguments, const Context& context) {
  bool as_json = false;
  arguments.json_flag(as_json);
  if (const auto exit = arguments.parse()) return *exit;
  auto client = connect(context);
  if (!client) return tell(with_last_error(client.failure()), context.terminal);
  const auto reply = client->get("/version");
  if (!reply) return tell(reply.failure(), context.terminal);
  const std::string unready = unready_reason(*client);
  if (as_json) {
    print_line(json_of(reply->json, unready));
    return ExitCode::ok;
  }
  Table table;
  table.column("NAME");
  table.column("VALUE");
  for (const json::Member& each : reply->json.members) {
    table.row({{.text = each.key}, {.text = plain_text(each.value)}});
  }
  print(table.render(context.terminal));
  if (unready.empty()) return ExitCode::ok;
  return tell(not_ready(unready, text_of(member(reply->json, "state_dir"))), context.terminal);
}

}  // namespace hpo::cli
