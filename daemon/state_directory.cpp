// Makes the directories (0700), refuses those of others and of memory, and takes daemon.lock.
//
// Everything that could make two daemons write one database is refused here. Main thread.
#include "daemon/state_directory.hpp"

#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <cstdio>
#include <cstring>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <utility>

#include "executors/runner/files.hpp"
#include "executors/runner/process.hpp"
#include "executors/runner/state_origin.hpp"
#include "schema/json/writer.hpp"

namespace hpo::daemon {
namespace {

constexpr int lock_retry_ms = 10;
constexpr int lock_wait_max_ms = 2000;
constexpr int living_holder_wait_max_ms = 1000;  // killed, and still to be seen as running

std::string read_text(const std::string& path) {
  std::ifstream file(path);
  return {std::istreambuf_iterator<char>(file), {}};
}

Error system_error(const std::string& what, const std::string& path, std::string remedy) {
  return {ErrorCode::invalid_argument, what + ": " + std::strerror(errno), path,
          std::move(remedy)};
}

// mkdir -p with mode 0700; parents that exist are left as they are.
Result<void> make_directory(const std::string& path) {
  for (std::size_t slash = path.find('/', 1);; slash = path.find('/', slash + 1)) {
    const std::string part = path.substr(0, slash);
    if (::mkdir(part.c_str(), 0700) != 0 && errno != EEXIST) {
      return system_error("the directory cannot be made", part,
                          "set HPO_STATE_DIR to a directory that you can write to");
    }
    if (slash == std::string::npos) return {};
  }
}

// A state directory, or an empty one that is to become one. `hpo` opens hpod.log before we start.
bool is_for_hpo_alone(const std::string& root) {
  if (::access(StatePaths{root}.database().c_str(), F_OK) == 0) return true;
  std::error_code error;
  for (const auto& entry : std::filesystem::directory_iterator(root, error)) {
    if (entry.path().filename() != "hpod.log") return false;
  }
  return !error;
}

// Others must not read our params and results, nor plant files that we follow. True if it was
// open to them. A state directory of ours is closed with a warning, not refused: one careless
// chmod or an unpacked backup must not keep the trials of a whole site waiting, and others have no
// business in it. A directory that is not ours alone is left as it is: its users would be shut out.
Result<bool> close_to_others(const std::string& root) {
  struct stat s {};
  if (::lstat(root.c_str(), &s) == 0 && S_ISLNK(s.st_mode) && s.st_uid == ::geteuid()) {
    ::stat(root.c_str(), &s);  // a link of our own leads where we want it to
  }
  if (!S_ISDIR(s.st_mode)) {
    return Error{ErrorCode::invalid_argument, "the state directory is no directory", root,
                 "set HPO_STATE_DIR to a directory"};
  }
  if (s.st_uid != ::geteuid()) {
    return Error{ErrorCode::invalid_argument, "the state directory belongs to another user", root,
                 "set HPO_STATE_DIR to a directory of your own"};
  }
  if ((s.st_mode & 077) == 0) return false;
  if (!is_for_hpo_alone(root)) {
    return Error{ErrorCode::invalid_argument,
                 "the directory is open to others and holds files that are not hpo's", root,
                 "set HPO_STATE_DIR to a directory below it, or close it: chmod 700 " + root};
  }
  if (::chmod(root.c_str(), 0700) != 0) {
    return system_error("the state directory is open to others", root, "chmod 700 it");
  }
  return true;
}

// What it lies on. Disks of a known kind are fit for a database; others have to show it.
Result<FileSystem> fit_file_system(const std::string& root, bool is_ephemeral) {
  auto found = file_system_of(root);
  if (!found) return found;
  if (found->kind == FileSystemKind::memory && !is_ephemeral) {
    return Error{ErrorCode::invalid_argument,
                 "the state directory lies in memory (" + found->name +
                     "): a reboot would lose every study",
                 root, "set HPO_STATE_DIR to a disk; if memory is meant: hpod --ephemeral"};
  }
  if (found->kind == FileSystemKind::memory || found->kind == FileSystemKind::local) return found;
  if (auto fit = probe(root); !fit) return fit.error();
  return found;
}

Error held_by_another(const StatePaths& paths) {
  std::string holder = read_text(paths.lock());
  while (!holder.empty() && holder.back() == '\n') holder.pop_back();
  return {ErrorCode::conflict, "a daemon holds this state directory already: " + holder,
          paths.root, "'hpo daemon status' shows it, 'hpo daemon stop' ends it"};
}

// True if the process that wrote its pid into the lock is alive. One that was killed can stay a
// zombie for as long as its parent likes, and while its threads end.
bool is_holder_alive(const StatePaths& paths) {
  int pid = 0;
  const std::string text = read_text(paths.lock());
  if (std::sscanf(text.c_str(), "pid %d", &pid) != 1 || pid <= 0) return true;
  if (::kill(pid, 0) != 0 && errno == ESRCH) return false;
  const auto holder = runner::find_process(pid);
  return !holder || holder->is_alive();  // there, but hidden from us
}

// A daemon that was killed holds the lock a moment longer: until its threads have ended, and until
// a child that it was just starting has become `hpo exec`. Worth waiting for; a daemon that lives
// is not, but one that is just being killed cannot be told from it at once.
bool take_lock(int fd, const StatePaths& paths) {
  for (int waited_ms = 0;; waited_ms += lock_retry_ms) {
    if (::flock(fd, LOCK_EX | LOCK_NB) == 0) return true;
    if (waited_ms >= lock_wait_max_ms) return false;
    if (waited_ms >= living_holder_wait_max_ms && is_holder_alive(paths)) return false;
    ::poll(nullptr, 0, lock_retry_ms);
  }
}

}  // namespace

Result<StateDirectory> StateDirectory::open(const std::string& root, bool is_ephemeral) {
  StatePaths paths{root};
  if (auto made = make_directory(root); !made) return made.error();
  const auto was_open = close_to_others(root);
  if (!was_open) return was_open.error();
  for (const std::string& path : {paths.ended(), paths.studies(), paths.backups()}) {
    if (auto made = make_directory(path); !made) return made.error();
  }
  const auto file_system = fit_file_system(root, is_ephemeral);
  if (!file_system) return file_system.error();
  const int fd = ::open(paths.lock().c_str(), O_CREAT | O_RDWR | O_CLOEXEC | O_NOFOLLOW, 0600);
  if (fd < 0) return system_error("the lock cannot be opened", paths.lock(), "check its owner");
  if (!take_lock(fd, paths)) {
    ::close(fd);
    return held_by_another(paths);
  }
  StateDirectory ours(paths, fd, *was_open, *file_system);
  Lease::Surroundings here = Lease::here();
  here.is_local_disk = file_system->kind != FileSystemKind::network;
  auto lease = Lease::take(paths.lease(), std::move(here));
  if (!lease) return lease.error();
  ours.lease_ = std::move(*lease);
  const std::string holder =
      "pid " + std::to_string(::getpid()) + " on " + runner::host_name() + "\n";
  const bool is_written = ::ftruncate(fd, 0) == 0 && ::write(fd, holder.data(), holder.size()) > 0;
  static_cast<void>(is_written);  // the lock holds without it; the text is for people
  return ours;
}

StateDirectory::~StateDirectory() {
  release();
  if (lock_fd_ >= 0) ::close(lock_fd_);
}

void StateDirectory::release() {
  if (lease_) lease_->release();
}

Result<void> StateDirectory::keep_lease() { return lease_->keep(); }

Result<void> StateDirectory::check_lease() { return lease_->check(); }

StateDirectory::File StateDirectory::file_at(const std::string& path) {
  struct stat s {};
  if (::lstat(path.c_str(), &s) != 0) return {};
  return {.device = s.st_dev, .inode = s.st_ino};
}

Result<void> StateDirectory::check_in_place() const {
  struct stat lock {};
  if (::fstat(lock_fd_, &lock) != 0) return {};
  const std::pair<std::string, File> ours[] = {
      {paths_.lock(), {.device = lock.st_dev, .inode = lock.st_ino}},
      {paths_.database(), database_}};
  for (const auto& [path, file] : ours) {
    if (file == File{}) continue;  // not open yet
    errno = 0;
    const File now = file_at(path);
    if (now == file) continue;
    // A file system that does not answer for a moment has removed nothing.
    if (now == File{} && errno != ENOENT && errno != ENOTDIR) continue;
    return Error{ErrorCode::unavailable, "the file was removed or replaced under the daemon", path,
                 "'hpo daemon start' starts one on what lies there now"};
  }
  return {};
}

Result<void> StateDirectory::write_endpoint(const Endpoint& endpoint) {
  json::Writer w;
  w.object().member("host", runner::host_name()).member("boot_id", runner::boot_id());
  w.member("pid", static_cast<int>(::getpid())).member("socket", endpoint.socket);
  w.member("version", endpoint.version);
  runner::write_members(w, runner::state_origin(paths_.root));
  if (!endpoint.tcp.empty()) {
    w.member("tcp", endpoint.tcp).member("fingerprint", endpoint.fingerprint);
  }
  w.end();
  endpoint_ = w.text() + "\n";
  return runner::write_file(paths_.endpoint(), endpoint_);
}

// What another daemon of this directory wrote is left alone: ours may be about to end.
bool StateDirectory::is_endpoint_lost() const {
  const auto text = runner::read_file(paths_.endpoint(), endpoint_bytes_max);
  if (!text) return text.error().code == ErrorCode::not_found;
  const auto root = json::parse_own(*text, paths_.endpoint());
  return !root || json::text_at(*root, "socket").empty() ||
         runner::is_copied(runner::state_origin_of(*root), paths_.root);
}

Result<void> StateDirectory::keep_endpoint() const {
  if (!is_endpoint_lost()) return {};
  return runner::write_file(paths_.endpoint(), endpoint_);
}

void StateDirectory::remove_endpoint() const {
  if (read_text(paths_.endpoint()) == endpoint_) ::unlink(paths_.endpoint().c_str());
}

}  // namespace hpo::daemon
