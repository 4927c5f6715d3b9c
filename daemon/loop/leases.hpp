// The clocks of leases: a trial whose worker is not heard of goes to another one.
//
// Only durations cross the wire: a worker counts from before it sends, this side from when it has
// heard, and gives some more time, so that the worker's clock always runs out first. A restart
// begins all of them anew, and so does a daemon that was stopped for a while: what was sent to it
// meanwhile is read before anything runs out. Engine strand, but for unheard() and loading().
#pragma once

#include <map>
#include <memory>
#include <string>
#include <string_view>

#include "daemon/loop/group_commit.hpp"
#include "daemon/loop/left_steps.hpp"

namespace hpo::loop {

class Leases {
 public:
  Leases(Threads& threads, Ledger& ledger, GroupCommit& commits, LeftSteps& left_steps)
      : threads_(threads), ledger_(ledger), commits_(commits), left_steps_(left_steps) {}

  static constexpr std::chrono::seconds interval{1};  // between two calls of look()

  // Its worker has been heard of.
  void renew(StudyLoop& loop, const Held& lease);

  // Ends what has run out: a trial that had begun is lost, once the steps that its worker did not
  // tell are kept; another one is returned.
  void look();

  // Trials of the study that run with workers that were silent for more than half a lease, or since
  // the start, when it was looked last. Any thread.
  int unheard(std::string_view study) const { return counts_of(study).unheard; }

  // Likewise those whose warm scripts have loaded for long.
  int loading(std::string_view study) const { return counts_of(study).loading; }

 private:
  struct Counts {
    int unheard = 0;
    int loading = 0;
    friend bool operator==(const Counts&, const Counts&) = default;
  };
  Counts counts_of(std::string_view study) const;
  Counts look_at(StudyLoop& loop, std::int64_t now_ns);
  void run_out(StudyLoop& loop, int trial, LeaseClock& clock);
  void end(std::int64_t study, int trial, std::int64_t fence);
  Result<void> ended(std::int64_t study, int trial, std::int64_t fence);

  Threads& threads_;
  Ledger& ledger_;
  GroupCommit& commits_;
  LeftSteps& left_steps_;
  std::int64_t looked_ns_ = 0;
  using Studies = std::map<std::string, Counts, std::less<>>;  // read and replaced atomically
  std::shared_ptr<const Studies> counts_ = std::make_shared<const Studies>();
};

}  // namespace hpo::loop
