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

Answer<StudySpec> study_to_try(const std::string& path) {
  const auto file = read_study_file(path, "doctor");
  if (!file) return file.failure();
  auto spec = checked_study(*file);
  if (!spec) return spec.failure();
  const auto here = current_directory();
  if (!here) return failure_of(here.error());
  return as_submitted(*std::move(spec), directory_of_file(path, *here), environment_value);
}

}  // namespace

ExitCode doctor(Arguments& arguments, const Context& context) {
  std::string executor = "slurm";
  std::string path;
  std::string wait = "5m";
  DoctorWish wish;
  arguments.optional_positional("FILE", path, "a study file: its place and its environment")
      .option("--executor", "NAME", executor, "slurm, unless the file says so")
      .option("--partition", "NAME", wish.partition, "instead of the default one, or the file's")
      .option("--wait", "DURATION", wait, "for the test job, as 30s or 2h; 5m if left out")
      .json_flag(wish.as_json);
  if (const auto exit = arguments.parse()) return *exit;
  const auto patience = decode::parse_duration(wait);
  if (!patience) return arguments.usage_error("--wait " + wait + " is no duration: try 5m");
  wish.wait = *patience;
  if (!path.empty()) {
    auto study = study_to_try(path);
    if (!study) return tell(study.failure(), context.terminal);
    wish.study = *std::move(study);
    executor = wish.study->executor.type;
  }
  if (!is_batch(executor)) {
    return arguments.usage_error("executor \"" + executor + "\" has no queue to examine; there is "
                                 "one of slurm");
  }
  return examine_slurm(wish, context);
}

}  // namespace hpo::cli
