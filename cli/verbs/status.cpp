// hpo status [STUDY]: how far, how good, and in plain words what it waits for.
#include <unistd.h>

#include "cli/api_client.hpp"
#include "cli/arguments.hpp"
#include "cli/diagnosis.hpp"
#include "cli/health.hpp"
#include "cli/output.hpp"
#include "cli/pages.hpp"
#include "cli/status_text.hpp"
#include "cli/study_view.hpp"
#include "cli/text.hpp"
#include "cli/verbs/verbs.hpp"
#include "schema/json/writer.hpp"
#include "schema/paths.hpp"

namespace hpo::cli {
namespace {

constexpr std::size_t studies_max = 100'000;

constexpr std::string_view getting_started =
    "No study yet. To start:\n"
    "  1. hpo schema > study.schema.json  what a study may say, for your editor\n"
    "  2. write study.json                what to vary, what to optimise, the command\n"
    "  3. hpo validate study.json         every problem with its place\n"
    "  4. hpo submit study.json --watch   starts the daemon if none runs\n"
    "  5. hpo best NAME                   the best params so far\n"
    "  6. hpo --help                      all verbs; 'hpo helper' for training scripts\n";

// No study was ever stored here: a daemon would have nothing to tell.
bool is_first_time() {
  const auto state = state_directory();
  return state && ::access(StatePaths{.root = *state}.database().c_str(), F_OK) != 0;
}

ExitCode show_all(ApiClient& client, bool as_json, const Context& context) {
  const auto studies = all_items(client, "/v1/studies?limit=100", "studies", studies_max);
  if (!studies) return tell(studies.failure(), context.terminal);
  if (as_json) {
    json::Writer writer;
    writer.object().key("studies").array();
    for (const json::Node& study : *studies) writer.raw(to_json(study));
    print_line(writer.end().key("next").null().end().text());
    return ExitCode::ok;
  }
  if (studies->empty()) {
    note("no studies; next: hpo submit study.json");
    if (context.terminal.is_tty || context.typed.size() == 1) print(getting_started);
    return ExitCode::ok;
  }
  std::vector<StudyView> views;
  const std::string unready = unready_reason(client);
  for (const json::Node& study : *studies) {
    views.push_back(study_view(study));
    views.back().unready = unready;
  }
  print(status_table(views, context.terminal).render(context.terminal));
  return ExitCode::ok;
}

ExitCode show_one(ApiClient& client, const std::string& study, bool as_json,
                  const Context& context) {
  const auto reply = client.get(study_target(study));
  if (!reply) return tell(reply.failure(), context.terminal);
  if (as_json) {
    print_line(reply->body);
    return ExitCode::ok;
  }
  StudyView view = study_view(reply->json);
  view.unready = unready_reason(client);
  print(status_text(view, context.terminal) + printable(diagnosis(client, view)));
  return ExitCode::ok;
}

}  // namespace

ExitCode status(Arguments& arguments, const Context& context) {
  std::string study;
  bool as_json = false;
  arguments.optional_positional("STUDY", study, "its name; without one, all studies")
      .json_flag(as_json);
  if (const auto exit = arguments.parse()) return *exit;
  auto client = connect(context);
  if (!client) {
    if (context.typed.size() == 1 && is_first_time()) {
      print(getting_started);
      return ExitCode::ok;
    }
    return tell(client.failure(), context.terminal);
  }
  return study.empty() ? show_all(*client, as_json, context)
                       : show_one(*client, study, as_json, context);
}

}  // namespace hpo::cli
