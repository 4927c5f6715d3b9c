// A directory of a test's own, removed with all that is in it.
//
// For every room's tests: they leave nothing behind, and never meet each other.
#pragma once

#include <string>

namespace hpo::test {

std::string usual_parent();  // TMPDIR, or /tmp

// In memory where there is such a place: for a test that needs COMMITs, not a disk.
std::string parent_in_memory();

class FreshDirectory {
 public:
  // `parent`: another place than TMPDIR, as a small file system, or one in memory.
  explicit FreshDirectory(const std::string& parent = usual_parent());
  ~FreshDirectory();
  FreshDirectory(const FreshDirectory&) = delete;
  FreshDirectory& operator=(const FreshDirectory&) = delete;

  void keep() { is_kept_ = true; }  // for somebody who wants to look into it
  const std::string& path() const { return path_; }

 private:
  std::string path_{};
  bool is_kept_ = false;
};

}  // namespace hpo::test
