// hpo doctor: tries the way of a job before a study goes it.
#include "cli/arguments.hpp"
#include "cli/capture.hpp"
#include "cli/doctor.hpp"
#include "cli/output.hpp"
#include "cli/study_file.hpp"
#include "cli/verbs/verbs.hpp"
#include "schema/decode/duration.hpp"
#include "schema/paths.hpp"

namespace hpo::cli {
namespace {

// Without a file: whatever the executor, or the profile, is by itself.
Answer<StudySpec> study_to_try(const std::string& path, const std::string& executor) {
  const auto file = path.empty() ? study_with_executor(executor) : read_study_file(path, "doctor");
  if (!file) return file.failure();
  auto spec = checked_study(*file);
  if (!spec) return spec.failure();
  if (path.empty()) {
    if (!spec->executor.time) spec->executor.time = std::chrono::minutes(1);
    return spec;
  }
  const auto here = current_directory();
  if (!here) return failure_of(here.error());
  return as_submitted(*std::move(spec), directory_of_file(path, *here), environment_value);
}

bool is_placeholder(const std::string& word) { return word.find('{') != std::string::npos; }

}  // namespace

ExitCode doctor(Arguments& arguments, const Context& context) {
  std::string executor;  // empty: slurm
  std::string path;
  std::string partition;
  std::string wait = "5m";
  DoctorWish wish;
  arguments.optional_positional("FILE", path, "a study file: its place and its environment")
      .option("--executor", "NAME", executor, "slurm, or a profile of hpod.json; not with FILE")
      .option("--partition", "NAME", partition, "instead of the default one, or the file's")
      .option("--wait", "DURATION", wait, "for the test job, as 30s or 2h; 5m if left out")
      .json_flag(wish.as_json);
  if (const auto exit = arguments.parse()) return *exit;
  const auto patience = decode::parse_duration(wait);
  if (!patience) return arguments.usage_error("--wait " + wait + " is no duration: try 5m");
  wish.wait = *patience;
  if (!path.empty() && !executor.empty()) {
    return arguments.usage_error("--executor is not for a FILE, which names its own");
  }
  auto study = study_to_try(path, executor.empty() ? "slurm" : executor);
  if (!study) return tell(study.failure(), context.terminal);
  wish.study = *std::move(study);
  const std::string& type = wish.study.executor.type;
  if (!is_batch(type)) {
    return arguments.usage_error("executor \"" + type + "\" has no queue to examine; slurm has");
  }
  if (!partition.empty()) wish.study.executor.batch.partition = partition;
  const std::string& program = wish.study.command.at(0);
  if (!path.empty() && !is_placeholder(program)) wish.program = program;
  return examine_slurm(wish, context);
}

}  // namespace hpo::cli
