// See state_origin.hpp.
#include "executors/runner/state_origin.hpp"

#include <sys/stat.h>
#include <sys/vfs.h>

#include <charconv>

namespace hpo::runner {
namespace {

constexpr unsigned long fuse_magic = 0x65735546;

bool is_on_fuse(const std::string& path) {
  struct statfs status {};
  return ::statfs(path.c_str(), &status) == 0 &&
         (static_cast<unsigned long>(status.f_type) & 0xFFFFFFFFUL) == fuse_magic;
}

// 0: cannot be seen, or says nothing.
std::uint64_t lasting_inode(const std::string& path) {
  struct stat status {};
  if (::stat(path.c_str(), &status) != 0 || is_on_fuse(path)) return 0;
  return status.st_ino;
}

}  // namespace

StateOrigin state_origin(const std::string& root) {
  return {.path = root, .inode = lasting_inode(root)};
}

// The number as text: some file systems use all 64 bits.
void write_members(json::Writer& writer, const StateOrigin& origin) {
  writer.member("state_dir", origin.path).member("inode", std::to_string(origin.inode));
}

StateOrigin state_origin_of(const json::Node& object) {
  StateOrigin origin{.path = json::text_at(object, "state_dir")};
  const std::string number = json::text_at(object, "inode");
  std::from_chars(number.data(), number.data() + number.size(), origin.inode);
  return origin;
}

bool is_copied(const StateOrigin& origin, const std::string& root) {
  const std::uint64_t inode = lasting_inode(root);
  return origin.inode != 0 && inode != 0 && inode != origin.inode;
}

// With the device, which tells a snapshot apart: its inodes are those of what it was taken of.
bool leads_elsewhere(const StateOrigin& origin, const std::string& root) {
  struct stat there {};
  struct stat here {};
  if (::stat(origin.path.c_str(), &there) != 0 || ::stat(root.c_str(), &here) != 0) return false;
  return there.st_dev != here.st_dev || there.st_ino != here.st_ino;
}

}  // namespace hpo::runner
