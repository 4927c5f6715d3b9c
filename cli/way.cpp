// See way.hpp.
#include "cli/way.hpp"

#include <sys/stat.h>

#include "cli/text.hpp"
#include "executors/runner/files.hpp"

namespace hpo::cli {
namespace {

constexpr std::size_t file_bytes_max = 64U << 10U;

}  // namespace

Answer<ConnectFile> read_connect_file(const std::string& path) {
  const auto refused = [](Error error) {
    return Failure{.exit_code = ExitCode::usage, .error = std::move(error), .details = {}};
  };
  struct stat status {};
  const bool is_there = ::stat(path.c_str(), &status) == 0;
  if (is_there && S_ISDIR(status.st_mode)) {
    return refused({ErrorCode::invalid_argument,
                    "this is a directory, and it takes the file that hpo token has written", path,
                    "name the file, STUDY.connect.json; to make one where hpod runs: "
                    "hpo token STUDY"});
  }
  const auto text = runner::read_file(path, file_bytes_max);
  if (!text) {
    Error error = text.error();
    error.remedy = "make it where hpod runs, and copy it here: hpo token STUDY";
    return refused(std::move(error));
  }
  auto file = connect_file_from(*text, path);  // first: of another file, its mode is no fault
  if (!file) return refused(file.error());
  if ((status.st_mode & 077U) != 0) {
    return refused({ErrorCode::invalid_argument, "others may read this file, and it is a secret",
                    path, "chmod 600 " + shell_quoted(path)});
  }
  return *std::move(file);
}

}  // namespace hpo::cli
