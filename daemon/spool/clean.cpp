// What is left of workers that were killed, by its age. See inbox.hpp.
#include <dirent.h>
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <filesystem>

#include "daemon/spool/inbox.hpp"

namespace hpo::spool {
namespace {

constexpr int removed_max = 10'000;  // in one call

// Names of entries, a bounded number of them.
std::vector<std::string> names_in(const std::string& directory, std::size_t names_max) {
  std::vector<std::string> names;
  std::error_code error;
  for (auto it = std::filesystem::directory_iterator(directory, error);
       !error && it != std::filesystem::directory_iterator() && names.size() < names_max;
       it.increment(error)) {
    names.push_back(it->path().filename());
  }
  return names;
}

bool is_request(std::string_view name) { return spool_name(without_temporary(name)).has_value(); }

bool is_answer(const std::string& name) { return is_request("worker." + name); }

// Of this user, and not written for so long.
bool is_old(const std::string& path, mode_t kind, std::int64_t before_s) {
  struct stat status{};
  return ::lstat(path.c_str(), &status) == 0 && (status.st_mode & S_IFMT) == kind &&
         status.st_uid == ::geteuid() && status.st_mtime < before_s;
}

}  // namespace

void Inbox::clean_requests(std::int64_t now_s) {
  int removed = 0;
  for (const std::string& name : names_in(paths_.requests(), limits_.names_max)) {
    const std::string path = paths_.requests() + "/" + name;
    if (!is_request(name) || !is_old(path, S_IFREG, now_s - limits_.old_s)) continue;
    if (++removed > removed_max) return;
    ::unlink(path.c_str());
    refused_.erase(name);
  }
}

void Inbox::clean_answers(std::int64_t now_s) {
  int removed = 0;
  for (const std::string& worker : names_in(paths_.answers(), limits_.names_max)) {
    const std::string home = paths_.answers(worker);
    if (!is_spool_word(worker) || !is_old(home, S_IFDIR, now_s - limits_.old_s)) continue;
    for (const std::string& name : names_in(home, limits_.names_max)) {
      if (is_answer(name)) ::unlink((home + "/" + name).c_str());
      if (++removed > removed_max) return;
    }
    if (::rmdir(home.c_str()) == 0) taken_.erase(worker);
  }
}

void Inbox::clean(std::int64_t now_s) {
  clean_requests(now_s);
  clean_answers(now_s);
}

}  // namespace hpo::spool
