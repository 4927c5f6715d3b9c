// See left_steps.hpp.
#include "daemon/loop/left_steps.hpp"

#include <utility>

#include "daemon/loop/job_request.hpp"
#include "executors/attempt_directory.hpp"

namespace hpo::loop {
namespace {

// nullptr: the attempt does not hold its trial any more.
const engine::LiveTrial* find_held(StudyLoop* loop, int trial, std::int64_t fence) {
  if (!loop || !loop->study.running.contains(trial)) return nullptr;
  const engine::LiveTrial& live = loop->study.open.at(trial);
  return live.trial.lease.is_held_under(fence) ? &live : nullptr;
}

}  // namespace

void LeftSteps::tell(const StudyLoop& loop, int trial, Work then) {
  const engine::LiveTrial& live = loop.study.open.at(trial);
  const Attempt& attempt = *live.attempt;
  wishes_.push_back({.study = loop.id(), .trial = trial, .fence = live.trial.lease.fence,
                     .job = {.name = attempt.job,
                             .directory = attempt_directory(config_, loop.spec(), attempt),
                             .native_id = {},
                             .identity = attempt_identity(store_.installation(), loop.study,
                                                          attempt)},
                     .then = std::move(then)});
  if (is_stuck_) give_up();
  else if (!is_reading_) read_next();
}

void LeftSteps::read_next() {
  if (wishes_.empty()) return;
  is_reading_ = true;
  threads_.executor("metrics files", [this, job = wishes_.front().job, number = ++reading_] {
    auto steps = left_steps(job);
    threads_.engine([this, number, steps = std::move(steps)]() mutable {
      is_stuck_ = false;
      if (is_reading_ && number == reading_) read(std::move(steps));
    });
  });
  threads_.after(patience, [this, number = reading_] {
    if (!is_reading_ || number != reading_) return;
    is_stuck_ = true;
    is_reading_ = false;
    give_up();
  });
}

void LeftSteps::give_up() {
  for (const Wish& wish : std::exchange(wishes_, {})) wish.then();
}

// The next file only when these are on the disk: memory holds the steps of one.
void LeftSteps::read(std::vector<StepTold> steps) {
  ++reading_;  // it has come back in time
  const Wish wish = std::move(wishes_.front());
  wishes_.pop_front();
  const auto go_on = [this, then = wish.then](const Result<void>&) {
    then();
    is_reading_ = false;
    read_next();
  };
  if (steps.empty()) return go_on({});
  commits_.enter({.change = [this, wish, steps = std::move(steps)] { return keep(wish, steps); },
                  .settled = go_on});
}

Result<void> LeftSteps::keep(const Wish& wish, const std::vector<StepTold>& steps) {
  for (const StepTold& step : steps) {
    StudyLoop* loop = ledger_.get(wish.study);
    const engine::LiveTrial* live = find_held(loop, wish.trial, wish.fence);
    if (!live) return {};
    if (auto heard = reports_.tell(*loop, *live, step); !heard) return heard.error();
  }
  return {};
}

}  // namespace hpo::loop
