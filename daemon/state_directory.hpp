// The state directory: made, checked, locked; and the endpoint file by which others find us.
#pragma once

#include <sys/types.h>

#include <string>
#include <utility>

#include "daemon/file_system.hpp"
#include "daemon/lease.hpp"
#include "schema/paths.hpp"
#include "schema/result.hpp"

namespace hpo::daemon {

// flock on daemon.lock for the life of the process: bound to the open file description, so that a
// stray close elsewhere does not drop it, and so that a pid that was used again proves nothing.
// And lease.json, which other hosts and other mounts of the same directory see.
class StateDirectory {
 public:
  // Makes the directory and its parts (0700), checks the owner and the file system, takes the
  // lock, and the lease, which may mean to watch another host's for 90 s. Before other threads.
  // Error: conflict if another daemon holds it (says which), invalid_argument otherwise.
  static Result<StateDirectory> open(const std::string& root, bool is_ephemeral);
  StateDirectory(StateDirectory&& other) noexcept
      : paths_(std::move(other.paths_)), endpoint_(std::move(other.endpoint_)),
        database_(other.database_), lock_fd_(std::exchange(other.lock_fd_, -1)),
        lease_(std::move(other.lease_)), file_system_(std::move(other.file_system_)),
        was_open_to_others_(other.was_open_to_others_) {}
  StateDirectory& operator=(StateDirectory&&) = delete;
  ~StateDirectory();

  const StatePaths& paths() const { return paths_; }

  // True if it was there with a mode that let others in; it is 0700 now.
  bool was_open_to_others() const { return was_open_to_others_; }
  const FileSystem& file_system() const { return file_system_; }

  // Error: unavailable if another host's daemon has the directory by now; other codes may pass.
  Result<void> keep_lease();   // main thread, about once a second
  Result<void> check_lease();  // before a COMMIT; engine strand
  void release();              // gives the lease up, at the end: another host need not wait

  // Remembers which file the open database is. By path: to close a descriptor of our own of it
  // would drop SQLite's lock.
  void remember_database() { database_ = file_at(paths_.database()); }

  // Error: unavailable if the lock or the database was removed or replaced. Another daemon may own
  // the path by now, and what this one stores is lost with its last descriptor.
  Result<void> check_in_place() const;

  // tmp + rename; removed at the end. What `hpo` reads to find the socket.
  struct Endpoint {
    std::string socket{};
    std::string version{};
    std::string tcp{};          // "10.0.0.5:4711", and the certificate's SHA-256; empty: none
    std::string fingerprint{};
  };
  Result<void> write_endpoint(const Endpoint& endpoint);
  // Writes it again if somebody removed or damaged it, or put another directory's in its place.
  Result<void> keep_endpoint() const;
  void remove_endpoint() const;  // only if it is the one that we wrote

 private:
  struct File { dev_t device = 0; ino_t inode = 0; bool operator==(const File&) const = default; };
  static File file_at(const std::string& path);  // all zero: none; the error is in errno
  bool is_endpoint_lost() const;

  StateDirectory(StatePaths paths, int lock_fd, bool was_open_to_others, FileSystem file_system)
      : paths_(std::move(paths)), lock_fd_(lock_fd), file_system_(std::move(file_system)),
        was_open_to_others_(was_open_to_others) {}
  StatePaths paths_{};
  std::string endpoint_{};  // what we wrote
  File database_{};
  int lock_fd_ = -1;
  std::unique_ptr<Lease> lease_{};  // null once it has been moved away
  FileSystem file_system_{};
  bool was_open_to_others_ = false;
};

}  // namespace hpo::daemon
