// One POST, and its answer in a line.
#include "cli/verbs/change_study.hpp"

#include "cli/json_view.hpp"
#include "cli/output.hpp"
#include "cli/text.hpp"

namespace hpo::cli {
namespace {

std::string sentence(const json::Node& reply) {
  const std::string study = text_of(member(reply, "study"));
  const json::Node& trials = member(reply, "trials");
  if (trials.kind != json::Kind::array) return study + " is " + text_of(member(reply, "state"));
  if (trials.items.empty()) return "nothing to do for " + study;
  std::string list;
  for (const json::Node& trial : trials.items) list += " " + plain_text(trial);
  return study + " has " + counted(static_cast<std::int64_t>(trials.items.size()), "new trial") +
         ":" + list;
}

// New trials of a paused study wait until it is resumed.
std::string next_after(const Change& change, const json::Node& reply, ApiClient& client) {
  if (is_null(member(reply, "trials"))) return change.next;
  const std::string name = text_of(member(reply, "study"));
  const auto study = client.get(study_target(name));
  const bool is_paused = study && text_of(member(study->json, "state")) == "paused";
  return is_paused ? "hpo resume " + shell_quoted(name) : change.next;
}

}  // namespace

ExitCode post_change(const Change& change, bool as_json, const Context& context) {
  auto client = connect(context);
  if (!client) return tell(client.failure(), context.terminal);
  const auto reply = client->post(change.target, change.body);
  if (!reply) return tell(reply.failure(), context.terminal);
  if (as_json) {
    print_line(reply->body);
    return ExitCode::ok;
  }
  note(change.about + sentence(reply->json) +
       "; next: " + next_after(change, reply->json, *client));
  return ExitCode::ok;
}

}  // namespace hpo::cli
