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

// /etc/profile first: it sets PATH anew, and defines `module` where there are modules. What is
// sourced shares this shell, so names are unlikely ones, `$@` is empty, and an `exit` is told.
//
// What the study asked for and could not be done is told by hpo itself, as the end of the attempt.
// Of one that is told to end meanwhile the exit code shows that, and the scheduler knows why.
const std::string_view job_script = R"sh(#!/bin/bash
# Carries out one attempt of an hpo study on a node of a batch system. The same for all jobs:
#   job.sh HPO DIRECTORY JOB CONDA VENV [MODULE...]
hpo_program=$1 hpo_directory=$2 hpo_job=$3 hpo_conda=$4 hpo_venv=$5
shift 5
hpo_modules=("$@")
set --

# KEY of the study's "environment", exit code of what failed, what that was.
hpo_fail() {
  trap - EXIT ERR TERM
  printf 'job.sh: %s\n' "$3" >&2
  export HPO_JOB="$hpo_job"
  exec "$hpo_program" exec "$hpo_directory" --unprepared="$1" --code="$2" --why="$3"
}

# Where setup failed last, and how: what ends it with the same exit code ends it there.
hpo_line='' hpo_code=''
hpo_note() {
  if [ "$3" = "$hpo_directory/setup.sh" ]; then hpo_code=$1 hpo_line=$2; fi
}

hpo_fail_setup() {
  hpo_what="the study's \"setup\" $2 with exit code $1"
  if [ "$hpo_code" = "$1" ]; then
    mapfile -t -s "$((hpo_line - 1))" -n 1 hpo_text <"$hpo_directory/setup.sh"
    hpo_what="$hpo_what; its line $hpo_line had failed: ${hpo_text[0]:0:200}"
  fi
  hpo_fail setup "$1" "$hpo_what"
}

for hpo_file in attempt.json environment; do
  if [ ! -r "$hpo_directory/$hpo_file" ]; then
    printf 'job.sh: this node cannot read %s\n' "$hpo_directory/$hpo_file" >&2
    exit 121
  fi
done
# shellcheck disable=SC1091
if [ -r /etc/profile ]; then . /etc/profile >/dev/null; fi
while IFS= read -r -d '' hpo_entry; do
  export -- "${hpo_entry?}"
done <"$hpo_directory/environment"

for hpo_module in "${hpo_modules[@]}"; do
  type module >/dev/null 2>&1 || hpo_fail modules 127 "this node has no command 'module'"
  module load "$hpo_module" || hpo_fail modules "$?" "'module load $hpo_module' failed"
done
# shellcheck disable=SC1090,SC1091
if [ -n "$hpo_conda" ]; then
  hpo_base=$(conda info --base) || hpo_fail conda "$?" "'conda info --base' failed"
  hpo_script=$hpo_base/etc/profile.d/conda.sh
  . "$hpo_script" || hpo_fail conda "$?" "$hpo_script failed"
  conda activate "$hpo_conda" || hpo_fail conda "$?" "'conda activate $hpo_conda' failed"
fi
# shellcheck disable=SC1091
if [ -n "$hpo_venv" ]; then
  . "$hpo_venv/bin/activate" || hpo_fail venv "$?" "'. $hpo_venv/bin/activate' failed"
fi
# shellcheck disable=SC1091
if [ -e "$hpo_directory/setup.sh" ]; then
  trap 'exit 143' TERM  # without it the trap below would see another exit code
  trap 'hpo_fail_setup "$?" "left the shell"' EXIT
  trap 'hpo_note "$?" "$LINENO" "${BASH_SOURCE[0]}"' ERR
  . "$hpo_directory/setup.sh"  # with "||" behind it, a "set -e" in it would mean nothing
  hpo_end=$?
  trap - EXIT ERR TERM
  [ "$hpo_end" = 0 ] || hpo_fail_setup "$hpo_end" ended
fi
# attempt.json may be of a later submission by now; this job is the one that it was submitted as.
export HPO_JOB="$hpo_job"
exec "$hpo_program" exec "$hpo_directory"
)sh";

Result<void> write_job_files(const JobRequest& request) {
  const std::string base = request.job.directory + "/";
  const auto write = [&](const char* name, std::string_view text) {
    return runner::write_file(base + name, text, runner::Sync::to_disk);
  };
  auto written = write_attempt_directory(request.job, request.spec);
  if (written) written = write_connect_file(request);
  if (written) written = write("environment", environment_text(request.environment));
  if (written && !request.environment.setup.empty()) {
    written = write("setup.sh", request.environment.setup + "\n");
  }
  if (written) written = write("job.sh", job_script);
  return written ? written : not_now(written.error());
}

std::vector<std::string> script_arguments(const std::string& hpo_program,
                                          const JobRequest& request) {
  std::vector<std::string> arguments{hpo_program, request.job.directory, request.job.name,
                                     request.environment.conda, request.environment.venv};
  arguments.insert(arguments.end(), request.environment.modules.begin(),
                   request.environment.modules.end());
  return arguments;
}

}  // namespace hpo::batch
