// hpo daemon status: never starts one.
#include "cli/api_client.hpp"
#include "cli/arguments.hpp"
#include "cli/json_view.hpp"
#include "cli/output.hpp"
#include "cli/verbs/verbs.hpp"

namespace hpo::cli {

ExitCode daemon_status(Arguments& arguments, const Context& context) {
  bool as_json = false;
  arguments.json_flag(as_json);
  if (const auto exit = arguments.parse()) return *exit;
  auto client = connect(context);
  if (!client) return tell(client.failure(), context.terminal);
  const auto reply = client->get("/version");
  if (!reply) return tell(reply.failure(), context.terminal);
  if (as_json) {
    print_line(reply->body);
    return ExitCode::ok;
  }
  Table table;
  table.column("NAME");
  table.column("VALUE");
  for (const json::Member& each : reply->json.members) {
    table.row({{.text = each.key}, {.text = plain_text(each.value)}});
  }
  print(table.render(context.terminal));
  const auto ready = client->get("/readyz");
  return ready ? ExitCode::ok : tell(ready.failure(), context.terminal);
}

}  // namespace hpo::cli
