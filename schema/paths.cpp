// Where things lie on disk: the table of paths.hpp, and the three ways to name the state directory.
//
// Text in, text out; only environment_value() and the current directory come from the process.
#include "schema/paths.hpp"

#include <unistd.h>

#include <algorithm>
#include <climits>
#include <cstdlib>

namespace hpo {
namespace {

// 64 bits of FNV-1a: names a socket, protects nothing; the directory's mode does that.
std::string hash_text(std::string_view text) {
  std::uint64_t hash = 14695981039346656037U;
  for (const char c : text) {
    hash ^= static_cast<unsigned char>(c);
    hash *= 1099511628211U;
  }
  static constexpr std::string_view digits = "0123456789abcdef";
  std::string hex;
  for (int shift = 60; shift >= 0; shift -= 4) hex += digits[(hash >> shift) & 0xFU];
  return hex;
}

// A relative XDG_CONFIG_HOME is ignored, as its specification asks.
std::string config_directory(const Lookup& lookup) {
  const std::string xdg = lookup("XDG_CONFIG_HOME");
  if (xdg.starts_with('/')) return xdg + "/hpo";
  const std::string home = lookup("HOME");
  return home.empty() ? std::string() : home + "/.config/hpo";
}

}  // namespace

Result<std::string> current_directory() {
  char buffer[PATH_MAX];
  if (::getcwd(buffer, sizeof buffer) != nullptr) return std::string(buffer);
  return Error{ErrorCode::invalid_argument, "the working directory does not exist any more", ".",
               "go to one that does: cd ~"};
}

Result<std::string> absolute_here(const std::string& path) {
  if (!path.empty() && path.front() == '/') return absolute_path(path, "/");
  const auto here = current_directory();
  if (!here) return here.error();
  return absolute_path(path, *here);
}

std::string environment_value(const char* name) {
  const char* value = std::getenv(name);
  return value != nullptr ? std::string(value) : std::string();
}

std::string absolute_path(std::string_view path, std::string_view directory) {
  std::string whole(path);
  if (path.substr(0, 1) != "/") whole = std::string(directory) + "/" + whole;
  std::string clean;
  std::size_t begin = 0;
  while (begin <= whole.size()) {
    const std::size_t end = std::min(whole.find('/', begin), whole.size());
    const std::string_view part = std::string_view(whole).substr(begin, end - begin);
    if (!part.empty() && part != ".") clean.append("/").append(part);
    begin = end + 1;
  }
  return clean.empty() ? "/" : clean;
}

Result<std::string> state_directory(const Lookup& lookup) {
  if (const std::string own = lookup("HPO_STATE_DIR"); !own.empty()) {
    return absolute_here(own);
  }
  if (const std::string xdg = lookup("XDG_STATE_HOME"); !xdg.empty() && xdg.front() == '/') {
    return absolute_path(xdg + "/hpo", "/");
  }
  if (const std::string home = lookup("HOME"); !home.empty()) {
    return absolute_here(home + "/.local/state/hpo");
  }
  return Error{ErrorCode::invalid_argument, "there is no state directory: HOME is not set",
               "environment", "export HPO_STATE_DIR=/a/directory/of/yours"};
}

std::string user_config_path(const Lookup& lookup) {
  if (const std::string own = lookup("HPO_CONFIG"); !own.empty()) {
    const auto path = absolute_here(own);
    return path ? *path : own;  // opening it fails, and says what
  }
  const std::string directory = config_directory(lookup);
  return directory.empty() ? std::string() : directory + "/hpod.json";
}

std::string secrets_directory(const Lookup& lookup) {
  const std::string directory = config_directory(lookup);
  return directory.starts_with('/') ? directory + "/secrets" : std::string();
}

std::string StatePaths::study(std::string_view name) const {
  return studies() + "/" + std::string(name);
}

std::string StatePaths::trial(std::string_view study_name, int number) const {
  return study(study_name) + "/trials/" + std::to_string(number);
}

std::string StatePaths::attempt(std::string_view study_name, int trial_number,
                                int attempt_number) const {
  return trial(study_name, trial_number) + "/" + std::to_string(attempt_number);
}

std::string StatePaths::worker(std::string_view study_name, int worker_number) const {
  return study(study_name) + "/workers/" + std::to_string(worker_number) + "/1";
}

std::string StatePaths::checkpoint(std::string_view study_name, int trial_number,
                                   int attempt_number) const {
  return trial(study_name, trial_number) + "/checkpoint/" + std::to_string(attempt_number);
}

std::string fallback_socket_directory(unsigned uid) { return "/tmp/hpo-" + std::to_string(uid); }

std::string socket_path(const std::string& state_dir, unsigned uid, bool takes_sockets) {
  std::string usual = state_dir + "/hpo.sock";
  if (takes_sockets && usual.size() <= socket_path_bytes_max) return usual;
  return fallback_socket_directory(uid) + "/" + hash_text(state_dir) + ".sock";
}

}  // namespace hpo
