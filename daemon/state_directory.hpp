// The state directory: made, checked, locked; and the endpoint file by which others find us.
#pragma once

#include <string>

#include "schema/paths.hpp"
#include "schema/result.hpp"

namespace hpo::daemon {

// flock on daemon.lock for the life of the process: bound to the open file description, so that a
// stray close elsewhere does not drop it, and so that a pid that was used again proves nothing.
class StateDirectory {
 public:
  // Makes the directory and its parts (0700), checks the owner, takes the lock.
  // Error: conflict if another daemon holds it (says which), invalid_argument otherwise.
  static Result<StateDirectory> open(const std::string& root, bool is_ephemeral);
  StateDirectory(StateDirectory&& other) noexcept
      : paths_(std::move(other.paths_)), lock_fd_(std::exchange(other.lock_fd_, -1)) {}
  StateDirectory& operator=(StateDirectory&&) = delete;
  ~StateDirectory();

  const StatePaths& paths() const { return paths_; }

  // tmp + rename; removed at the end. What `hpo` reads to find the socket.
  Result<void> write_endpoint(const std::string& socket, const std::string& version) const;
  void remove_endpoint() const;

 private:
  StateDirectory(StatePaths paths, int lock_fd) : paths_(std::move(paths)), lock_fd_(lock_fd) {}
  StatePaths paths_{};
  int lock_fd_ = -1;
};

std::string boot_id();    // of this boot of this host
std::string host_name();

}  // namespace hpo::daemon
