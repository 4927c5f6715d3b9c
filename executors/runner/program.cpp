// See program.hpp.
#include "executors/runner/program.hpp"

#include <sys/stat.h>
#include <unistd.h>

#include <string_view>

#include "executors/runner/files.hpp"

namespace hpo::runner {
namespace {

enum class Found { nothing, directory, not_executable, program };

Found look_at(const std::string& path) {
  struct stat found{};
  if (::stat(path.c_str(), &found) != 0) return Found::nothing;
  if (S_ISDIR(found.st_mode)) return Found::directory;
  return ::access(path.c_str(), X_OK) == 0 ? Found::program : Found::not_executable;
}

Error not_executable(const std::string& path) {
  return Error{ErrorCode::invalid_argument, "the command's program is not executable", path,
               "chmod +x " + path + ", or name its interpreter first: [\"python3\", \"" +
                   name_of(path) + "\", …]"};
}

Result<std::string> check_path(const std::string& path) {
  switch (look_at(path)) {
    case Found::program: return path;
    case Found::not_executable: return not_executable(path);
    case Found::directory:
      return Error{ErrorCode::invalid_argument, "the command's program is a directory", path,
                   "name the program inside it"};
    case Found::nothing: break;
  }
  return Error{ErrorCode::not_found, "the command's program does not exist", path,
               "correct \"command\" or \"workdir\": a name with a slash is relative to workdir"};
}

}  // namespace

Result<std::string> find_program(const std::string& name, const std::string& search_path,
                                 const std::string& workdir) {
  if (name.find('/') != std::string::npos) return check_path(absolute(name, workdir));
  std::string refused;
  std::string_view rest = search_path;
  while (!rest.empty()) {
    const std::size_t end = rest.find(':');
    const std::string directory(rest.substr(0, end));
    rest.remove_prefix(end == std::string_view::npos ? rest.size() : end + 1);
    const std::string path = absolute(directory, workdir) + "/" + name;
    const Found found = look_at(path);
    if (found == Found::program) return path;
    if (found == Found::not_executable && refused.empty()) refused = path;
  }
  if (!refused.empty()) return not_executable(refused);
  const bool is_here = look_at(workdir + "/" + name) != Found::nothing;
  return Error{ErrorCode::not_found, "the command's program '" + name + "' was not found",
               "PATH " + (search_path.empty() ? std::string("(empty)") : search_path),
               is_here ? "it lies in workdir: write \"./" + name + "\""
                       : "give its full path, or set PATH in \"environment\""};
}

}  // namespace hpo::runner
