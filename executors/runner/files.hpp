// Small files, whole: read with a limit, written so that they appear whole or not at all.
//
// Synced only where the file is how two machines talk. On local disks a power cut kills the
// training too, and a torn file then means "lost". Any thread.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>

#include "schema/result.hpp"

namespace hpo::runner {

// "No space left on device"
std::string errno_text(int number);

// ENOSPC and EDQUOT become no_space, ENOENT not_found, all else internal.
Error file_error(std::string_view what, const std::string& path, int number);

// Of regular files only; too_large past bytes_max. Links are followed: for files of our own.
Result<std::string> read_file(const std::string& path, std::size_t bytes_max);

// Its last bytes, bytes_max at most.
Result<std::string> read_tail(const std::string& path, std::size_t bytes_max);

enum class Sync { none, to_disk };

// Writes path.tmp, mode 0600, and renames it. Synced, it is there after a power cut, and that the
// file server has no space left is told.
Result<void> write_file(const std::string& path, std::string_view text, Sync sync = Sync::none);

// The directory and those above it, mode 0700. Succeeds if it is there.
Result<void> make_directories(const std::string& path);

// "/a/b/c" -> "/a/b"; "/" for "/a".
std::string parent_of(const std::string& path);
// "/a/b/c" -> "c"
std::string name_of(const std::string& path);
// `path` itself if it starts with '/', else below `base`.
std::string absolute(const std::string& path, const std::string& base);

}  // namespace hpo::runner
