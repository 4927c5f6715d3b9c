// Follows the metrics files of the trainings of this worker: each whole line once, at once.
//
// inotify tells of what is written on this node, and a training writes on the node of its worker. A
// training that writes faster than the daemon takes loses steps, the oldest first, and it is said:
// memory and requests stay bounded whatever it writes. A file is read by its path: one that was
// replaced, or written anew, is told from its start again, and a step counts once. One thread.
#pragma once

#include <map>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "cli/worker/kept_steps.hpp"
#include "cli/worker/messages.hpp"
#include "executors/runner/fd.hpp"
#include "executors/runner/read_part.hpp"
#include "executors/runner/report_lines.hpp"

namespace hpo::cli::worker {

inline constexpr int reports_held_max = 256;  // of one training, until the daemon has them

class MetricsTails {
 public:
  MetricsTails();

  // Readable when a file has grown; -1: the system gives none, then steps are read at the end.
  int fd() const { return inotify_.get(); }

  // Makes the file, so that it can be watched before the training writes to it. Without `kept` all
  // steps are told.
  void follow(LeaseKey key, const std::string& path, std::optional<KeptSteps> kept = {});
  // The trainings whose files have grown, or have more than was read.
  std::vector<LeaseKey> grown();
  const std::set<LeaseKey>& behind() const { return behind_; }  // the latter
  // New steps that are to be told, `count_max` of them or a few more, of a part of the file that is
  // read at once; what it has beyond that stays there.
  std::vector<StepTold> read(LeaseKey key, int count_max);
  // All steps that are left of a training that has ended; four megabytes at most.
  std::vector<StepTold> finish(LeaseKey key);

  // Lines that were no reports, and bytes that were skipped, of all trainings so far.
  int lines_left_out() const { return lines_left_out_; }
  std::int64_t bytes_skipped() const { return bytes_skipped_; }

 private:
  struct Tail {
    LeaseKey key{};
    std::string path{};
    runner::Fd file{};  // kept open: no other file can get its number, and look like it
    int watch = -1;     // of the file; of its directory while there is none
    runner::ReadPart part{};
    runner::ReportLines lines{};
    std::optional<KeptSteps> kept{};
    bool is_skip_told = false;
  };
  std::vector<StepTold> fed(Tail& tail, std::string_view text, bool is_last = false);
  std::vector<StepTold> read_some(Tail& tail);
  void open_again(Tail& tail, bool is_last);
  void watch(Tail& tail);
  void watch(Tail& tail, const std::string& path, std::uint32_t events);
  std::vector<StepTold> skip_backlog(Tail& tail);  // what is to be said of it

  runner::Fd inotify_{};
  std::map<LeaseKey, Tail> tails_{};
  std::map<int, LeaseKey> by_watch_{};
  std::set<LeaseKey> behind_{};
  int lines_left_out_ = 0;
  std::int64_t bytes_skipped_ = 0;
};

}  // namespace hpo::cli::worker
