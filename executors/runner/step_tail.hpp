// Follows the metrics file of one training, on whatever file system it lies: what has come since
// the last look, whole lines alone.
//
// Each look opens the file, so that nothing is kept open for jobs that wait, and reads a bounded
// piece of it; the next look reads on. A file that was replaced, or written anew, is told from its
// start again: a step counts once, however often it is told. One thread at a time.
#pragma once

#include <string>
#include <vector>

#include "executors/runner/read_part.hpp"
#include "executors/runner/report_lines.hpp"

namespace hpo::runner {

inline constexpr std::int64_t look_bytes_max = 1 << 20;      // of one look
inline constexpr std::int64_t backlog_bytes_max = 16 << 20;  // for whoever looks again and again

class StepTail {
 public:
  // Where more than `unread_bytes_max` are unread, all but that much is skipped, and counted.
  // REQUIRES: a multiple of look_bytes_max
  explicit StepTail(std::int64_t unread_bytes_max = look_bytes_max)
      : unread_bytes_max_(unread_bytes_max) {}

  // A file that is not there, or cannot be read now, has no news.
  std::vector<StepTold> look(const std::string& path);
  // Nothing is written any more. To be called while has_more(); the last line may lack its end.
  std::vector<StepTold> finish(const std::string& path);
  bool has_more() const { return unread_bytes_ > 0; }  // after finish()

  std::int64_t bytes_skipped() const { return bytes_skipped_; }

  // The first time that some were skipped, how many; 0 ever after, as before: it is told once.
  std::int64_t take_first_skipped();

 private:
  std::vector<StepTold> read(const std::string& path, bool is_last);

  void skip_all_but_newest(std::int64_t size);

  std::int64_t unread_bytes_max_;
  std::int64_t unread_bytes_ = 0;  // that the last look found and left
  std::int64_t last_looks_ = 0;    // by finish()
  ReadPart part_{};
  bool is_skip_taken_ = false;
  std::int64_t bytes_skipped_ = 0;
  ReportLines lines_{};
};

}  // namespace hpo::runner
