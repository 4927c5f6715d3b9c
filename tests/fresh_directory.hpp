// A directory of a test's own, removed with all that is in it.
//
// For every room's tests: they leave nothing behind, and never meet each other.
#pragma once

#include <stdlib.h>

#include <filesystem>
#include <string>
#include <system_error>
#include <utility>

#include "schema/assert.hpp"

namespace hpo::test {

inline std::string usual_parent() {
  const char* chosen = ::getenv("TMPDIR");
  return chosen != nullptr ? chosen : "/tmp";
}

// In memory where there is such a place: for a test that needs COMMITs, not a disk.
inline std::string parent_in_memory() {
  return std::filesystem::exists("/dev/shm") ? "/dev/shm" : usual_parent();
}

class FreshDirectory {
 public:
  // `parent`: another place than TMPDIR, as a small file system, or one in memory.
  explicit FreshDirectory(std::string parent = usual_parent())
      : path_(std::move(parent) + "/hpo-test-" + std::string(6, 'X')) {  // what mkdtemp fills in
    HPO_ASSERT(::mkdtemp(path_.data()) != nullptr, "the parent of a fresh directory is writable");
  }
  ~FreshDirectory() {
    std::error_code ignored;
    if (!is_kept_) std::filesystem::remove_all(path_, ignored);
  }
  FreshDirectory(const FreshDirectory&) = delete;
  FreshDirectory& operator=(const FreshDirectory&) = delete;

  void keep() { is_kept_ = true; }  // for somebody who wants to look into it
  const std::string& path() const { return path_; }

 private:
  std::string path_{};
  bool is_kept_ = false;
};

}  // namespace hpo::test
