// What trial 0 would do, by the runner's own functions, so that it is what will happen.
#include "cli/dry_run.hpp"

#include <map>

#include "cli/arguments.hpp"
#include "cli/json_view.hpp"
#include "cli/output.hpp"
#include "cli/text.hpp"
#include "executors/runner/container.hpp"
#include "executors/runner/environment.hpp"
#include "executors/runner/placeholders.hpp"
#include "schema/codec/codec.hpp"
#include "schema/json/writer.hpp"
#include "schema/paths.hpp"

namespace hpo::cli {
namespace {

// The values of trial 0, if the study itself gives them.
std::optional<Values> first_values(const StudySpec& spec) {
  if (!spec.initial.empty()) return spec.initial.front();
  return spec.space.defaults();
}

constexpr std::string_view given_later = "(given at the start)";

// A mark in the place of values that only the strategy knows.
std::string params_of(const StudySpec& spec) {
  const auto values = first_values(spec);
  if (values) return params_to_json(spec.space, *values);
  json::Writer writer;
  writer.object();
  for (const Parameter& parameter : spec.space.parameters()) {
    const auto* fixed = std::get_if<FixedDomain>(&parameter.domain);
    if (fixed != nullptr) writer.member(parameter.name, fixed->value);
    else writer.member(parameter.name, std::string(given_later));
  }
  writer.end();
  return std::move(writer).text();
}

AttemptSpec first_attempt(const StudySpec& spec) {
  AttemptSpec attempt = attempt_spec_of(spec);
  attempt.params = params_of(spec);
  return attempt;
}

// What only the daemon knows, when it starts the attempt.
bool is_given_later(std::string_view name) {
  return name == "HPO_JOB" || name == "HPO_SEED" || name == "CUDA_VISIBLE_DEVICES";
}

std::string text_of_attempt(const runner::Attempt& attempt, const Terminal& terminal) {
  const auto heading = [&](const char* words) {
    return styled(words, Style::bold, terminal.has_color) + "\n";
  };
  std::map<std::string, std::string> placeholders = attempt.placeholders;
  placeholders["seed"] = given_later;
  const auto words =
      runner::contained(attempt, runner::fill_known(attempt.spec.command, placeholders));
  std::string text = heading("command") + "  " + shell_quoted(words) + "\n";
  text += heading("workdir") + "  " + attempt.spec.workdir + "\n" + heading("params");
  for (const runner::Param& param : attempt.params) {
    text += "  " + param.name + "=" + param.text + "\n";
  }
  text += heading("files");
  for (const auto* path : {&attempt.paths.params, &attempt.paths.result, &attempt.paths.metrics,
                           &attempt.paths.standard_output, &attempt.paths.standard_error}) {
    text += "  " + *path + "\n";
  }
  text += heading("environment");
  for (const std::string& entry : runner::environment_of(attempt).entries) {
    const std::string name = entry.substr(0, entry.find('='));
    text += "  " + (is_given_later(name) ? name + "=" + std::string(given_later) : entry) + "\n";
  }
  return printable(text);
}

}  // namespace

ExitCode dry_run(const StudySpec& spec, bool as_json, const Context& context) {
  const std::string body = study_to_json(spec);
  if (as_json) {
    print_line(body);
    return ExitCode::ok;
  }
  const auto state = state_directory();
  if (!state) return tell(failure_of(state.error()), context.terminal);
  const auto attempt = runner::attempt_of(first_attempt(spec),
                                          StatePaths{.root = *state}.attempt(spec.name, 0, 1));
  if (!attempt) return tell(failure_of(attempt.error()), context.terminal);
  print(text_of_attempt(*attempt, context.terminal));
  print_line(styled("study", Style::bold, context.terminal.has_color));
  print_line(to_pretty_json(json::parse(body).root));
  if (!first_values(spec)) {
    note("the strategy chooses the values of trial 0 at the start");
  }
  note("nothing was sent; next: hpo submit without --dry-run");
  return ExitCode::ok;
}

}  // namespace hpo::cli
