// See oracle.hpp.
#include "tests/strategies/pruners/oracle.hpp"

#include <algorithm>
#include <cmath>
#include <limits>
#include <tuple>

#include "strategies/random_bits.hpp"

namespace hpo::test {
namespace {

constexpr double infinity = std::numeric_limits<double>::infinity();
using Kind = PrunerEvent::Kind;

}  // namespace

double PrunerOracle::loss(double value) const {
  if (!std::isfinite(value)) return infinity;
  return spec_.objective.direction == Direction::minimize ? value : -value;
}

double PrunerOracle::option(const char* name, double otherwise) const {
  const auto found = spec_.pruner.options.find(name);
  if (found == spec_.pruner.options.end()) return otherwise;
  const auto* whole = std::get_if<std::int64_t>(&found->second);
  return whole ? static_cast<double>(*whole) : std::get<double>(found->second);
}

bool PrunerOracle::pauses() const {
  const auto found = spec_.pruner.options.find("type");
  return found != spec_.pruner.options.end() &&
         found->second == ParamValue(std::string("promotion"));
}

std::optional<TrialState> PrunerOracle::end_of(int trial) const {
  for (const Past& past : past_) {
    if (past.event.kind == Kind::finished && past.event.report.trial == trial) {
      return past.event.state;
    }
  }
  return std::nullopt;
}

std::vector<Report> PrunerOracle::reports_of(int trial) const {
  std::vector<Report> reports;
  for (const Past& past : past_) {
    if (past.counts && past.event.report.trial == trial) reports.push_back(past.event.report);
  }
  return reports;
}

Verdict PrunerOracle::standing(int trial) const {
  Verdict verdict = Verdict::go_on;
  for (const Past& past : past_) {
    if (past.event.report.trial != trial) continue;
    if (past.event.kind == Kind::taken_up && verdict == Verdict::pause) verdict = Verdict::go_on;
    if (past.event.kind == Kind::report && verdict == Verdict::go_on) {
      verdict = past.decision.verdict;
    }
  }
  return verdict;
}

bool PrunerOracle::is_heard(const Report& report) const {
  if (report.step < 0) return false;
  for (const Report& earlier : reports_of(report.trial)) {
    if (is_type("wilcoxon") ? earlier.step == report.step : earlier.step >= report.step) {
      return false;
    }
  }
  return true;
}

Decision PrunerOracle::tell(const PrunerEvent& event) {
  const int trial = event.report.trial;
  if (event.kind != Kind::report) {
    if (event.kind == Kind::taken_up || !end_of(trial)) past_.push_back({.event = event});
    return {};
  }
  if (end_of(trial)) return {.verdict = Verdict::stop};
  if (standing(trial) != Verdict::go_on) {
    const auto last = std::find_if(past_.rbegin(), past_.rend(), [&](const Past& past) {
      return past.event.report.trial == trial && past.decision.verdict != Verdict::go_on;
    });
    return last->decision;
  }
  if (!is_heard(event.report)) return {};
  past_.push_back({.event = event, .counts = true});
  return past_.back().decision = decide(event.report);
}

Decision PrunerOracle::decide(const Report& report) {
  if (report.step >= spec_.fidelity->max) return {};  // a whole training
  if (is_type("median") || is_type("percentile")) return percentile(report);
  if (is_type("wilcoxon")) return wilcoxon(report);
  if (!is_halving()) return {};
  past_.back().rung = rung_of(report);
  return halving(report);
}

std::vector<double> PrunerOracle::levels() const {
  std::vector<double> levels;
  const FidelitySpec& fidelity = *spec_.fidelity;
  for (int k = 0; k < 31; ++k) {
    const double level = std::round(static_cast<double>(fidelity.min) * std::pow(fidelity.eta, k));
    if (level < static_cast<double>(fidelity.max)) levels.push_back(level);
  }
  return levels;
}

int PrunerOracle::bracket_of(int trial) const {
  if (is_type("asha")) return 0;
  const FidelitySpec& fidelity = *spec_.fidelity;
  int s_max = 0;
  while (static_cast<double>(fidelity.min) * std::pow(fidelity.eta, s_max + 1) <=
         static_cast<double>(fidelity.max)) {
    ++s_max;
  }
  std::vector<double> sizes;
  for (int s = s_max; s >= 0; --s) {
    sizes.push_back(std::ceil((s_max + 1.0) / (s + 1) * std::pow(fidelity.eta, s) - 1e-9));
  }
  const auto wanted = static_cast<std::size_t>(option("brackets", 99));
  if (wanted < sizes.size()) sizes.resize(wanted);
  double total = 0.0;
  for (const double size : sizes) total += size;
  const double point = total * random_unit({.seed = spec_.seed,
                                            .trial = static_cast<std::uint64_t>(trial),
                                            .stream = Stream::bracket});
  double until = 0.0;
  for (std::size_t b = 0; b < sizes.size(); ++b) {
    until += sizes[b];
    if (point < until) return static_cast<int>(b);
  }
  return static_cast<int>(sizes.size()) - 1;
}

int PrunerOracle::rung_reached(std::int64_t step) const {
  int rung = -1;
  for (const double level : levels()) rung += static_cast<double>(step) >= level ? 1 : 0;
  return rung;
}

int PrunerOracle::rung_of(const Report& report) const {
  int before = bracket_of(report.trial) - 1;
  for (const Report& earlier : reports_of(report.trial)) {
    if (earlier.step != report.step) before = std::max(before, rung_reached(earlier.step));
  }
  const int rung = rung_reached(report.step);
  return rung > before ? rung : -1;
}

// Of n losses at a rung, those with at most (n - 1) / eta smaller ones.
bool PrunerOracle::is_among(int bracket, int rung, double value) const {
  int count = 0;
  int smaller = 0;
  for (const Past& past : past_) {
    if (past.rung != rung || bracket_of(past.event.report.trial) != bracket) continue;
    ++count;
    if (loss(past.event.report.value) < value) ++smaller;
  }
  const double eta = spec_.fidelity->eta;
  return value < infinity && !(pauses() && count < eta) && smaller * eta <= count - 1;
}

Decision PrunerOracle::halving(const Report& report) const {
  const int rung = past_.back().rung;
  if (rung < 0) return {};
  const double value = loss(report.value);
  if (is_among(bracket_of(report.trial), rung, value)) return {.rung = rung};
  const bool may_pause = pauses() && value < infinity;
  return {.verdict = may_pause ? Verdict::pause : Verdict::stop, .rung = rung};
}

std::optional<TakeUp> PrunerOracle::take_up() const {
  struct Waiting {
    int rung = 0;
    int bracket = 0;
    double loss = 0.0;
    int trial = 0;
    auto order() const { return std::make_tuple(-rung, bracket, loss, trial); }
  };
  std::optional<Waiting> best;
  for (const Past& past : past_) {
    const int trial = past.event.report.trial;
    if (past.decision.verdict != Verdict::pause || end_of(trial)) continue;
    if (standing(trial) != Verdict::pause) continue;
    const bool is_last = reports_of(trial).back().step == past.event.report.step;
    const Waiting here{.rung = past.rung, .bracket = bracket_of(trial),
                       .loss = loss(past.event.report.value), .trial = trial};
    if (!is_last || !is_among(here.bracket, here.rung, here.loss)) continue;
    if (!best || here.order() < best->order()) best = here;
  }
  if (!best) return std::nullopt;
  return TakeUp{best->trial, best->rung};
}

}  // namespace hpo::test
