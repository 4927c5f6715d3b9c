// Ask numbers make late answers harmless: whatever drops a batch raises the number.
//
// What comes back from the compute pool is checked before it becomes an entry. Engine strand; only
// reading a history and the strategy itself are on the compute pool.
#include "daemon/loop/asks.hpp"

#include <utility>

namespace hpo::loop {
namespace {

// A strategy that misbehaves is an error of its study alone: the others go on.
Result<void> check(const SearchSpace& space, const Suggestion& asked, const Proposals& answer) {
  const Error wrong{ErrorCode::internal, "", "strategy '" + asked.strategy + "'",
                    "choose another \"strategy\", or report a bug of this one"};
  Error error = wrong;
  if (answer.proposals.size() > static_cast<std::size_t>(asked.count)) {
    error.what = "it proposed more trials than it was asked for";
    return error;
  }
  for (std::size_t i = 0; i < answer.proposals.size(); ++i) {
    const Proposal& proposal = answer.proposals[i];
    if (proposal.number != asked.first_number + static_cast<int>(i)) {
      error.what = "it proposed trial " + std::to_string(proposal.number) + " out of turn";
      return error;
    }
    if (!space.contains(proposal.values)) {
      error.what = "its params for trial " + std::to_string(proposal.number) +
                   " lie outside the space";
      return error;
    }
  }
  return {};
}

Error threw(std::string_view strategy, const std::string& what) {
  return {ErrorCode::internal, "it threw: " + what, "strategy '" + std::string(strategy) + "'",
          "report a bug of this strategy"};
}

// What a strategy throws (of Eigen, bad_alloc, anything) ends here, whatever its type.
template <class Call>
auto guarded(std::string_view strategy, Call call) -> decltype(call()) {
  try {
    return call();
  } catch (const std::exception& e) {
    return threw(strategy, e.what());
  } catch (...) {
    return threw(strategy, "something that is no std::exception");
  }
}

}  // namespace

void Asks::ask(StudyLoop& loop, const engine::Ask& wanted) {
  if (loop.is_asking || !loop.ready.empty()) return;
  if (loop.waits_at == loop.study.progress.finished()) return;  // nothing new for it to learn from
  if (!loop.history) return read_history(loop);
  put_question(loop, wanted);
}

void Asks::read_history(StudyLoop& loop) {
  loop.is_asking = true;
  loop.is_reading = true;
  loop.news.clear();  // of a reading that was dropped: this one covers it
  const std::uint64_t number = ++loop.ask_number;
  const std::int64_t study = loop.id();
  const std::int64_t limit = ledger_.history_seq();
  threads_.compute([this, study, number, limit, space = loop.spec().space] {
    auto reader = readers_();
    auto history = reader ? (*reader)->history(study, space, limit)
                          : Result<History>(reader.error());
    threads_.engine([this, study, number, history = std::move(history)]() mutable {
      history_read(study, number, std::move(history));
    });
  });
}

void Asks::history_read(std::int64_t study, std::uint64_t number, Result<History> history) {
  StudyLoop* loop = ledger_.get(study);
  if (!loop || loop->ask_number != number) return;  // dropped meanwhile: the plan asks again
  loop->is_asking = false;
  loop->is_reading = false;
  if (!history) return pause(study, StudyReason::strategy_error, history.error().what);
  loop->history = std::make_shared<History>(std::move(*history));
  for (const StudyLoop::News& news : std::exchange(loop->news, {})) {
    loop->history->append(news.trial, news.values);
  }
  ledger_.touch(study);
  commits_.wake();
}

Result<void> Asks::make_strategy(StudyLoop& loop) {
  if (loop.strategy) return {};
  auto entry = strategies_(loop.spec());
  if (!entry) return entry.error();
  auto strategy = guarded(entry->name, [&] { return entry->make(loop.spec()); });
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

void Asks::put_question(StudyLoop& loop, const engine::Ask& wanted) {
  if (auto made = make_strategy(loop); !made) {
    return pause(loop.id(), StudyReason::strategy_error, made.error().what);
  }
  loop.is_asking = true;
  const std::uint64_t number = ++loop.ask_number;
  History history = snapshot(loop);
  const Suggestion asked{.strategy = std::string(loop.entry.name), .version = loop.entry.version,
                         .build = config_.build_id, .history_seq = history.history_seq(),
                         .first_number = wanted.first_number, .count = wanted.count};
  auto question = [this, study = loop.id(), number, asked, strategy = loop.strategy,
                   history = std::move(history)] {
    auto answer = guarded(asked.strategy, [&] {
      return strategy->ask(history, asked.first_number, asked.count);
    });
    threads_.engine([this, study, number, asked, answer = std::move(answer)]() mutable {
      answered(study, number, asked, std::move(answer));
    });
  };
  if (loop.entry.pace == Pace::elsewhere) return threads_.elsewhere(std::move(question));
  threads_.compute(std::move(question));
  watch(loop.id(), number);
}

void Asks::answered(std::int64_t study, std::uint64_t number, const Suggestion& asked,
                    Result<Proposals> answer) {
  StudyLoop* loop = ledger_.get(study);
  if (!loop || loop->ask_number != number) return;
  loop->is_asking = false;
  auto checked = answer ? check(loop->spec().space, asked, *answer)
                        : Result<void>(answer.error());
  if (!checked) return pause(study, StudyReason::strategy_error, checked.error().what);
  commits_.enter({.change = [this, study, number, asked, a = std::move(*answer)] {
    StudyLoop* still = ledger_.get(study);
    if (!still || still->ask_number != number) return Result<void>();
    return take(*still, asked, a);
  }});
}

Result<void> Asks::take(StudyLoop& loop, const Suggestion& asked, const Proposals& answer) {
  ledger_.touch(loop.id());
  loop.suggestion = asked;
  if (answer.proposals.empty() && answer.exhausted && loop.is_running()) {
    return ledger_.record(loop, SpaceExhausted{});
  }
  if (answer.proposals.empty()) loop.waits_at = loop.study.progress.finished();
  loop.ready.assign(answer.proposals.begin(), answer.proposals.end());
  return {};
}

// A strategy cannot be stopped from outside, but its study need not look alive meanwhile.
void Asks::watch(std::int64_t study, std::uint64_t number) {
  threads_.after(config_.strategy_limit, [this, study, number] {
    StudyLoop* loop = ledger_.get(study);
    if (!loop || loop->ask_number != number || !loop->is_asking) return;
    const auto limit_s = std::chrono::duration_cast<std::chrono::seconds>(config_.strategy_limit);
    drop_proposals(*loop);
    loop->strategy.reset();  // the slow one may still be at work on its own copy
    pause(study, StudyReason::strategy_slow,
          "the strategy did not answer within " + std::to_string(limit_s.count()) + " s");
  });
}

void Asks::pause(std::int64_t study, StudyReason reason, std::string detail) {
  commits_.enter({.change = [this, study, reason, detail = std::move(detail)] {
    StudyLoop* loop = ledger_.get(study);
    if (!loop || !loop->is_running()) return Result<void>();
    return ledger_.record(*loop, StudyPaused{reason, detail});
  }});
}

}  // namespace hpo::loop
