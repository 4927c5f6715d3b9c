// Small steps on one study's memory, shared by asks, ledger and dispatcher. Engine strand.
#include "daemon/loop/study_loop.hpp"

#include <set>

#include "schema/rungs.hpp"

namespace hpo::loop {

void drop_proposals(StudyLoop& loop) {
  loop.ready.clear();
  loop.question.is_awaited = false;
  loop.waits_at = -1;
  ++loop.wait.number;
}

std::int64_t slot_ns_per_trial(const engine::Study& study) {
  const int finished = study.progress.finished();
  return finished == 0 ? 0 : study.progress.spent_ns / finished * study.spec->slots();
}

void learn(StudyLoop& loop, const Trial& trial) {
  const FinishedTrial finished{.number = trial.number, .state = trial.state,
                               .origin = trial.origin, .value = trial.value.value_or(0.0),
                               .history_seq = trial.history_seq};
  if (loop.history) {
    loop.history->append(finished, trial.values);
  } else if (loop.is_reading) {
    loop.news.push_back({finished, trial.values});
  }
}

void learn(StudyLoop& loop, std::int64_t last_step, const Report& report) {
  if (loop.rungs.empty()) return;
  for (const RungValue& value : values_at_rungs(loop.rungs, last_step, report)) {
    if (loop.history) loop.history->append(value);
    else if (loop.is_reading) loop.rung_news.push_back(value);
  }
}

History snapshot(const StudyLoop& loop) {
  History history = *loop.history;
  std::vector<OpenTrial> open;
  open.reserve(loop.study.open.size());
  for (const auto& [number, live] : loop.study.open) open.push_back({number, live.trial.values});
  history.set_open(std::move(open));
  return history;
}

int free_slot(const engine::Study& study) {
  std::set<int> taken;
  for (const int number : study.running) {
    const auto& attempt = study.open.at(number).attempt;
    if (attempt) taken.insert(attempt->slot);
  }
  int slot = 0;
  while (taken.contains(slot)) ++slot;
  return slot;
}

}  // namespace hpo::loop
