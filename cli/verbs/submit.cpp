// hpo submit FILE: decoded here for errors with places, then sent as plain JSON.
#include "cli/arguments.hpp"
#include "cli/capture.hpp"
#include "cli/daemon_process.hpp"
#include "cli/dry_run.hpp"
#include "cli/json_view.hpp"
#include "cli/output.hpp"
#include "cli/preflight.hpp"
#include "cli/site_verdict.hpp"
#include "cli/study_file.hpp"
#include "cli/text.hpp"
#include "cli/verbs/verbs.hpp"
#include "cli/watch_study.hpp"
#include "schema/codec/codec.hpp"
#include "schema/paths.hpp"

namespace hpo::cli {
namespace {

struct SubmitOptions {
  std::string path{};
  std::string name{};
  bool is_dry = false;
  bool watches = false;
  bool starts_none = false;
  bool checks_nothing = false;
  bool as_json = false;
};

// A name from the command line obeys the rules of one in the file: the decoder has the last word.
Answer<StudySpec> renamed(StudySpec spec, const std::string& name) {
  if (name.empty()) return spec;
  spec.name = name;
  const DecodedStudy decoded = decode_study(study_to_json(spec), {.comments = false});
  if (decoded.spec) return *decoded.spec;
  const std::string what = decoded.problems.empty() ? "" : ": " + decoded.problems[0].message;
  return failure_of(Error{ErrorCode::invalid_argument, "the name cannot be used" + what,
                          "--name " + name, "choose another: hpo submit FILE --name NAME"});
}

Answer<StudySpec> study_to_send(const SubmitOptions& options) {
  const auto base = directory_of_study(options.path);
  if (!base) return failure_of(base.error());
  const auto file = read_study_file(options.path, "submit");
  if (!file) return file.failure();
  auto spec = checked_study(*file);
  if (!spec) return spec.failure();
  auto named = renamed(*std::move(spec), options.name);
  if (!named) return named.failure();
  return as_submitted(*std::move(named), *base, environment_value);
}

void warn_of_place(const StudySpec& spec) {
  const std::string program = batch_program(environment_value);
  if (spec.executor.type != "local" || program.empty()) return;
  note("this study trains on this node (executor local), though " + program +
       " is here; on a login node ask whether that is wanted");
}

Answer<ApiClient> client_for(const SubmitOptions& options, const Context& context) {
  if (options.starts_none) return connect(context);
  auto started = start_daemon(context);
  if (!started) return started.failure();
  if (!started->was_running) note("the daemon was started; hpo daemon status tells where it is");
  return std::move(started->client);
}

void tell_result(const Reply& reply, const SubmitOptions& options, const Context& context) {
  const std::string name = text_of(member(reply.json, "name"));
  const std::string remark = text_of(member(reply.json, "note"));
  if (!remark.empty()) note(remark);
  else if (!member(reply.json, "created").boolean) note("study " + name + " is there already");
  if (options.as_json) {
    print_line(reply.body);
  } else if (!context.terminal.is_tty) {
    print_line(name);
  } else {
    const std::string word = shell_quoted(name);
    print_line(styled(name, Style::bold, context.terminal.has_color) + "\n  hpo watch " + word +
               "\n  hpo best " + word);
  }
}

ExitCode send(const StudySpec& spec, const SubmitOptions& options, const Context& context) {
  warn_of_place(spec);
  if (!options.checks_nothing) {
    auto refusal = preflight_refusal(spec);
    if (!refusal) refusal = site_refusal(spec);
    if (refusal) return tell(*refusal, context.terminal);
  }
  auto client = client_for(options, context);
  if (!client) return tell(client.failure(), context.terminal);
  const auto reply = client->post("/v1/studies", study_to_json(spec));
  if (!reply) return tell(reply.failure(), context.terminal);
  tell_result(*reply, options, context);
  if (!options.watches) return ExitCode::ok;
  finish_output(ExitCode::ok);
  return watch_study(*client, text_of(member(reply->json, "name")), context);
}

}  // namespace

ExitCode submit(Arguments& arguments, const Context& context) {
  SubmitOptions options;
  arguments.positional("FILE", options.path, "a study file; - for stdin")
      .option("--name", "NAME", options.name, "instead of the name in the file")
      .flag("--dry-run", options.is_dry, "show what its jobs and trial 0 would do; send nothing")
      .flag("--watch", options.watches, "follow the study until it ends")
      .flag("--no-check", options.checks_nothing, "send it whatever secrets, setup and limits say")
      .flag("--no-autostart", options.starts_none, "fail rather than start a daemon")
      .json_flag(options.as_json);
  if (const auto exit = arguments.parse()) return *exit;
  if (options.as_json && options.watches) {
    return arguments.usage_error("--json prints one document, --watch a line for each change: "
                                 "submit with the one, then hpo watch");
  }
  const auto spec = study_to_send(options);
  if (!spec) return tell(spec.failure(), context.terminal);
  if (const std::string problem = command_problem(*spec); !problem.empty()) note(problem);
  if (options.is_dry) return dry_run(*spec, options.as_json, context);
  return send(*spec, options, context);
}

}  // namespace hpo::cli
