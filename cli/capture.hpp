// What `submit` makes of a study file before it is sent: name, workdir, environment. Pure.
#pragma once

#include <map>
#include <string>
#include <vector>

#include "schema/paths.hpp"
#include "schema/study.hpp"

namespace hpo::cli {

// Variables that a training needs to start at all, and those that the study lists. Those that
// are not set are left out; nothing else of the shell is taken along.
std::map<std::string, std::string> captured_environment(const std::vector<std::string>& inherit,
                                                        const Lookup& lookup);

// Where the study file lies, absolute; the current directory for "-".
std::string directory_of_file(const std::string& file, const std::string& current_directory);

// The study as it is sent: workdir absolute (below the file's directory), environment captured.
StudySpec as_submitted(StudySpec spec, const std::string& directory, const Lookup& lookup);

// The program of a batch system in PATH ("sbatch", "qsub"); "" if there is none.
std::string batch_program(const Lookup& lookup);

}  // namespace hpo::cli
