// A question has a number, and whatever drops a batch stops awaiting it: late answers are harmless.
//
// The object is never asked two things at once: a void question is under way until it returns. What
// comes back from other threads is checked before it becomes an entry. Engine strand; only reading
// a history and the strategy itself are elsewhere.
#include "daemon/loop/asks.hpp"

#include <algorithm>
#include <utility>

namespace hpo::loop {
namespace {

constexpr int ready_ahead = 64;  // proposals that know no result: a question for as many trials

}  // namespace

void Asks::ask(StudyLoop& loop, const engine::Ask& wanted) {
  set_deadline(loop);
  if (loop.question.is_under_way || loop.question.is_awaited) return;
  if (!loop.ready.empty() && !loop.is_outdated()) return;
  if (loop.waits_at == loop.study.progress.finished()) return;  // nothing new for it to learn from
  if (!loop.history) return read_history(loop);
  put_question(loop, wanted);
}

void Asks::read_history(StudyLoop& loop) {
  loop.question = {.number = ++questions_, .is_under_way = true, .is_awaited = true};
  loop.is_reading = true;
  loop.news.clear();  // of a reading that was dropped: this one covers it
  loop.rung_news.clear();
  const std::uint64_t number = loop.question.number;
  const std::int64_t study = loop.id();
  const std::int64_t limit = ledger_.history_seq();
  const auto entry = strategies_(loop.spec());  // an error of its own comes up when it is made
  loop.rungs = entry ? rungs_of(*entry, loop.spec()) : std::vector<std::int64_t>();
  threads_.compute([this, study, number, limit, space = loop.spec().space, rungs = loop.rungs] {
    auto history = read(study, space, rungs, limit);
    threads_.engine([this, study, number, history = std::move(history)]() mutable {
      history_read(study, number, std::move(history));
    });
  });
}

// On a compute thread, with a reader of its own.
Result<History> Asks::read(std::int64_t study, const SearchSpace& space,
                           const std::vector<std::int64_t>& rungs, std::int64_t limit) const {
  auto reader = readers_();
  if (!reader) return reader.error();
  auto history = (*reader)->history(study, space, limit);
  if (!history || rungs.empty()) return history;
  auto added = (*reader)->add_rungs(study, rungs, limit, *history);
  return added ? std::move(history) : Result<History>(added.error());
}

void Asks::history_read(std::int64_t study, std::uint64_t number, Result<History> history) {
  StudyLoop* loop = ledger_.get(study);
  if (!loop || loop->question.number != number) return;
  const bool is_whole = loop->is_reading;  // else the batch that it was to know was undone
  loop->question.is_under_way = loop->question.is_awaited = false;
  loop->is_reading = false;
  if (is_whole && !history) return pause(study, StudyReason::strategy_error, history.error().what);
  if (is_whole) {
    loop->history = std::make_shared<History>(std::move(*history));
    for (const StudyLoop::News& news : std::exchange(loop->news, {})) {
      loop->history->append(news.trial, news.values);
    }
    for (const RungValue& news : std::exchange(loop->rung_news, {})) loop->history->append(news);
    std::ranges::fill(loop->wait.since_ns, threads_.monotonic_ns());
    ++loop->wait.number;  // the deadlines begin
  }
  ledger_.touch(study);
  commits_.wake();
}

Result<void> Asks::make_strategy(StudyLoop& loop) {
  if (loop.strategy) return {};
  auto entry = strategies_(loop.spec());
  if (!entry) return entry.error();
  auto strategy = make_guarded(*entry, loop.spec());
  if (!strategy) return strategy.error();
  loop.entry = *entry;
  loop.strategy = shared(*std::move(strategy), loop.entry.pace);
  return {};
}

// A program's end may take a while: of its strategy not even that is left to the engine strand.
std::shared_ptr<Strategy> Asks::shared(std::unique_ptr<Strategy> strategy, Pace pace) {
  if (pace != Pace::elsewhere) return strategy;
  return {strategy.release(), [&threads = threads_](Strategy* old) {
    threads.elsewhere([owned = std::shared_ptr<Strategy>(old)] {});
  }};
}

// So many that the answer should come within half of the deadline.
int Asks::batch_of(const StudyLoop& loop, const engine::Ask& ask) const {
  const engine::Study& study = loop.study;
  const int left = study.trials_total() - study.progress.created;
  const int ahead = loop.entry.pace == Pace::instant ? std::min(ready_ahead, left) : 0;
  const int wanted = std::max(ask.count, ahead);
  if (loop.took_ns == 0) return wanted;
  const std::int64_t fit = config_.ask_deadline.count() / 2 / loop.took_ns;
  return static_cast<int>(std::clamp<std::int64_t>(fit, 1, wanted));
}

void Asks::put_question(StudyLoop& loop, const engine::Ask& wanted) {
  if (auto made = make_strategy(loop); !made) {
    return pause(loop.id(), StudyReason::strategy_error, made.error().what);
  }
  const int finished = loop.study.progress.finished();
  loop.question = {.number = ++questions_, .is_under_way = true, .is_awaited = true,
                   .count = batch_of(loop, wanted), .finished = finished};
  History history = snapshot(loop);
  set_model(loop, config_.fit_beside_least, history);
  Asked asked{.study = loop.id(), .number = loop.question.number, .finished = finished};
  asked.suggestion = {.strategy = std::string(loop.entry.name), .version = loop.entry.version,
                      .build = config_.build_id, .history_seq = history.seen_seq(),
                      .model_seq = history.model_seq(),
                      .first_number = wanted.first_number, .count = loop.question.count};
  Work work = [this, asked, strategy = loop.strategy, fits = loop.fits,
               history = std::move(history)]() mutable {
    if (fits) strategy->take(fits);
    carry_out(asked, *strategy, history, threads_);
    threads_.engine([this, asked = std::move(asked)]() mutable { answered(std::move(asked)); });
  };
  Work begins = [this, study = loop.id(), number = loop.question.number] { watch(study, number); };
  switch (loop.entry.pace) {
    case Pace::computing: return threads_.strategy(std::move(work), std::move(begins));
    case Pace::elsewhere: return threads_.elsewhere(std::move(work));  // it has a limit of its own
    case Pace::instant: break;
  }
  begins();
  threads_.at_once(std::move(work));
}

void Asks::answered(Asked asked) {
  StudyLoop* loop = ledger_.get(asked.study);
  if (!loop || loop->question.number != asked.number || !loop->question.is_under_way) return;
  loop->question.is_under_way = false;
  board_.took(loop->spec().name, asked.took_ns);
  loop->used_ns = threads_.monotonic_ns();
  loop->model_bytes = asked.kept_bytes;
  keep_within_memory(*loop);
  if (asked.suggestion.model_seq == 0) loop->model_seq = asked.suggestion.history_seq;
  if (asked.answer && asked.is_fit_due) fit(*loop);
  auto checked = asked.answer ? check(loop->spec().space, asked)
                              : Result<void>(asked.answer.error());
  if (!checked) {
    loop->question.is_awaited = false;
    return pause(asked.study, StudyReason::strategy_error, checked.error().what);
  }
  const auto proposals = static_cast<std::int64_t>(asked.answer->proposals.size());
  loop->took_ns = asked.took_ns / std::max<std::int64_t>(proposals, 1);
  if (!loop->question.is_awaited) {  // void: the plan asks again
    ledger_.touch(asked.study);
    return commits_.wake();
  }
  commits_.enter({.change = [this, asked = std::move(asked)] {
    StudyLoop* still = ledger_.get(asked.study);
    if (!still || still->question.number != asked.number || !still->question.is_awaited) {
      return Result<void>();
    }
    return take(*still, asked);
  }});
}

// Proposals for numbers that others took meanwhile are void.
Result<void> Asks::take(StudyLoop& loop, const Asked& asked) {
  ledger_.touch(loop.id());
  loop.question.is_awaited = false;
  const Proposals& answer = *asked.answer;
  if (asked.suggestion.first_number != loop.study.progress.created) return {};
  if (answer.proposals.empty() && answer.exhausted && loop.is_running()) {
    return ledger_.record(loop, SpaceExhausted{});
  }
  if (answer.proposals.empty()) loop.waits_at = asked.finished;
  loop.suggestion = asked.suggestion;
  loop.ready_finished = asked.finished;
  loop.ready.assign(answer.proposals.begin(), answer.proposals.end());
  return {};
}

// A strategy cannot be stopped from outside, but its study need not look alive meanwhile. The time
// that it waits for others' is not its own: it counts from its turn on.
void Asks::watch(std::int64_t study, std::uint64_t number) {
  threads_.after(config_.strategy_limit, [this, study, number] {
    StudyLoop* loop = ledger_.get(study);
    if (!loop || loop->question.number != number || !loop->question.is_under_way) return;
    const auto limit_s = std::chrono::duration_cast<std::chrono::seconds>(config_.strategy_limit);
    if (loop->entry.pace == Pace::computing) threads_.strategy_is_stuck();
    loop->question.is_under_way = false;
    drop_proposals(*loop);
    loop->strategy.reset();  // the slow one may still be at work on its own copy
    pause(study, StudyReason::strategy_slow,
          "the strategy did not answer within " + std::to_string(limit_s.count()) + " s");
  });
}

// The estimates are the strategies' own. The one that just answered stays in any case.
void Asks::keep_within_memory(const StudyLoop& in_use) {
  for (;;) {
    std::uint64_t sum = 0;
    StudyLoop* oldest = nullptr;
    for (const auto& [id, loop] : ledger_.studies()) {
      if (!loop->strategy) continue;
      sum += loop->model_bytes;
      const bool is_free = loop.get() != &in_use && !loop->question.is_under_way;
      if (is_free && (!oldest || loop->used_ns < oldest->used_ns)) oldest = loop.get();
    }
    if (sum <= config_.model_bytes_max || !oldest) return;
    oldest->strategy.reset();
    oldest->model_bytes = 0;
  }
}

void Asks::pause(std::int64_t study, StudyReason reason, std::string detail) {
  commits_.enter({.change = [this, study, reason, detail = std::move(detail)] {
    StudyLoop* loop = ledger_.get(study);
    if (!loop || !loop->is_running()) return Result<void>();
    return ledger_.record(*loop, StudyPaused{reason, detail});
  }});
}

}  // namespace hpo::loop
