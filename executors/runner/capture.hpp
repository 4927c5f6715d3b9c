// Keeps a training's output within bounds: the first and the last megabytes of a stream.
//
// The file grows to head + tail; from then on the tail is a ring, and finish() puts it in order
// and says how much is missing. A training is never ended for being chatty. One thread.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "executors/runner/fd.hpp"
#include "schema/result.hpp"

namespace hpo::runner {

struct CaptureLimits {
  std::int64_t head_bytes = 32 << 20;
  std::int64_t tail_bytes = 32 << 20;
};

class Capture {
 public:
  static Result<Capture> open(const std::string& path, const CaptureLimits& limits);

  // Never fails: what a full disk does not take is counted as dropped.
  void write(std::string_view text);
  void finish();  // once, after the last write

  // The last lines, at most `lines` and `bytes`; after finish().
  std::string last_lines(int lines, std::int64_t bytes) const;

 private:
  Capture(Fd file, const CaptureLimits& limits) : file_(std::move(file)), limits_(limits) {}
  std::int64_t place(std::int64_t position) const;
  std::string read_at(std::int64_t position, std::int64_t count) const;

  Fd file_{};
  CaptureLimits limits_{};
  std::int64_t total_ = 0;    // bytes the stream had
  std::int64_t refused_ = 0;  // bytes the disk did not take
};

}  // namespace hpo::runner
