// The trials that a worker holds: what it does next, and what it tells the daemon next.
//
// Drawn once:   ahead ── a slot is free ──> training ── its runner ended ──> ended ── told ──> gone
//                 └─ drain, pause, no time, no lease ──> returned ── told ──> gone
// A trial that the daemon has dropped is forgotten unless it trains; then it ends, and is told
// together with the steps that were not told: its end says whether they count.
// What an unanswered request said is said again: the daemon knows it by trial and fence.
// Pure: no clock, process or socket. One thread.
#pragma once

#include <map>
#include <optional>
#include <set>
#include <string>
#include <variant>
#include <vector>

#include "cli/worker/held_steps.hpp"
#include "cli/worker/messages.hpp"
#include "cli/worker/run_times.hpp"
#include "cli/worker/timing.hpp"

namespace hpo::cli::worker {

struct BookLimits {
  int slots = 1;
  Instant stop_at = never;      // when trainings are told to end, so that all is over in time
  int reports_max = 256;        // in one request
  std::size_t bytes_max = 512U << 10U;      // of one, about; the daemon takes twice as many
  Instant wait = std::chrono::seconds(20);  // for a trial, in one request
  int ahead_max() const { return slots < 8 ? 1 : slots / 4; }
};

struct Begin {
  LeasedTrial trial{};
  int slot = 0;
};
struct StopTraining {
  LeaseKey key{};
};
using Action = std::variant<Begin, StopTraining>;

class LeaseBook {
 public:
  LeaseBook(const BookLimits& limits, StudyState state, std::chrono::milliseconds lease)
      : limits_(limits), state_(state), lease_(lease) {}

  // What happened to trials in its slots.
  void ended(LeaseKey key, Outcome outcome, Instant now);
  void not_begun(LeaseKey key, Outcome outcome, Instant now);  // the fault of this machine
  void reported(LeaseKey key, StepTold report);
  void loading(std::set<LeaseKey> keys) { loading_ = std::move(keys); }  // all, see Request
  void drain(const std::string& why);  // nothing is begun any more, what trains is told to end

  // What to do, in this order. Each action is given once.
  std::vector<Action> take_actions(Instant now);
  // nullopt: a request is under way, or there is nothing to say before wake_at().
  std::optional<Request> next_request(Instant now);

  // How the request went. Withdrawn: by interrupts_wait(), to say something at once.
  bool interrupts_wait() const;
  void answered(const Reply& reply, Instant now);
  void unanswered(Instant now, double jitter);
  void withdrawn() { in_flight_.reset(); }
  // The daemon finds fault with what it says. Once more without reports; false: it had none.
  bool refused();
  void study_is_gone();                      // nobody wants its results any more

  bool is_waiting() const { return in_flight_ && in_flight_->wait.count() > 0; }
  bool is_done(Instant now) const;
  std::string why_done(const std::string& study) const;  // half a sentence. REQUIRES: is_done
  bool is_draining() const { return !drain_reason_.empty(); }
  Instant wake_at(Instant now) const;
  StudyState state() const { return state_; }
  std::chrono::milliseconds lease() const { return lease_; }
  int reports_waiting(LeaseKey key) const;  // of a dropped trial none: they are thinned
  int reports_refused() const { return reports_refused_; }
  int reports_thinned() const { return reports_thinned_; }

 private:
  enum class Phase { ahead, training, ended, returned };
  struct Entry {
    LeasedTrial trial{};
    Phase phase = Phase::ahead;
    int slot = -1;
    bool is_start_told = false;
    bool is_dropped = false;
    bool is_stop_wanted = false;
    bool is_stop_given = false;
    bool is_preempted = false;  // told to end by us, not by the daemon
    Instant began{};
    Instant lease_until{};
    Outcome outcome{};
    HeldSteps reports{};
    int thinned = 0;  // of them, which is told with the end
  };
  using Entries = std::map<LeaseKey, Entry>;

  bool may_begin(Instant now) const;
  bool has_time(Instant now) const;
  std::vector<int> free_slots() const;
  int count(Phase phase) const;
  void give_back(Instant now);
  void stop_trainings(std::vector<Action>& actions);
  void fill_slots(Instant now, std::vector<Action>& actions);
  Entries::iterator next_ahead(Instant now);
  void note_wants(Request& request, Instant now) const;
  bool must_ask_again() const { return is_unsure_ && is_draining(); }
  bool has_news() const;
  bool is_held(const Entry& entry) const;
  struct Draft {
    Request request{};
    std::size_t bytes = 0;  // of what it says, about
  };
  void say(const LeaseKey& key, const Entry& entry, Draft& draft) const;
  void say_late_end(const LeaseKey& key, const Entry& entry, Draft& draft) const;
  void thin(Entry& entry, int gone);
  static void say_end(const LeaseKey& key, const Entry& entry, Draft& draft);
  void forget_report(LeaseKey key);
  void forget_told(const Request& told, const Reply& reply);
  void take(const Reply& reply, Instant lease_until);
  void close(Entry& entry, Outcome outcome);

  BookLimits limits_{};
  StudyState state_ = StudyState::running;
  std::chrono::milliseconds lease_{};
  Entries entries_{};
  std::set<LeaseKey> loading_{};
  RunTimes run_times_{};
  std::string drain_reason_{};
  std::optional<Request> in_flight_{};
  Instant sent_at_{};
  bool is_unsure_ = false;    // a request that asked for trials has not been answered
  bool is_gone_ = false;
  bool is_dismissed_ = false;  // the study goes on without this worker
  Instant ask_at_{};          // not before, if there is nothing else to say
  Instant retry_at_{};        // likewise whatever there is to say: nobody answered
  Instant begin_at_{};        // not before: this machine could not
  int failures_ = 0;          // unanswered requests in a row
  int begin_failures_ = 0;
  int reports_refused_ = 0;
  int reports_thinned_ = 0;
};

}  // namespace hpo::cli::worker
