// What `submit` makes of a study file before it is sent.
#include "cli/capture.hpp"

#include <unistd.h>

#include <initializer_list>

#include "cli/programs.hpp"

namespace hpo::cli {

std::map<std::string, std::string> captured_environment(const std::vector<std::string>& inherit,
                                                        const Lookup& lookup) {
  std::map<std::string, std::string> captured;
  const auto take = [&](const std::string& name) {
    if (std::string value = lookup(name.c_str()); !value.empty()) captured[name] = value;
  };
  for (const char* name : {"PATH", "LD_LIBRARY_PATH", "PYTHONPATH", "VIRTUAL_ENV", "CONDA_PREFIX",
                           "HOME", "USER", "LANG", "LC_ALL", "TMPDIR"}) {
    take(name);
  }
  for (const std::string& name : inherit) take(name);
  return captured;
}

std::string directory_of_file(const std::string& file, const std::string& current_directory) {
  if (file == "-") return current_directory;
  const std::string path = absolute_path(file, current_directory);
  const std::size_t slash = path.rfind('/');
  return slash == 0 ? "/" : path.substr(0, slash);
}

StudySpec as_submitted(StudySpec spec, const std::string& directory, const Lookup& lookup) {
  spec.workdir = absolute_path(spec.workdir, directory);
  std::vector<std::string> names = spec.environment.inherit;
  if (!spec.environment.secrets.empty()) names.push_back("XDG_CONFIG_HOME");  // they lie below it
  spec.environment.captured = captured_environment(names, lookup);
  return spec;
}

std::string batch_program(const Lookup& lookup) {
  for (const char* name : {"sbatch", "qsub"}) {
    if (!find_program(name, lookup("PATH")).empty()) return name;
  }
  return {};
}

}  // namespace hpo::cli
