// What kind of file system a state directory lies on, and whether it does what a database needs.
#pragma once

#include <string>

#include "schema/result.hpp"

namespace hpo::daemon {

enum class FileSystemKind { unknown, local, memory, network };

struct FileSystem {
  FileSystemKind kind = FileSystemKind::unknown;
  std::string name{};  // "NFS", for people; "" if unknown
};

// By statfs. Error: invalid_argument if the path cannot be asked.
Result<FileSystem> file_system_of(const std::string& path);

// Writes, syncs and renames a file in the directory, and looks whether its locks hold against
// another process, which it forks. REQUIRES: no other thread, and no database open.
// Error: invalid_argument, with what did not work; no_space.
Result<void> probe(const std::string& directory);

}  // namespace hpo::daemon
