// See job_files.hpp.
#include "executors/batch/job_files.hpp"

#include "executors/attempt_directory.hpp"
#include "executors/runner/files.hpp"

namespace hpo::batch {
namespace {

// What the shell of `hpo submit` had. Its directory for temporary files need not be on the node.
std::string environment_text(const EnvironmentSpec& environment) {
  std::string text;
  for (const auto& [name, value] : environment.captured) {
    if (name != "TMPDIR") (text += name + "=" + value).push_back('\0');
  }
  return text;
}

}  // namespace

// /etc/profile first: it sets PATH anew, and defines `module` where there are modules.
const std::string_view job_script = R"(#!/bin/bash
# Carries out one attempt of an hpo study on a node of a batch system. The same for all jobs:
#   job.sh HPO DIRECTORY CONDA VENV [MODULE...]
hpo=$1 directory=$2 conda=$3 venv=$4
shift 4

fail() {
  printf 'hpo job: %s\n' "$1" >&2
  exit 121
}

[ -r "$directory/attempt.json" ] || fail "this node cannot read $directory/attempt.json"
if [ -r /etc/profile ]; then . /etc/profile >/dev/null; fi
while IFS= read -r -d '' entry; do export "$entry"; done <"$directory/environment"

for module in "$@"; do
  type module >/dev/null 2>&1 || fail "this node has no command 'module'"
  module load "$module" || fail "'module load $module' failed"
done
if [ -n "$conda" ]; then
  base=$(conda info --base) || fail "'conda info --base' failed; load conda's module first"
  . "$base/etc/profile.d/conda.sh" || fail "$base/etc/profile.d/conda.sh failed"
  conda activate "$conda" || fail "'conda activate $conda' failed"
fi
if [ -n "$venv" ]; then . "$venv/bin/activate" || fail "'. $venv/bin/activate' failed"; fi
if [ -e "$directory/setup.sh" ]; then
  . "$directory/setup.sh" || fail "the study's \"setup\" ended with exit code $?"
fi
exec "$hpo" exec "$directory"
)";

Result<void> write_job_files(const JobRequest& request) {
  const std::string base = request.job.directory + "/";
  auto written = write_attempt_directory(request.job, request.spec);
  if (written) {
    written = runner::write_file(base + "environment", environment_text(request.environment));
  }
  if (written && !request.environment.setup.empty()) {
    written = runner::write_file(base + "setup.sh", request.environment.setup + "\n");
  }
  if (written) written = runner::write_file(base + "job.sh", job_script);
  return written ? written : not_now(written.error());
}

std::vector<std::string> script_arguments(const std::string& hpo_program,
                                          const JobRequest& request) {
  std::vector<std::string> arguments{hpo_program, request.job.directory, request.environment.conda,
                                     request.environment.venv};
  arguments.insert(arguments.end(), request.environment.modules.begin(),
                   request.environment.modules.end());
  return arguments;
}

}  // namespace hpo::batch
