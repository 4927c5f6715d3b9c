// Kinds of file systems by their magic numbers (linux/magic.h; ZFS, Lustre, GPFS, BeeGFS and PanFS
// by their own headers), and the probe.
#include "daemon/file_system.hpp"

#include <fcntl.h>
#include <sys/file.h>
#include <sys/vfs.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>

#include "executors/runner/fd.hpp"
#include "executors/runner/files.hpp"

namespace hpo::daemon {
namespace {

struct Magic {
  unsigned long number = 0;
  FileSystem file_system{};
};

const Magic magics[] = {
    {0x0000EF53, {FileSystemKind::local, "ext4"}},
    {0x58465342, {FileSystemKind::local, "XFS"}},
    {0x9123683E, {FileSystemKind::local, "Btrfs"}},
    {0x2FC12FC1, {FileSystemKind::local, "ZFS"}},
    {0x794C7630, {FileSystemKind::local, "overlayfs"}},
    {0x01021994, {FileSystemKind::memory, "tmpfs"}},
    {0x858458F6, {FileSystemKind::memory, "ramfs"}},
    {0x00006969, {FileSystemKind::network, "NFS"}},
    {0x0000517B, {FileSystemKind::network, "SMB"}},
    {0xFF534D42, {FileSystemKind::network, "CIFS"}},
    {0xFE534D42, {FileSystemKind::network, "SMB"}},
    {0x00C36400, {FileSystemKind::network, "Ceph"}},
    {0x65735546, {FileSystemKind::network, "FUSE"}},
    {0x5346414F, {FileSystemKind::network, "AFS"}},
    {0x01021997, {FileSystemKind::network, "9P"}},
    {0x0BD00BD0, {FileSystemKind::network, "Lustre"}},
    {0x47504653, {FileSystemKind::network, "GPFS"}},
    {0x19830326, {FileSystemKind::network, "BeeGFS"}},
    {0xAAD7AAEA, {FileSystemKind::network, "PanFS"}}};

Error unfit(const std::string& what, const std::string& directory, int number) {
  return {ErrorCode::invalid_argument,
          "the file system of the state directory is no place for a database: " + what +
              (number != 0 ? ": " + runner::errno_text(number) : std::string()),
          directory, "set HPO_STATE_DIR to a directory on another file system"};
}

struct flock whole_file() {
  struct flock lock {};
  lock.l_type = F_WRLCK;
  lock.l_whence = SEEK_SET;
  return lock;
}

// In the other process, after fork: system calls only. 0: both locks hold against it.
int try_locks(const char* path) {
  const int fd = ::open(path, O_RDWR | O_CLOEXEC);
  if (fd < 0) return 1;
  struct flock lock = whole_file();  // SQLite's kind
  if (::fcntl(fd, F_SETLK, &lock) == 0) return 2;
  return ::flock(fd, LOCK_EX | LOCK_NB) == 0 ? 3 : 0;  // daemon.lock's kind
}

Result<void> probe_locks(const std::string& path, const std::string& directory) {
  const runner::Fd file(::open(path.c_str(), O_RDWR | O_CLOEXEC));
  struct flock lock = whole_file();
  if (!file || ::fcntl(file.get(), F_SETLK, &lock) != 0) {
    return unfit("a file cannot be locked", directory, errno);
  }
  if (::flock(file.get(), LOCK_EX | LOCK_NB) != 0) {
    return unfit("a file cannot be locked by flock", directory, errno);
  }
  const pid_t other = ::fork();
  if (other == 0) ::_exit(try_locks(path.c_str()));
  int status = 0;
  if (other < 0 || ::waitpid(other, &status, 0) != other || !WIFEXITED(status)) {
    return unfit("its locks cannot be tried", directory, errno);
  }
  if (WEXITSTATUS(status) == 0) return {};
  return unfit("its locks do not hold against another process", directory, 0);
}

}  // namespace

Result<FileSystem> file_system_of(const std::string& path) {
  struct statfs status {};
  if (::statfs(path.c_str(), &status) != 0) {
    return Error{ErrorCode::invalid_argument,
                 "the file system cannot be asked: " + runner::errno_text(errno), path, "check it"};
  }
  const auto type = static_cast<unsigned long>(status.f_type) & 0xFFFFFFFFUL;
  for (const Magic& each : magics) {
    if (each.number == type) return each.file_system;
  }
  return FileSystem{};
}

Result<void> probe(const std::string& directory) {
  const std::string path = directory + "/probe." + std::to_string(::getpid());
  // Written beside it, synced, renamed, and the directory synced.
  if (auto written = runner::write_file(path, "probe\n", runner::Sync::to_disk); !written) {
    return written;
  }
  const auto locks = probe_locks(path, directory);
  ::unlink(path.c_str());
  return locks;
}

}  // namespace hpo::daemon
