// See strategy_logs.hpp.
#include "cli/strategy_logs.hpp"

#include "cli/api_client.hpp"
#include "cli/json_view.hpp"
#include "cli/output.hpp"
#include "cli/study_view.hpp"
#include "cli/text.hpp"
#include "schema/json/writer.hpp"

namespace hpo::cli {
namespace {

// Silence has a reason: the study may have another kind of strategy.
ExitCode tell_nothing(ApiClient& client, const std::string& study, const Terminal& terminal) {
  const auto reply = client.get(study_target(study));
  if (!reply) return tell(reply.failure(), terminal);
  const std::string type = study_view(reply->json).strategy;
  note(type == "external" ? "its program has written nothing to stderr"
                          : "its strategy is " + type + ", which is no program of its own");
  return ExitCode::ok;
}

}  // namespace

ExitCode strategy_logs(const std::string& study, bool as_json, const Context& context) {
  auto client = connect(context);
  if (!client) return tell(client.failure(), context.terminal);
  std::string text;
  for (std::int64_t offset = 0;;) {
    const auto reply = client->get(study_target(study) + "/strategy-logs?offset=" +
                                   std::to_string(offset));
    if (!reply) return tell(reply.failure(), context.terminal);
    text += text_of(member(reply->json, "text"));
    const std::int64_t next = integer_of(member(reply->json, "next_offset"));
    if (next <= offset || next >= integer_of(member(reply->json, "size"))) break;
    offset = next;
  }
  if (as_json) {
    json::Writer writer;
    print_line(writer.object().member("stream", "strategy").member("text", text).end().text());
    return ExitCode::ok;
  }
  if (text.empty()) return tell_nothing(*client, study, context.terminal);
  print(context.terminal.is_tty ? printable(text) : text);
  return ExitCode::ok;
}

}  // namespace hpo::cli
