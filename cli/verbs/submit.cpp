// hpo submit FILE: decoded here for errors with places, then sent as plain JSON.
#include <sys/stat.h>

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
#include "executors/runner/program.hpp"
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

// Where the training starts, unless the study says otherwise.
Result<std::string> base_directory(const std::string& path) {
  if (path.substr(0, 1) == "/") return directory_of_file(path, "/");
  const auto here = current_directory();
  if (!here) return here.error();
  return directory_of_file(path, *here);
}

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
  const auto base = base_directory(options.path);
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

// Warned of, not refused: it may be there when a trial starts, and the trial says it again.
void warn_of_command(const StudySpec& spec) {
  if (spec.command.empty()) return;
  const std::string& program = spec.command.front();
  const bool is_known = program.find('{') == std::string::npos && !spec.environment.container;
  if (spec.executor.type != "local" || !is_known) return;
  struct stat status {};
  if (::stat(spec.workdir.c_str(), &status) != 0 || !S_ISDIR(status.st_mode)) {
    return note("the workdir " + spec.workdir + " is not there: trials will fail to start");
  }
  const auto path = spec.environment.captured.find("PATH");
  const auto found = runner::find_program(
      program, path == spec.environment.captured.end() ? runner::usual_search_path : path->second,
      spec.workdir);
  if (found) return;
  const bool is_a_line = spec.command.size() == 1 && program.find(' ') != std::string::npos;
  note("trials will fail to start: " + found.error().what +
       (is_a_line ? "; write each word of the command by itself, or [\"bash\", \"-c\", \"…\"]"
                  : std::string()));
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
  warn_of_command(spec);
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
      .flag("--dry-run", options.is_dry, "show what trial 0 would do; send nothing")
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
  if (options.is_dry) return dry_run(*spec, options.as_json, context);
  return send(*spec, options, context);
}

}  // namespace hpo::cli
