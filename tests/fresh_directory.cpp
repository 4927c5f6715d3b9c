// Makes the directory's name with mkdtemp, which no other process can get too.
#include "tests/fresh_directory.hpp"

#include <stdlib.h>

#include <filesystem>
#include <system_error>

#include "schema/assert.hpp"

namespace hpo::test {

std::string usual_parent() {
  const char* chosen = ::getenv("TMPDIR");
  return chosen != nullptr ? chosen : "/tmp";
}

std::string parent_in_memory() {
  return std::filesystem::exists("/dev/shm") ? "/dev/shm" : usual_parent();
}

FreshDirectory::FreshDirectory(const std::string& parent)
    : path_(parent + "/hpo-test-" + std::string(6, 'X')) {  // what mkdtemp fills in
  HPO_ASSERT(::mkdtemp(path_.data()) != nullptr, "the parent of a fresh directory is writable");
}

FreshDirectory::~FreshDirectory() {
  std::error_code ignored;
  if (!is_kept_) std::filesystem::remove_all(path_, ignored);
}

}  // namespace hpo::test
