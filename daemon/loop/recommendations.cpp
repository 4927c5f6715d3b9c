// A model that fails recommends nothing, and its study goes on: it must not keep it from its end.
#include "daemon/loop/recommendations.hpp"

#include <utility>

namespace hpo::loop {
namespace {

// What a library throws ends here, whatever its type.
std::optional<Recommendation> ask(Recommender& recommender, const Result<History>& history) {
  if (!history) return std::nullopt;
  try {
    return recommender.recommend(*history);
  } catch (...) {
    return std::nullopt;
  }
}

}  // namespace

void Recommendations::recommend(StudyLoop& loop, const engine::Recommend& wanted) {
  if (loop.is_recommending) return;
  loop.is_recommending = true;
  if (!loop.recommender) loop.recommender = make_recommender(loop.spec());
  auto known = loop.history ? std::optional(*loop.history) : std::nullopt;
  threads_.compute([this, study = loop.id(), finished = wanted.finished,
                    recommender = loop.recommender, known = std::move(known),
                    space = loop.spec().space, limit = ledger_.history_seq()] {
    const auto read = [&]() -> Result<History> {
      auto reader = readers_();
      return reader ? (*reader)->history(study, space, limit) : Result<History>(reader.error());
    };
    const auto found = ask(*recommender, known ? Result<History>(*known) : read());
    threads_.engine([this, study, finished, found] { computed(study, finished, found); });
  });
}

void Recommendations::computed(std::int64_t study, int finished,
                               const std::optional<Recommendation>& found) {
  commits_.enter({.change = [this, study, finished, found] {
    StudyLoop* loop = ledger_.get(study);
    if (!loop) return Result<void>();
    loop->is_recommending = false;
    ledger_.touch(study);
    const bool is_news = finished > loop->study.progress.recommended_at;
    if (!loop->is_running() || !is_news) return Result<void>();
    TrialRecommended event{.trial = {}, .value = 0.0, .finished = finished};
    if (found) event = {found->trial, found->value, finished};
    return ledger_.record(*loop, event);
  }});
}

}  // namespace hpo::loop
