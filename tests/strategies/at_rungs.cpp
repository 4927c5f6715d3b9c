// See at_rungs.hpp.
#include "tests/strategies/at_rungs.hpp"

#include <cmath>
#include <vector>

#include "strategies/strategy.hpp"

namespace hpo {

StudySpec study_at_rungs(const char* strategy) {
  StudySpec spec = study_of(space_of_domains({FloatDomain{}}));
  spec.strategy.type = strategy;
  return spec;
}

int near(const StudySpec& spec, const History& history, double x) {
  const auto strategy = *make_strategy(spec);
  int found = 0;
  for (int number = 1000; number < 1000 + asked; ++number) {
    const auto answer = strategy->ask(history, number, 1);
    found += std::abs(std::get<double>(answer->proposals[0].values[0]) - x) < 0.15 ? 1 : 0;
  }
  return found;
}

bool is_sobol(const StudySpec& spec, const History& history, int number) {
  const auto own = (*make_strategy(spec))->ask(history, number, 1);
  const auto other = (*make_strategy(with_strategy(spec, "sobol")))->ask(history, number, 1);
  return own->proposals == other->proposals;
}

double place(int i) { return std::fmod(0.618034 * i, 1.0); }

HistoryBuilder crossing(int at_first, int at_second, int at_end) {
  HistoryBuilder builder(1);
  const int count = at_first + at_second + at_end;
  for (int i = 0; i < count; ++i) {
    const double x = place(i);
    const bool is_whole = i >= at_first + at_second;
    builder.tell(i, 0, std::abs(x - 0.2));
    if (i >= at_first) builder.tell(i, 1, 100 + std::abs(x - 0.5));
    builder.add(i, {x}, is_whole ? TrialState::completed : TrialState::pruned,
                is_whole ? 1000 + std::abs(x - 0.8) : 0.0);
  }
  return builder;
}

HistoryBuilder all_open(int count) {
  HistoryBuilder builder(1);
  std::vector<OpenTrial> open;
  for (int i = 0; i < count; ++i) {
    builder.tell(i, 0, std::abs(place(i) - 0.2));
    open.push_back({i, {place(i)}});
  }
  builder.history().set_open(open);
  return builder;
}

bool is_one_by_one(const StudySpec& spec, HistoryBuilder builder, int first_number, int count) {
  const auto batch = (*make_strategy(spec))->ask(builder.history(), first_number, count);
  if (batch->proposals.size() != static_cast<std::size_t>(count)) return false;
  const auto single = *make_strategy(spec);
  std::vector<OpenTrial> open;
  for (const Proposal& each : batch->proposals) {
    builder.history().set_open(open);
    if (single->ask(builder.history(), each.number, 1)->proposals[0] != each) return false;
    open.push_back({each.number, each.values});
  }
  return true;
}

}  // namespace hpo
