// A trial's command in a form to paste.
#include "cli/by_hand.hpp"

#include <algorithm>

#include "cli/text.hpp"
#include "executors/runner/container.hpp"
#include "executors/runner/environment.hpp"
#include "executors/runner/placeholders.hpp"
#include "schema/paths.hpp"

namespace hpo::cli {
namespace {

// The same attempt with its values, but a place of its own for everything that it writes.
runner::Attempt moved(runner::Attempt attempt) {
  const std::string params = attempt.paths.params;
  attempt.paths = runner::paths_in(attempt.paths.directory + "/by-hand", attempt.spec.attempt);
  attempt.paths.params = params;
  attempt.paths.checkpoint = attempt.paths.directory;
  attempt.placeholders["result_file"] = attempt.paths.result;
  attempt.placeholders["trial_dir"] = attempt.paths.directory;
  attempt.placeholders["checkpoint_dir"] = attempt.paths.checkpoint;
  return attempt;
}

bool can_be_assigned(const std::string& name) {
  const auto is_letter = [](char c) {
    return c == '_' || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
  };
  return !name.empty() && is_letter(name[0]) && std::all_of(name.begin(), name.end(), [&](char c) {
    return is_letter(c) || (c >= '0' && c <= '9');
  });
}

// All of hpo's own but HPO_JOB, by which executors find and end the processes of a job; of the
// study's only those that the shell at hand lacks.
bool is_needed(const std::string& name, const std::string& value) {
  if (name == "HPO_JOB" || !can_be_assigned(name)) return false;
  return name.substr(0, 4) == "HPO_" || environment_value(name.c_str()) != value;
}

std::string assignments(const runner::Attempt& attempt) {
  std::string text;
  for (const std::string& entry : runner::environment_of(attempt).entries) {
    const std::size_t equals = entry.find('=');
    const std::string name = entry.substr(0, equals);
    const std::string value = entry.substr(equals + 1);
    if (is_needed(name, value)) text += name + "=" + shell_quoted(value) + " ";
  }
  return text;
}

}  // namespace

std::string by_hand(const std::string& attempt_directory) {
  if (attempt_directory.empty()) return {};
  auto loaded = runner::load_attempt(attempt_directory);
  if (!loaded) return {};
  const runner::Attempt attempt = moved(*std::move(loaded));
  return "cd " + shell_quoted(attempt.spec.workdir) + " && mkdir -p " +
         shell_quoted(attempt.paths.directory) + " && " + assignments(attempt) +
         shell_quoted(runner::contained(
             attempt, runner::fill_known(attempt.spec.command, attempt.placeholders)));
}

}  // namespace hpo::cli
