// The part of a metrics file that has been read, and whether the file still begins with it: a
// training may replace its file by another, or empty it and write it anew.
//
// Holds no descriptor and no text, 64 bits of hash alone. One thread at a time.
#pragma once

#include <cstdint>
#include <string_view>

namespace hpo::runner {

// A part that is longer is not compared: the reader is to go on at once.
inline constexpr std::int64_t compared_bytes_max = 4 << 20;

class ReadPart {
 public:
  // To ask before reading on in a file that was opened by its path. True: what was read is not
  // how it begins, and it is to be read from its start. The last time it is compared in any case;
  // before, if it is another file. A file that cannot be looked at is the same.
  bool begins_anew(int fd, bool is_last);

  void add(std::string_view text);         // was read at position()
  void skip_to(std::int64_t position);     // REQUIRES: beyond position()
  std::int64_t position() const { return position_; }

 private:
  bool is_known() const { return is_whole_ && position_ <= compared_bytes_max; }
  bool is_beginning_of(int fd) const;

  std::uint64_t device_ = 0;
  std::uint64_t inode_ = 0;
  std::int64_t position_ = 0;
  std::uint64_t hash_ = 0;
  bool is_whole_ = true;  // nothing was skipped
};

}  // namespace hpo::runner
