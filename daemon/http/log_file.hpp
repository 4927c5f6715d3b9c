// A piece of an attempt's log. The files are the training's, so nothing in the way is trusted:
// no symbolic link is followed, only regular files are read, a chunk at a time. Reader strand.
#pragma once

#include <cstdint>
#include <string>

#include "schema/result.hpp"

namespace hpo::http {

struct LogRange {
  std::int64_t offset = 0;
  std::int64_t tail = -1;        // bytes from the end; -1: by offset
  std::int64_t bytes_max = 0;
};

struct LogChunk {
  std::string text{};
  std::int64_t offset = 0;       // of the first byte of text
  std::int64_t next_offset = 0;  // to go on from
  std::int64_t size = 0;         // of the file, now
};

// A file that is not there yet is an empty one. REQUIRES: `directory` lies below `root`.
Result<LogChunk> read_log(const std::string& root, const std::string& directory,
                          const std::string& name, const LogRange& range);

}  // namespace hpo::http
