// See site_verdict.hpp.
#include "cli/site_verdict.hpp"

#include <algorithm>
#include <cstdio>

#include "cli/dry_job.hpp"
#include "cli/output.hpp"
#include "cli/site_report.hpp"
#include "cli/text.hpp"
#include "schema/paths.hpp"

namespace hpo::cli {
namespace {

SiteAnswer ask(const StudySpec& spec, std::chrono::milliseconds patience) {
  const auto state = state_directory();
  const StatePaths paths{.root = state ? *state : std::string()};
  return ask_site(job_request(spec, paths.attempt(spec.name, 0, 1), "hpo"), patience);
}

void to_stderr(const std::string& text) {
  std::fflush(stdout);
  std::fwrite(text.data(), 1, text.size(), stderr);
}

Failure cannot_run(const std::vector<slurm::SiteProblem>& problems, const std::string& remedy) {
  const auto errors = std::count_if(problems.begin(), problems.end(), [](const auto& each) {
    return each.weight == slurm::Weight::error;
  });
  return {.exit_code = ExitCode::usage,
          .error = {.code = ErrorCode::invalid_argument,
                    .what = "Slurm cannot run this study as it is: " +
                            counted(errors, "problem"),
                    .where = {}, .remedy = remedy},
          .details = problems_text(problems, false)};
}

Failure no_answer(const SiteAnswer& answer) {
  return {.exit_code = ExitCode::temporary,
          .error = {.code = ErrorCode::unavailable,
                    .what = answer.unknown.empty() ? "Slurm does not answer" : answer.unknown[0],
                    .where = "scontrol show config",
                    .remedy = "on a login node of the cluster: scontrol ping"},
          .details = {}};
}

}  // namespace

std::optional<Failure> site_refusal(const StudySpec& spec) {
  if (!is_batch(spec.executor.type)) return std::nullopt;
  const SiteAnswer answer = ask(spec, quick_patience);
  if (!answer.has_answered) {
    note("the limits of the site were not checked: " + no_answer(answer).error.what);
    return std::nullopt;
  }
  auto problems = problems_of(spec, answer);
  if (has_errors(problems)) {
    return cannot_run(problems, "hpo validate --check shows what you may use; hpo submit "
                                "--no-check sends it all the same");
  }
  std::erase_if(problems, [](const auto& each) { return each.weight == slurm::Weight::note; });
  to_stderr(problems_text(problems, false));
  return std::nullopt;
}

ExitCode tell_site(const StudySpec& spec, const std::string& validation, const Context& context) {
  if (!is_batch(spec.executor.type)) {
    if (!validation.empty()) print_line(validation);
    note("executor " + spec.executor.type + ": there is no scheduler to ask");
    return ExitCode::ok;
  }
  const SiteAnswer answer = ask(spec, thorough_patience);
  const auto problems = problems_of(spec, answer);
  if (validation.empty()) {
    print(site_text(answer, context.terminal));
  } else {
    print_line(validation.substr(0, validation.size() - 1) + ",\"check\":" +
               check_json(answer, problems) + "}");
  }
  if (!answer.has_answered) return tell(no_answer(answer), context.terminal);
  if (has_errors(problems)) {
    return tell(cannot_run(problems, "change the study, then hpo validate --check"),
                context.terminal);
  }
  to_stderr(problems_text(problems, context.terminal.has_error_color));
  if (answer.test && answer.test->is_accepted == true) note("Slurm says: " + answer.test->text);
  return ExitCode::ok;
}

}  // namespace hpo::cli
