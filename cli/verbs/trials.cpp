// hpo trials STUDY: one line a trial, params in the space's order.
#include <algorithm>
#include <limits>

#include "cli/arguments.hpp"
#include "cli/json_view.hpp"
#include "cli/output.hpp"
#include "cli/pages.hpp"
#include "cli/text.hpp"
#include "cli/trials_table.hpp"
#include "cli/verbs/verbs.hpp"
#include "schema/json/writer.hpp"
#include "schema/trial.hpp"

namespace hpo::cli {
namespace {

struct TrialsOptions {
  std::string study{};
  std::string state{};
  std::string sort{};
  std::optional<int> limit{};
  bool as_json = false;
};

std::string target_of(const TrialsOptions& options) {
  const int page = std::min(options.limit.value_or(page_size_max), page_size_max);
  std::string target = study_target(options.study) + "/trials?limit=" + std::to_string(page);
  if (!options.state.empty()) target += "&state=" + url_encoded(options.state);
  if (!options.sort.empty()) target += "&sort=" + url_encoded(options.sort);
  return target;
}

std::string json_of(const std::vector<json::Node>& trials) {
  json::Writer writer;
  writer.object().key("trials").array();
  for (const json::Node& trial : trials) writer.raw(to_json(trial));
  writer.end().end();
  return std::move(writer).text();
}

ExitCode show(const TrialsOptions& options, const Context& context) {
  auto client = connect(context);
  if (!client) return tell(client.failure(), context.terminal);
  const int limit = options.limit.value_or(std::numeric_limits<int>::max());
  const auto trials =
      all_items(*client, target_of(options), "trials", static_cast<std::size_t>(limit));
  if (!trials) return tell(trials.failure(), context.terminal);
  if (options.as_json) print_line(json_of(*trials));
  else if (trials->empty()) note("no such trials; next: hpo status " + shell_quoted(options.study));
  else print(trials_table(*trials, context.terminal.is_tty).render(context.terminal));
  return ExitCode::ok;
}

}  // namespace

ExitCode trials(Arguments& arguments, const Context& context) {
  TrialsOptions options;
  arguments.positional("STUDY", options.study, "its name")
      .option("--state", "STATE", options.state,
              "waiting, running, paused, completed, pruned, infeasible, failed or cancelled")
      .option("--sort", "ORDER", options.sort, "number, value, or -value for the largest first")
      .option("--limit", "N", options.limit, {.least = 1}, "at most so many")
      .json_flag(options.as_json);
  if (const auto exit = arguments.parse()) return *exit;
  if (!options.state.empty() && !from_word<TrialState>(options.state)) {
    return arguments.usage_error("there is no trial state \"" + options.state + "\"");
  }
  if (!options.sort.empty() && options.sort != "number" && options.sort != "value" &&
      options.sort != "-value") {
    return arguments.usage_error("there is no order \"" + options.sort + "\"");
  }
  return show(options, context);
}

}  // namespace hpo::cli
