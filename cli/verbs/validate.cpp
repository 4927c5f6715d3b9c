// hpo validate FILE: the decoder's verdict, without a daemon; with --check the scheduler's too.
#include <cstdio>

#include "cli/arguments.hpp"
#include "cli/capture.hpp"
#include "cli/json_view.hpp"
#include "cli/output.hpp"
#include "cli/preflight.hpp"
#include "cli/site_verdict.hpp"
#include "cli/study_file.hpp"
#include "cli/verbs/verbs.hpp"
#include "schema/codec/codec.hpp"
#include "schema/paths.hpp"

namespace hpo::cli {
namespace {

// The file is right, whatever this node lacks; `hpo submit` says the same, or refuses it.
void warn_of_node(const StudySpec& spec) {
  if (const std::string problem = slots_problem(spec, cores_here()); !problem.empty()) {
    note(problem);
  }
  if (const std::string problem = command_problem(spec); !problem.empty()) note(problem);
  if (const auto problem = strategy_problem(spec)) {
    note("hpo submit will refuse it: " + problem->what);
  }
}

}  // namespace

ExitCode validate(Arguments& arguments, const Context& context) {
  std::string path;
  bool explains = false;
  bool checks = false;
  bool as_json = false;
  arguments.positional("FILE", path, "a study file; - for stdin")
      .flag("--explain", explains, "show the study with every default filled in")
      .flag("--check", checks, "ask the scheduler what it has, what it allows, and this study")
      .flag("--json", as_json, "the verdict as JSON on stdout");
  if (const auto exit = arguments.parse()) return *exit;
  const auto file = read_study_file(path, "validate");
  if (!file) return tell(file.failure(), context.terminal);
  if (as_json) {
    const std::string verdict = validation_json(file->decoded);
    if (checks && file->decoded.spec) return tell_site(*file->decoded.spec, verdict, context);
    print_line(verdict);
    return file->decoded.spec ? ExitCode::ok : ExitCode::usage;
  }
  const auto spec = checked_study(*file);
  if (!spec) return tell(spec.failure(), context.terminal);
  const auto place = directory_of_study(path);
  if (!place) return tell(failure_of(place.error()), context.terminal);
  const StudySpec to_submit = as_submitted(*spec, *place, environment_value);
  if (explains) print_line(to_pretty_json(json::parse(study_to_json(*spec)).root));
  if (checks) {
    const auto refusal = preflight_refusal(to_submit);
    if (refusal) tell(*refusal, context.terminal);  // and the site's too: all is mended at once
    const ExitCode code = tell_site(*spec, {}, context);
    if (refusal) return refusal->exit_code;
    if (code != ExitCode::ok) return code;
  }
  warn_of_node(to_submit);
  if (!explains) note("study \"" + spec->name + "\" is valid; next: hpo submit " + path);
  return ExitCode::ok;
}

}  // namespace hpo::cli
