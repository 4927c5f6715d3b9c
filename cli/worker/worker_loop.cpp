// See worker_loop.hpp. What happens here; worker_answers.cpp has what the daemon says to it.
#include "cli/worker/worker_loop.hpp"

#include <poll.h>
#include <sys/signalfd.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <csignal>
#include <set>
#include <utility>

#include "cli/output.hpp"
#include "cli/text.hpp"
#include "cli/worker/identity.hpp"
#include "executors/runner/classify.hpp"

namespace hpo::cli::worker {
namespace {

using namespace std::chrono_literals;

constexpr Instant answer_patience = 30s;  // beyond what the daemon was asked to wait
constexpr int poll_ms_max = 60'000;
// A batch system signals a job's step and its script, each of which may hand the signal on: what
// comes so soon is the first one again. Ctrl-C is typed, so a second one is meant.
constexpr Instant one_signal = 1s;
constexpr Instant last_words = 2s;        // to tell the ends after a second signal
constexpr auto kill_patience_ms = 5'000;  // for runners to note the end of killed trainings

BookLimits limits_of(const WorkerPlan& plan, std::chrono::seconds grace, Instant now) {
  BookLimits limits{.slots = plan.slots};
  if (plan.max_time) limits.stop_at = now + time_to_train(*plan.max_time, grace);
  return limits;
}

}  // namespace

Instant WorkerLoop::now() { return std::chrono::steady_clock::now().time_since_epoch(); }

WorkerLoop::WorkerLoop(const WorkerPlan& plan, Assignment assignment, Transport& transport,
                       runner::Fd signals, bool ignores_hangup)
    : plan_(plan),
      book_(limits_of(plan, assignment.work.attempt.grace, now()), assignment.state,
            assignment.lease),
      attempts_(std::move(assignment.work), plan.name),
      takes_reports_(assignment.takes_reports), transport_(transport),
      signals_(std::move(signals)), ignores_hangup_(ignores_hangup), answered_at_(now()) {}

std::optional<Failure> WorkerLoop::run() {
  while (!book_.is_done(now()) && now() < end_by_) {
    for (const Action& action : book_.take_actions(now())) carry_out(action);
    if (book_.interrupts_wait()) {
      transport_.close();
      answer_by_ = never;
      book_.withdrawn();
    }
    if (!speak()) continue;
    if (book_.is_done(now())) break;
    wait();
  }
  tell_losses();
  return end_by_ == never ? failure_ : ended_at_once();
}

Failure WorkerLoop::ended_at_once() const {
  const bool is_told = book_.is_done(now());
  return {.exit_code = ExitCode::interrupted,
          .error = {ErrorCode::unavailable,
                    std::string("ended at once; ") + (is_told ? "its trials are given back"
                                                              : "its leases run out"), {},
                    "hpo status " + shell_quoted(plan_.study)},
          .details = {}};
}

std::string WorkerLoop::why_ended() const { return book_.why_done(plan_.study); }

void WorkerLoop::tell_losses() const {
  std::string text;
  const auto add = [&](std::int64_t count, const char* what) {
    if (count > 0) text += (text.empty() ? "" : ", ") + std::to_string(count) + " " + what;
  };
  add(tails_.lines_left_out(), "lines that are no steps");
  add(tails_.bytes_skipped(), "bytes of steps that came too fast");
  add(book_.reports_thinned(), "steps of many that were to be told late");
  add(book_.reports_refused(), "steps that the daemon refused");
  if (!text.empty()) note("left out: " + text + "; they are in the trials' metrics.jsonl");
}

void WorkerLoop::carry_out(const Action& action) {
  if (const auto* stop = std::get_if<StopTraining>(&action)) attempts_.stop(stop->key);
  else begin(std::get<Begin>(action));
}

void WorkerLoop::begin(const Begin& begin) {
  const auto devices = gpus_of_slot(plan_.gpus, begin.slot, plan_.slots);
  auto begun = attempts_.prepare(begin.trial, begin.slot, devices);
  if (begun) {
    if (takes_reports_) {
      tails_.follow(begin.trial.key, attempts_.metrics_path(begin.trial),
                    attempts_.kept_steps(begin.trial));
      earlier_[begin.trial.key] = attempts_.earlier_steps(begin.trial);
    }
    begun = attempts_.launch(begin.trial, begin.slot);
  }
  if (begun) return;
  Error error = begun.error();
  note("trial " + std::to_string(begin.trial.key.trial) + " cannot begin here: " + error.what +
       " (" + error.where + ")");
  error.code = ErrorCode::unavailable;  // the machine's fault: another attempt may do better
  tails_.finish(begin.trial.key);
  earlier_.erase(begin.trial.key);
  book_.not_begun(begin.trial.key, runner::never_started(error, 0), now());
}

// False: nobody listens, which may change what is to be done.
bool WorkerLoop::speak() {
  const auto request = book_.next_request(now());
  if (!request) return true;
  if (const auto failure = transport_.post(to_json(*request))) {
    lose(*failure);
    return false;
  }
  answer_by_ = now() + request->wait + answer_patience;
  return true;
}

// More of a metrics file is at hand than was read at once, and there is room for it.
bool WorkerLoop::reads_on() const {
  return std::ranges::any_of(tails_.behind(), [&](LeaseKey key) {
    return book_.reports_waiting(key) < reports_held_max;
  });
}

void WorkerLoop::wait() {
  const Instant next = reads_on() ? now()
      : std::min({book_.wake_at(now()), answer_by_, transport_.look_at(), end_by_});
  const auto left = next == never ? std::chrono::milliseconds(poll_ms_max)
                                  : std::chrono::ceil<std::chrono::milliseconds>(next - now());
  const auto timeout_ms = static_cast<int>(std::clamp<std::int64_t>(left.count(), 0, poll_ms_max));
  std::array<pollfd, 4> fds{pollfd{.fd = signals_.get(), .events = POLLIN, .revents = 0},
                            pollfd{.fd = tails_.fd(), .events = POLLIN, .revents = 0},
                            pollfd{.fd = transport_.fd(), .events = transport_.events(),
                                   .revents = 0},
                            pollfd{.fd = attempts_.fd(), .events = POLLIN, .revents = 0}};
  ::poll(fds.data(), fds.size(), timeout_ms);
  if (fds[2].revents != 0 || now() >= transport_.look_at()) take_answer();
  if (fds[0].revents != 0) take_signals();
  if (fds[3].revents != 0) take_ends();
  if (fds[1].revents != 0 || !tails_.behind().empty()) take_reports();
  if (now() >= answer_by_) {
    transport_.close();
    lose(unheard("the daemon did not answer in time"));
  }
}

void WorkerLoop::take_signals() {
  signalfd_siginfo info{};
  bool has_ends = false;
  while (::read(signals_.get(), &info, sizeof info) == sizeof info) {
    if (info.ssi_signo == SIGCHLD) has_ends = true;
    else note_signal(static_cast<int>(info.ssi_signo));
  }
  if (has_ends) take_ends();
}

void WorkerLoop::note_signal(int number) {
  if (number == SIGHUP && ignores_hangup_) return;
  if (told_to_end_at_ == never) {
    told_to_end_at_ = now();
    const std::string name = number == SIGTERM ? "SIGTERM" : number == SIGINT ? "Ctrl-C" : "SIGHUP";
    note(name + ": trials that have not begun go back, trainings are told to end; once more ends "
         "them at once");
    return book_.drain("the worker was told to end (" + name + ")");
  }
  const bool is_again = number != SIGINT && now() - told_to_end_at_ < one_signal;
  if (!is_again && end_by_ == never) end_at_once();
}

// What has ended, and what has been told of it, is told as far as there is time.
void WorkerLoop::end_at_once() {
  attempts_.kill_trainings();
  for (int waited_ms = 0; attempts_.count() > 0 && waited_ms < kill_patience_ms; waited_ms += 10) {
    ::poll(nullptr, 0, 10);
    take_ends();
  }
  end_by_ = now() + last_words;
}

void WorkerLoop::take_ends() {
  for (EndedTrial& each : attempts_.reap()) {
    report(each.key, tails_.finish(each.key));
    earlier_.erase(each.key);
    book_.ended(each.key, std::move(each.outcome), now());
    ++attempts_ended_;
  }
  note_loading();
  take_reports();  // the end of a watch is an event, too: taken now, it wakes nobody
}

// Once: all slots have the same script.
void WorkerLoop::note_loading() {
  const std::set<LeaseKey> keys = attempts_.loading();
  book_.loading(keys);
  if (keys.empty() || std::exchange(has_told_loading_, true)) return;
  const std::string trial = std::to_string(keys.begin()->trial);
  note("trial " + trial + " waits for its script, which is long in loading, or never calls "
       "hpo.serve(train); more: hpo logs " + shell_quoted(plan_.study) + "/" + trial + " --stderr");
}

void WorkerLoop::take_reports() {
  for (const LeaseKey key : tails_.grown()) {
    const int room = reports_held_max - book_.reports_waiting(key);
    report(key, tails_.read(key, room));
  }
}

// Its first step says from where it goes on: what was before is as earlier attempts had it.
void WorkerLoop::report(LeaseKey key, std::vector<StepTold> steps) {
  const auto first = std::ranges::find_if(steps, &StepTold::is_step);
  const auto earlier = first == steps.end() ? decltype(earlier_)::node_type()
                                            : earlier_.extract(key);
  if (earlier) {
    for (const StepTold& step : earlier.mapped()) {
      if (step.step < first->step) book_.reported(key, step);
    }
  }
  for (StepTold& step : steps) book_.reported(key, std::move(step));
}

}  // namespace hpo::cli::worker
