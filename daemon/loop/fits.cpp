// Of Asks: fits beside the asks. Engine strand, but for the fits themselves.
//
// An object is made for each, so that none is shared between threads; it takes over the fits that
// are known and adds those that are due. It is told of open trials too: their reports are learned
// from, and say not what values they have.
#include <algorithm>
#include <utility>

#include "daemon/loop/asks.hpp"

namespace hpo::loop {

// A seq of 1 is before the second trial's end: no fit is due by then.
void set_model(const StudyLoop& loop, std::size_t beside_least, History& history) {
  const std::size_t told = history.finished_count() + history.rung_value_count();
  const bool is_beside = loop.strategy->fits_apart() && told >= beside_least;
  if (is_beside) history.set_model_seq(std::max<std::int64_t>(loop.model_seq, 1));
}

void Asks::fit(StudyLoop& loop) {
  if (loop.is_fitting || !loop.history) return;
  loop.is_fitting = true;
  using Made = Result<std::shared_ptr<const Strategy::Fits>>;
  threads_.fit([this, study = loop.id(), spec = loop.study.spec, entry = loop.entry,
                known = loop.fits, history = snapshot(loop)] {
    Made made = guarded_fit(entry, *spec, known, history);
    threads_.engine([this, study, made = std::move(made)]() mutable {
      fitted(study, std::move(made));
    });
  });
}

// If more are due by now, the next answer says so.
void Asks::fitted(std::int64_t study, Result<std::shared_ptr<const Strategy::Fits>> fits) {
  StudyLoop* loop = ledger_.get(study);
  if (!loop) return;
  loop->is_fitting = false;
  if (!fits) return pause(study, StudyReason::strategy_error, fits.error().what);
  loop->fits = *std::move(fits);
  if (loop->fits) loop->model_seq = std::max(loop->model_seq, loop->fits->history_seq);
}

}  // namespace hpo::loop
