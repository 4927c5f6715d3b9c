// Two lists that are sorted by history_seq, merged.
#include "strategies/gp/observations.hpp"

#include <algorithm>
#include <cmath>
#include <limits>
#include <optional>

namespace hpo::gp {
namespace {

using Kind = Observation::Kind;

constexpr std::int64_t never = std::numeric_limits<std::int64_t>::max();

// One report may reach several rungs: it is a value of the highest.
bool reaches_more(const History& history, std::size_t i) {
  if (i + 1 >= history.rung_value_count()) return false;
  const RungValue& next = history.rung_value(i + 1);
  const RungValue& value = history.rung_value(i);
  return next.trial == value.trial && next.history_seq == value.history_seq;
}

}  // namespace

bool Observations::is_continued_by(const History& history) const {
  if (misses_some_) return false;
  const std::size_t ends = history.finished_count();
  const std::size_t reports = rungs_ == 0 ? 0 : history.rung_value_count();
  const auto end_seq = [&](std::size_t i) { return history.finished(i).history_seq; };
  const auto report_seq = [&](std::size_t i) { return history.rung_value(i).history_seq; };
  if (ends < ends_.count || reports < reports_.count) return false;
  if (ends_.count > 0 && end_seq(ends_.count - 1) != ends_.seq) return false;
  if (reports_.count > 0 && report_seq(reports_.count - 1) != reports_.seq) return false;
  return (ends == ends_.count || end_seq(ends_.count) > reports_.seq) &&
         (reports == reports_.count || report_seq(reports_.count) > ends_.seq);
}

std::size_t Observations::events(const History& history) const {
  return history.finished_count() + (rungs_ == 0 ? 0 : history.rung_value_count());
}

std::size_t Observations::model_events(const History& history) const {
  return history.model_count() + (rungs_ == 0 ? 0 : history.model_rung_count());
}

int Observations::level_of(int trial) const {
  const auto found = levels_.find(trial);
  return found == levels_.end() ? -1 : found->second;
}

std::size_t Observations::bytes() const {
  constexpr std::size_t of_an_entry = 48;  // of a map, with what its allocation costs
  return of_an_entry * levels_.size();
}

bool Observations::read(const History& history, const Tell& tell) {
  if (!is_continued_by(history)) return false;
  const std::size_t reports = rungs_ == 0 ? 0 : history.rung_value_count();
  std::optional<TrialsByNumber> trials;
  if (reports_.count < reports) trials.emplace(history);
  while (ends_.count < history.finished_count() || reports_.count < reports) {
    const std::int64_t end_seq = ends_.count < history.finished_count()
                                     ? history.finished(ends_.count).history_seq : never;
    const std::int64_t report_seq =
        reports_.count < reports ? history.rung_value(reports_.count).history_seq : never;
    if (end_seq < report_seq) end(history, tell);
    else report(history, *trials, tell);
  }
  return true;
}

void Observations::end(const History& history, const Tell& tell) {
  const FinishedTrial& trial = history.finished(ends_.count);
  const std::span<const ParamValue> values = history.values(ends_.count);
  ends_ = {ends_.count + 1, trial.history_seq};
  Observation seen{.is_end = true, .trial = trial.number, .event = events(), .values = values};
  switch (trial.state) {
    case TrialState::completed:
      seen.value = trial.value;
      seen.level = rungs_;
      break;
    case TrialState::pruned:
      seen.kind = level_of(trial.number) >= 0 ? Kind::told : Kind::bad;
      break;
    case TrialState::failed:
    case TrialState::infeasible:
      seen.kind = Kind::none;
      break;
    default: return;  // what was cancelled says nothing
  }
  const bool tells = seen.kind == Kind::value || seen.kind == Kind::bad;
  if (rungs_ > 0 && tells) levels_[trial.number] = static_cast<int>(seen.level);
  tell(seen);
}

void Observations::report(const History& history, const TrialsByNumber& trials, const Tell& tell) {
  const std::size_t at = reports_.count;
  const RungValue& value = history.rung_value(at);
  reports_ = {at + 1, value.history_seq};
  if (reaches_more(history, at)) return;
  if (!trials.has(value.trial)) {
    misses_some_ = true;  // a longer history may have it
    return;
  }
  levels_[value.trial] = std::max(level_of(value.trial), value.rung);
  const bool is_finite = std::isfinite(value.value);
  tell({.kind = is_finite ? Kind::value : Kind::bad, .value = is_finite ? value.value : 0.0,
        .level = static_cast<std::size_t>(value.rung), .trial = value.trial, .event = events(),
        .values = trials.values(value.trial)});
}

}  // namespace hpo::gp
