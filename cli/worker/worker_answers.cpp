// The other half of worker_loop.hpp: what the daemon's answers change, and their absence.
#include <sys/random.h>

#include <algorithm>
#include <utility>

#include "cli/output.hpp"
#include "cli/problem.hpp"
#include "cli/text.hpp"
#include "cli/worker/worker_loop.hpp"
#include "schema/json/node.hpp"

namespace hpo::cli::worker {
namespace {

double jitter() {
  std::uint32_t bits = 0;
  if (::getrandom(&bits, sizeof bits, 0) != sizeof bits) return 0.5;
  return static_cast<double>(bits) / 4294967296.0;
}

}  // namespace

Failure WorkerLoop::unheard(const std::string& why) const {
  return {.exit_code = ExitCode::unreachable,
          .error = {ErrorCode::unavailable, why, plan_.study,
                    "on the daemon's host, see whether it runs (hpo daemon status) and why not "
                    "(hpo daemon logs); then start the worker again"},
          .details = {}};
}

void WorkerLoop::take_answer() {
  const bool was_asked = answer_by_ != never;
  const Transport::Progress progress = transport_.go_on();
  if (progress == Transport::Progress::answered) {
    answer_by_ = never;
    return handle(transport_.take_reply());
  }
  if (progress == Transport::Progress::broken && was_asked) {
    lose(unheard(transport_.why_broken()));
  }
}

void WorkerLoop::handle(const HttpReply& reply) {
  if (reply.status < 200 || reply.status > 299) return refuse(reply);
  const auto read = reply_from_json(reply.body);
  if (!read) return give_up(failure_of(read.error()));
  if (is_away_) note("the daemon answers again");
  is_away_ = false;
  answered_at_ = now();
  tell_ignored(*read);
  book_.answered(*read, now());
}

// Once: the next steps will be like it. What was told of a lease that had ended may yet be kept.
void WorkerLoop::tell_ignored(const Reply& reply) {
  const auto step = std::ranges::find_if(reply.ignored, [&](const IgnoredStep& each) {
    return std::ranges::count(reply.dropped, each.key, &StopWish::key) == 0;
  });
  if (step == reply.ignored.end() || std::exchange(has_told_ignored_, true)) return;
  note("step " + std::to_string(step->step) + " of trial " + std::to_string(step->key.trial) +
       " is not kept: " + step->reason + "; others like it are not told");
}

void WorkerLoop::refuse(const HttpReply& reply) {
  const auto parsed = json::parse(reply.body, {});
  Failure failure = failure_of_problem(reply.status, parsed.root, plan_.remote);
  if (failure.exit_code == ExitCode::temporary || reply.status >= 500) return lose(failure);
  const bool is_final = failure.exit_code == ExitCode::not_found ||
                        failure.exit_code == ExitCode::conflict ||
                        failure.exit_code == ExitCode::authentication;
  if (is_final || !book_.refused()) return give_up(std::move(failure));
  note("the daemon refuses these steps, so they are left out: " + failure.error.what);
}

// Trainings go on; results wait here, and in exit.json.
void WorkerLoop::lose(const Failure& failure) {
  answer_by_ = never;
  if (end_by_ != never) end_by_ = now();  // nobody listens to its last words
  book_.unanswered(now(), jitter());
  const Instant silence = now() - answered_at_;
  const bool is_due = silence > std::min<Instant>(plan_.patience, book_.lease() / 2);
  if (is_due && transport_.turn()) {  // in time for what it holds
    answered_at_ = now();
    return;
  }
  if (silence > plan_.patience) return give_up(failure);
  if (!std::exchange(is_away_, true)) {
    note(failure.error.what + "; trainings go on, and it is asked again for " +
         duration_text(static_cast<double>(plan_.patience.count())));
  }
}

void WorkerLoop::give_up(Failure failure) {
  if (attempts_.count() > 0) note("trainings are told to end: " + failure.error.what);
  failure_ = std::move(failure);
  book_.study_is_gone();
}

}  // namespace hpo::cli::worker
