// What trial 0 would do, or a worker job and a trial in it, by the runner's own functions, so that
// it is what will happen.
#include "cli/dry_run.hpp"

#include <map>

#include "cli/arguments.hpp"
#include "cli/dry_job.hpp"
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

std::string first_directory(const StudySpec& spec, const std::string& state) {
  return StatePaths{.root = state}.attempt(spec.name, 0, 1);
}

// What the first trial's values decide; as far as they are known.
void add_values(const StudySpec& spec, AttemptSpec& attempt) {
  attempt.params = params_of(spec);
  if (const auto values = first_values(spec)) attempt.command = command_of(spec, *values);
}

// The first worker's, where workers pull the trials. REQUIRES: the study is for a batch system
JobRequest first_job(const StudySpec& spec, const std::string& state) {
  const bool is_worker = spec.has_worker_jobs();
  JobRequest request = is_worker ? worker_job_request(spec, state)
                                 : job_request(spec, first_directory(spec, state));
  if (!is_worker) add_values(spec, request.spec);
  request.spec.job = request.job.name;
  request.spec.syncs_files = true;  // as executors of batch systems do
  return request;
}

// A worker has the trial's spec from hpod as it is, and the rest of its own job.
AttemptSpec first_attempt(const StudySpec& spec) {
  const bool is_job = is_batch(spec.executor.type) && !spec.is_pulled();
  if (is_job) return first_job(spec, {}).spec;
  AttemptSpec attempt = attempt_spec_of(spec);
  add_values(spec, attempt);
  return attempt;
}

// What only the daemon knows, when it starts the attempt.
bool is_given_later(std::string_view name) {
  return name == "HPO_JOB" || name == "HPO_SEED" || name == "CUDA_VISIBLE_DEVICES";
}

class Page {
 public:
  explicit Page(const Terminal& terminal) : terminal_(terminal) {}

  void heading(const std::string& words) {
    text_ += styled(words, Style::bold, terminal_.has_color) + "\n";
  }
  void line(const std::string& words) { text_ += "  " + words + "\n"; }
  void lines(std::string_view text) { line(indented(text.substr(0, text.rfind('\n')), 2)); }
  std::string text() && { return printable(text_); }

 private:
  const Terminal& terminal_;
  std::string text_{};
};

void show_attempt(const runner::Attempt& attempt, Page& page) {
  std::map<std::string, std::string> placeholders = attempt.placeholders;
  placeholders["seed"] = given_later;
  page.heading("command");
  page.line(shell_quoted(
      runner::contained(attempt, runner::fill_known(attempt.spec.command, placeholders))));
  page.heading("workdir");
  page.line(attempt.spec.workdir);
  page.heading("params");
  for (const runner::Param& param : attempt.params) page.line(param.name + "=" + param.text);
  page.heading("files");
  for (const auto* path : {&attempt.paths.params, &attempt.paths.result, &attempt.paths.metrics,
                           &attempt.paths.standard_output, &attempt.paths.standard_error}) {
    page.line(*path);
  }
  page.heading("environment");
  for (const std::string& entry : runner::environment_of(attempt).entries) {
    const std::string name = entry.substr(0, entry.find('='));
    page.line(is_given_later(name) ? name + "=" + std::string(given_later) : entry);
  }
}

// The worker's own; what a trial in it gets comes behind it.
void show_worker(const StudySpec& spec, const std::string& state, Page& page) {
  const JobRequest request = worker_job_request(spec, state);
  page.heading("worker jobs");
  page.line(worker_jobs_text(spec));
  page.heading("command of a worker job");
  page.line(shell_quoted(request.spec.command));
  page.heading("files of worker job 0");
  page.line(request.job.directory);
  page.heading("a trial in it");
}

void show_job(const JobRequest& request, Page& page) {
  page.heading("environment before the modules");
  for (const auto& [name, value] : request.environment.captured) page.line(name + "=" + value);
  page.heading("job.sh");
  page.lines(batch::job_script);
  if (!request.environment.setup.empty()) {
    page.heading("setup.sh");
    page.lines(request.environment.setup + "\n");
  }
  page.heading("attempt.json");
  page.lines(to_pretty_json(json::parse(attempt_spec_to_json(request.spec)).root) + "\n");
  page.heading("sbatch");
  page.line(shell_quoted(submission_of(request)));
}

// The study with its job. REQUIRES: as first_job.
std::string json_of(const StudySpec& spec, const std::string& state) {
  std::string body = study_to_json(spec);
  body.pop_back();  // the bracket
  return body + ",\"job\":" + job_json(first_job(spec, state)) + "}";
}

}  // namespace

ExitCode dry_run(const StudySpec& spec, bool as_json, const Context& context) {
  if (as_json && !is_batch(spec.executor.type)) {  // it needs no directory
    print_line(study_to_json(spec));
    return ExitCode::ok;
  }
  const auto state = state_directory();
  if (!state) return tell(failure_of(state.error()), context.terminal);
  if (as_json) {
    print_line(json_of(spec, *state));
    return ExitCode::ok;
  }
  const auto attempt = runner::attempt_of(first_attempt(spec), first_directory(spec, *state));
  if (!attempt) return tell(failure_of(attempt.error()), context.terminal);
  Page page(context.terminal);
  if (spec.has_worker_jobs()) show_worker(spec, *state, page);
  show_attempt(*attempt, page);
  if (is_batch(spec.executor.type)) show_job(first_job(spec, *state), page);
  print(std::move(page).text());
  print_line(styled("study", Style::bold, context.terminal.has_color));
  print_line(to_pretty_json(json::parse(study_to_json(spec)).root));
  if (!first_values(spec)) {
    note("the strategy chooses the values of trial 0 at the start");
  }
  note("nothing was sent; next: hpo submit without --dry-run");
  return ExitCode::ok;
}

}  // namespace hpo::cli
