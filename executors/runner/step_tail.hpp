// Follows the metrics file of one training, on whatever file system it lies: what has come since
// the last look, whole lines alone.
//
// Each look opens the file, so that nothing is kept open for jobs that wait, and reads a bounded
// part of it. A file that was replaced, or written anew, is told from its start again: a step
// counts once, however often it is told. One thread at a time.
#pragma once

#include <string>
#include <vector>

#include "executors/runner/read_part.hpp"
#include "executors/runner/report_lines.hpp"

namespace hpo::runner {

// Of one look. What a training has written beyond that since the last one is skipped, its newest
// lines excepted, and counted.
inline constexpr std::int64_t look_bytes_max = 1 << 20;

class StepTail {
 public:
  // A file that is not there, or cannot be read now, has no news.
  std::vector<StepTold> look(const std::string& path);
  // The last look: its last line may lack an end.
  std::vector<StepTold> finish(const std::string& path);

  std::int64_t bytes_skipped() const { return bytes_skipped_; }

  // The first time that some were skipped, how many; 0 ever after, as before: it is told once.
  std::int64_t take_first_skipped();

 private:
  std::vector<StepTold> read(const std::string& path, bool is_last);

  ReadPart part_{};
  bool is_skip_taken_ = false;
  std::int64_t bytes_skipped_ = 0;
  ReportLines lines_{};
};

}  // namespace hpo::runner
