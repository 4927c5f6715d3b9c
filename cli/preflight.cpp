// See preflight.hpp.
#include "cli/preflight.hpp"

#include <sched.h>
#include <sys/stat.h>

#include <algorithm>
#include <charconv>
#include <chrono>
#include <vector>

#include "cli/text.hpp"
#include "executors/batch/command.hpp"
#include "executors/runner/program.hpp"
#include "executors/runner/secrets.hpp"
#include "executors/runner/text.hpp"
#include "schema/attempt_spec.hpp"
#include "schema/paths.hpp"

namespace hpo::cli {
namespace {

using namespace std::chrono_literals;

constexpr auto bash_patience = 2s;
constexpr std::size_t argument_bytes_max = 100'000;  // Linux takes 128 KiB for one
constexpr std::size_t line_bytes_shown = 200;

std::string line_of(const std::string& text, int number) {
  std::size_t begin = 0;
  for (int at = 1; at < number && begin < text.size(); ++at) {
    begin = std::min(text.find('\n', begin), text.size() - 1) + 1;
  }
  return runner::excerpt(first_line(std::string_view(text).substr(begin)), line_bytes_shown);
}

// A name without a slash is left to the nodes: their PATH, and what "setup" loads, are their own.
std::string program_elsewhere(const std::string& workdir, const std::string& program,
                              const std::string& end) {
  if (program.find('/') == std::string::npos) return {};
  const auto found = runner::find_program(program, {}, workdir);
  if (found) return {};
  return found.error().what + " here (" + found.error().where + ")" + end;
}

}  // namespace

std::optional<Error> syntax_problem(std::string_view complaint, const std::string& setup) {
  constexpr std::string_view mark = "-c: line ";
  const std::size_t at = complaint.find(mark);
  if (at == std::string_view::npos) return std::nullopt;
  const std::string first = first_line(complaint.substr(at + mark.size()));
  int line = 0;
  const auto read = std::from_chars(first.data(), first.data() + first.size(), line);
  const std::size_t said = first.find(": ");
  if (read.ec != std::errc() || said == std::string::npos) return std::nullopt;
  const std::string text = line_of(setup, line);
  return Error{ErrorCode::invalid_argument,
               "the study's \"setup\" is no shell script: " +
                   runner::excerpt(first.substr(said + 2), line_bytes_shown),
               "\"setup\" in \"environment\", line " + std::to_string(line) +
                   (text.empty() ? "" : ": " + text),
               "correct \"setup\"; hpo submit --dry-run shows it as the job reads it"};
}

// Patterns of extglob are allowed: -n does not carry out the "shopt" that would turn them on.
std::optional<Error> setup_problem(const std::string& setup) {
  const bool fits = setup.size() <= argument_bytes_max && setup.find('\0') == std::string::npos;
  if (setup.empty() || !fits) return std::nullopt;
  const auto done = batch::run({.argv = {"bash", "-O", "extglob", "-n", "-c", "--", setup},
                                .environment = {"LC_ALL=C"}, .patience = bash_patience});
  if (!done || done->is_good() || done->is_timed_out) return std::nullopt;
  return syntax_problem(done->error, setup);
}

// The daemon looks for it where its study says, on this host.
std::optional<Error> strategy_problem(const StudySpec& spec) {
  const bool has_place = spec.workdir.starts_with('/');  // else it is not known before `submit`
  if (spec.strategy.type != "external" || !has_place) return std::nullopt;
  std::string path = environment_value("PATH");
  for (const auto* map : {&spec.environment.captured, &spec.environment.vars}) {
    if (const auto found = map->find("PATH"); found != map->end()) path = found->second;
  }
  const auto found = runner::find_program(spec.strategy.external.command.front(), path,
                                          spec.workdir);
  if (found) return std::nullopt;
  return Error{ErrorCode::invalid_argument,
               "the strategy cannot be started: " + found.error().what + " (" +
                   found.error().where + ")",
               "study.json /strategy/command/0", found.error().remedy};
}

std::string command_problem(const StudySpec& spec) {
  const bool is_elsewhere = is_batch(spec.executor.type);
  const bool is_looked_at = is_elsewhere || spec.executor.type == "local";
  if (!is_looked_at || spec.command.empty() || spec.environment.container) return {};
  const std::string& program = spec.command.front();
  if (program.find('{') != std::string::npos) return {};
  const std::string end = is_elsewhere ? ": trials will fail to start where the nodes lack it too"
                                       : ": trials will fail to start";
  struct stat status {};
  if (::stat(spec.workdir.c_str(), &status) != 0 || !S_ISDIR(status.st_mode)) {
    return "the workdir " + spec.workdir + " is not " + (is_elsewhere ? "here" : "there") + end;
  }
  if (is_elsewhere) return program_elsewhere(spec.workdir, program, end);
  const auto path = spec.environment.captured.find("PATH");
  const auto found = runner::find_program(
      program, path == spec.environment.captured.end() ? runner::usual_search_path : path->second,
      spec.workdir);
  if (found) return {};
  const bool is_a_line = spec.command.size() == 1 && program.find(' ') != std::string::npos;
  return "trials will fail to start: " + found.error().what + " (" + found.error().where + ")" +
         (is_a_line ? "; write each word of the command by itself, or [\"bash\", \"-c\", \"…\"]"
                    : std::string());
}

std::string slots_problem(const StudySpec& spec, int cores) {
  const std::int64_t wanted = std::int64_t{spec.slots()} * spec.executor.cpus;
  if (spec.executor.type != "local" || cores <= 0 || wanted <= cores) return {};
  return "beyond this node: " + counted(spec.slots(), "trial") + " at a time of " +
         counted(spec.executor.cpus, "core") + " each, and it has " + counted(cores, "core") +
         "; lower \"slots\" or \"parallel\" if they compute all the time";
}

int cores_here() {
  cpu_set_t set;
  CPU_ZERO(&set);
  return ::sched_getaffinity(0, sizeof set, &set) == 0 ? CPU_COUNT(&set) : 0;
}

std::optional<Failure> preflight_refusal(const StudySpec& spec) {
  std::vector<Error> problems = runner::secret_problems(attempt_spec_of(spec));
  if (auto problem = setup_problem(spec.environment.setup)) problems.push_back(*problem);
  if (auto problem = strategy_problem(spec)) problems.push_back(*problem);
  if (problems.empty()) return std::nullopt;
  std::string others;
  for (std::size_t i = 1; i < problems.size(); ++i) {
    others += "  also " + problems[i].what + "\n  at   " + problems[i].where + "\n  next " +
              problems[i].remedy + "\n";
  }
  Failure failure = failure_of(problems[0]);
  failure.exit_code = ExitCode::usage;
  failure.details = others + "  (hpo submit --no-check sends the study all the same)\n";
  return failure;
}

}  // namespace hpo::cli
