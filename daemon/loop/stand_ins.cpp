// Of Asks: what a free slot gets when the strategy is late. Engine strand, but for the stand-in's
// own work.
//
// A wait has a number, too: if the strategy answers while the stand-in is at work, the wait is over
// and the stand-in's answer is void.
#include <algorithm>
#include <utility>

#include "daemon/loop/asks.hpp"

namespace hpo::loop {

void Asks::set_deadline(StudyLoop& loop) {
  if (loop.wait.since_ns.empty() || loop.wait.timed == loop.wait.number) return;
  if (loop.strategy && loop.entry.pace == Pace::instant) return;
  loop.wait.timed = loop.wait.number;
  const auto waited = std::chrono::nanoseconds(threads_.monotonic_ns() -
                                               loop.wait.since_ns.front());
  threads_.after(std::max(config_.ask_deadline - waited, std::chrono::nanoseconds(0)),
                 [this, study = loop.id(), wait = loop.wait.number] {
    deadline_passed(study, wait);
  });
}

void Asks::deadline_passed(std::int64_t study, std::uint64_t wait) {
  StudyLoop* loop = ledger_.get(study);
  if (!loop || loop->wait.since_ns.empty() || loop->wait.number != wait || !loop->history) return;
  if (!loop->ready.empty()) {
    loop->wait.takes_outdated = true;
    ledger_.touch(study);
    return commits_.wake();
  }
  for (const engine::Action& action : engine::plan(loop->study)) {
    if (const auto* wanted = std::get_if<engine::Ask>(&action)) let_stand_in(*loop, *wanted);
  }
}

// For all slots that wait, though most have waited for less: else the deadline of the next of them
// would void the strategy's answer again, and where trials are shorter than its work, every one.
//
// A user's own program is waited for: it takes longer than any deadline of ours, and was asked for.
void Asks::let_stand_in(StudyLoop& loop, const engine::Ask& wanted) {
  if (loop.is_standing_in || !loop.strategy || loop.entry.pace != Pace::computing) return;
  const StudySpec spec = with_strategy(loop.spec(), stand_in_strategy);
  const auto entry = find_strategy(spec);
  if (!entry) return;
  if (!loop.stand_in) {
    auto made = entry->make(spec);
    if (!made) return;  // the strategy itself is waited for
    loop.stand_in = *std::move(made);
  }
  loop.is_standing_in = true;
  History history = snapshot(loop);
  Asked asked{.study = loop.id(), .number = loop.wait.number,
              .finished = loop.study.progress.finished()};
  asked.suggestion = {.strategy = std::string(entry->name),
                      .instead_of = std::string(loop.entry.name),
                      .deadline_ms = config_.ask_deadline / 1ms, .version = entry->version,
                      .build = config_.build_id, .history_seq = history.seen_seq(),
                      .first_number = wanted.first_number,
                      .count = wanted.count};
  threads_.at_once([this, asked, strategy = loop.stand_in, history = std::move(history)]() mutable {
    carry_out(asked, *strategy, history, threads_);
    threads_.engine([this, asked = std::move(asked)]() mutable { stood_in(std::move(asked)); });
  });
}

// Where the stand-in has nothing to offer, the strategy is waited for.
void Asks::stood_in(Asked asked) {
  StudyLoop* loop = ledger_.get(asked.study);
  if (!loop) return;
  loop->is_standing_in = false;
  if (!asked.answer || asked.answer->proposals.empty()) return;
  commits_.enter({.change = [this, asked = std::move(asked)] {
    StudyLoop* still = ledger_.get(asked.study);
    if (!still) return Result<void>();
    const bool waits = still->wait.number == asked.number && !still->wait.since_ns.empty();
    if (waits) return take(*still, asked);
    still->wait.timed = 0;  // its deadline may have passed while this was at work: a new one
    ledger_.touch(asked.study);
    return Result<void>();
  }});
}

}  // namespace hpo::loop
