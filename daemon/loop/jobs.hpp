// Jobs under way: calls to executors, on the executor's strand, and their answers, as entries.
//
// A doubt is resolved by asking: a submission without a clear answer is looked for by name, and
// only what stays unfound for `absent_after`, over all restarts, is submitted again. Engine strand.
#pragma once

#include <map>
#include <memory>
#include <string>
#include <vector>

#include "daemon/loop/group_commit.hpp"
#include "daemon/loop/job_events.hpp"
#include "daemon/loop/left_steps.hpp"
#include "daemon/loop/loop_config.hpp"
#include "daemon/loop/reports.hpp"
#include "daemon/loop/wait_board.hpp"
#include "executors/executor.hpp"

namespace hpo::loop {

using Executors = std::map<std::string, std::unique_ptr<Executor>, std::less<>>;

class Jobs {
 public:
  Jobs(const LoopConfig& config, Threads& threads, store::Store& store, Ledger& ledger,
       GroupCommit& commits, Reports& reports, LeftSteps& left_steps, Executors executors);

  // Once, before all others: looks at what former lives have left. Error: of the store.
  Result<void> start();

  // After the COMMIT of the intent row.
  void submit(const StudyLoop& loop, const Owner& owner);

  // What the plan says of jobs that are there: looked for, told to go. Others are ignored.
  void care_for(StudyLoop& loop, const engine::Action& action);

  // False: the executor was unavailable for this study a moment ago, or a site would find one more
  // submission impolite. The study is touched when that has passed.
  bool may_submit(const StudyLoop& loop) const;

  void poll_all();                                      // by timer
  void ended(const std::vector<std::string>& jobs);     // by ended/: asks about these alone
  void forget(const std::vector<std::string>& jobs);    // their end is committed
  const WaitBoard& waits() const { return waits_; }     // any thread

 private:
  using Ref = JobRef;
  // What there is to know of a job, by its executor and by what its training wrote.
  struct News {
    JobStatus status{};
    std::vector<StepTold> steps{};
    std::int64_t bytes_skipped = 0;  // of those that came too fast, where this has not been told
    bool has_more = false;           // steps, of a job that is over: its end comes with the last
  };
  struct Line {  // to one executor
    int submits = 0;                       // that have not returned
    std::int64_t submitted_ns = 0;         // monotonic, as the next ones: the last submission, …
    double submit_rate = 0;                // … and how many a second its study allows
    std::int64_t next_poll_ns = 0;
    std::int64_t quiet_ns = 0;             // until then it is asked though no job is under way,
    int looks = 0;                         // and until it has been looked for strays so often
    bool is_polling = false;
    std::vector<Ref> cancels{};            // to go out with the next call
  };

  Ref ref(const StudyLoop& loop, const Attempt& attempt) const;
  Ref ref(const StudyLoop& loop, const Owner& owner) const;  // of its latest attempt
  Ref ref_with_steps(StudyLoop& loop, const Attempt& attempt);
  Attempt* attempt_of(const Ref& ref);
  Attempt* live_attempt(const Ref& ref);
  Flight& flight(StudyLoop& loop, const Owner& owner);
  bool leaves_by_itself(const StudyLoop& loop, const Owner& owner, Flight& flight);
  void note_wait(const StudyLoop& loop, const Owner& owner, const std::string& text,
                 const std::string& native_id = {});
  void locate(StudyLoop& loop, const Owner& owner);
  std::int64_t& absent_ns(Flight& flight);
  void keep_absence(const Ref& about, Flight& flight, std::int64_t absent_ns);
  std::chrono::nanoseconds count_absence(const Ref& about, Flight& flight);
  void note_absence(const Ref& about, const JobStatus& status);
  void hand_absence(StudyLoop& loop, Ref& about);
  void cancel(StudyLoop& loop, const Owner& owner);
  Executor* executor_of(const StudyLoop& loop);
  static bool is_due(const Line& line, std::int64_t now_ns);
  bool add_refs(StudyLoop& loop, std::map<std::string, std::vector<Ref>>* refs);
  void poll(const std::string& executor, std::vector<Ref> refs, Work returned);
  static News news_of(const Ref& ref, const JobStatus& status);
  void tell(const Ref& ref, const News& news);
  void end_worker(const Ref& ref, const News& news);
  void record(const Ref& ref, const News& news, bool is_news);
  void forget_news(const Ref& ref);
  Result<void> tell_steps(StudyLoop& loop, const Ref& ref, const Attempt& attempt,
                          const News& news);
  void read_on(const Ref& ref, const JobStatus& status);
  void note_wait(const Ref& ref, const JobStatus& status);
  void enter(const Ref& ref, std::function<Result<void>(StudyLoop&, Attempt&)> change);
  JobRequest make_request(const StudyLoop& loop, const Owner& owner,
                          std::vector<std::string> predecessors) const;
  void submitted(const Ref& ref, const Result<Submitted>& answer);
  void located(const Ref& ref, const Result<JobStatus>& answer);
  Result<Outcome> as_it_counts(StudyLoop& loop, const Ref& ref, const Attempt& attempt,
                               const Outcome& outcome);
  Result<void> seen(StudyLoop& loop, const Ref& ref, Attempt& attempt, const JobStatus& status);
  void wake_at(std::int64_t study, std::chrono::nanoseconds delay);
  void put_off(StudyLoop& loop);
  static bool keeps_distance(const StudyLoop& loop, const Line& line, std::int64_t now_ns);
  double fastest_rate(const std::string& executor) const;
  void note_submission(StudyLoop& loop, Line& line);
  int waiting_in_queue(const std::string& executor) const;
  void flush_cancels(const std::string& executor);
  void cancel_strays(const std::string& executor);
  void take_incidents(Executor& executor);
  void note(const Incident& incident);

  const LoopConfig& config_;
  Threads& threads_;
  store::Store& store_;
  Ledger& ledger_;
  GroupCommit& commits_;
  Reports& reports_;
  LeftSteps& left_steps_;
  Executors executors_;
  std::map<std::string, Line, std::less<>> lines_{};
  WaitBoard waits_{};
};

}  // namespace hpo::loop
