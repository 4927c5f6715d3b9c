// Finds the result that a training left: a file, else its last "hpo-result " line.
//
// The training is not trusted: links, directories, pipes, devices and huge files are refused
// with the reason. A file that was there before the training started is not its result. Any thread.
#pragma once

#include <cstdint>
#include <optional>
#include <string>

#include "schema/result.hpp"

namespace hpo::runner {

// Enough to tell whether a file was written since.
struct FileMark {
  bool exists = false;
  std::uint64_t inode = 0;
  std::int64_t modified_ns = 0;
  std::int64_t size = 0;
  friend bool operator==(const FileMark&, const FileMark&) = default;
};

FileMark mark_of(const std::string& path);

// Error: not_found if there is no file (or only one from before), else why it is refused.
Result<std::string> read_result(const std::string& path, const FileMark& before,
                                std::int64_t bytes_max);

}  // namespace hpo::runner
