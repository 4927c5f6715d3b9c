// How long `tpe`, `gp` and `mobster` take for a suggestion and a model from nothing; `gp` for a fit
// and a burst with thousands open.
//
//   latency            all figures, one JSON line each; about a minute
//   latency burst      those whose name begins so
// CPU time of one thread, ten axes. `limit` is what the figure should not exceed, `floor_ms` the
// time that its floating point operations take at 20 GF/s.
#include <algorithm>
#include <cmath>
#include <cstdio>
#include <ctime>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "strategies/gp/fit.hpp"
#include "strategies/random_bits.hpp"
#include "strategies/strategy.hpp"

namespace {

using namespace hpo;

constexpr int axes = 10;
constexpr double flops_per_ms = 2e7;

double cpu_ms() {
  timespec now{};
  clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &now);
  return static_cast<double>(now.tv_sec) * 1e3 + static_cast<double>(now.tv_nsec) / 1e6;
}

double unit(int trial, int index) {
  return random_unit({.seed = 5, .trial = static_cast<std::uint64_t>(trial),
                      .index = static_cast<std::uint32_t>(index)});
}

double value_at(const Values& values) {  // a bent valley
  double sum = 0.0;
  for (int j = 0; j < axes; ++j) {
    const double x = std::get<double>(values[static_cast<std::size_t>(j)]);
    const double y = j == 0 ? 0.4 : std::get<double>(values[static_cast<std::size_t>(j - 1)]);
    sum += (x - y * y) * (x - y * y) * (1 + j);
  }
  return sum;
}

Values values_of(int trial) {
  Values values;
  for (int j = 0; j < axes; ++j) values.emplace_back(unit(trial, j));
  return values;
}

StudySpec study(const char* strategy) {
  std::vector<Parameter> parameters;
  for (int j = 0; j < axes; ++j) {
    parameters.push_back({.name = "x" + std::to_string(j), .domain = FloatDomain{}});
  }
  StudySpec spec;
  spec.space = *SearchSpace::make(parameters);
  spec.objective = {.metric = "loss", .noise = Noise::low};
  spec.fidelity = FidelitySpec{.name = "epochs", .min = 1, .max = 27};
  spec.strategy.type = strategy;
  spec.seed = 3;
  return spec;
}

History finished(int count) {
  History history(axes);
  for (int number = 0; number < count; ++number) {
    const Values values = values_of(number);
    history.append({.number = number, .value = value_at(values), .history_seq = number + 1},
                   values);
  }
  return history;
}

// As asha stops trials: each tells at the first rung, a third of them at the next, and so on.
History told_at_rungs(int count) {
  History history(axes);
  std::int64_t seq = 0;
  for (int number = 0; number < count; ++number) {
    const Values values = values_of(number);
    int rung = 0;
    for (int every = 1; every < 27 && number % every == 0; every *= 3) {
      history.append(RungValue{.trial = number, .rung = rung++,
                               .value = value_at(values) + 1.0 / every, .history_seq = ++seq});
    }
    const auto state = number % 27 == 0 ? TrialState::completed : TrialState::pruned;
    history.append({.number = number, .state = state, .value = value_at(values),
                    .history_seq = ++seq}, values);
  }
  return history;
}

bool is_wanted(std::string_view figure, int argc, char** argv) {
  return argc < 2 || figure.starts_with(argv[1]);
}

struct Limit {
  double ms = 0.0;
  double flops = 0.0;
};

void print(const char* figure, int trials, double ours, const Limit& limit) {
  std::printf("{\"figure\":\"%s\",\"n\":%d,\"ms\":%.2f,\"limit\":%g,\"floor_ms\":%.2f}\n", figure,
              trials, ours, limit.ms, limit.flops / flops_per_ms);
  std::fflush(stdout);
}

double median(std::vector<double> values) {
  std::nth_element(values.begin(), values.begin() + static_cast<std::ptrdiff_t>(values.size() / 2),
                   values.end());
  return values[values.size() / 2];
}

// The first ask makes the model from nothing; the later ones have it.
void suggest(const char* name, int trials, const Limit& limit) {
  const auto strategy = *make_strategy(study(name));
  const bool tells = std::string_view(name) == "mobster";
  const History history = tells ? told_at_rungs(trials) : finished(trials);
  double start = cpu_ms();
  if (!strategy->ask(history, trials, 1)) return;
  print((std::string(name) + " rebuild").c_str(), trials, cpu_ms() - start, {});
  std::vector<double> took;
  for (int number = trials; number < trials + 21; ++number) {
    start = cpu_ms();
    if (!strategy->ask(history, number, 1)) return;
    took.push_back(cpu_ms() - start);
  }
  print((std::string(name) + " suggest").c_str(), trials, median(took), limit);
}

// From the kernel of a sixteenth fewer trials, as between two fits of a study.
void fit(int trials, double limit_ms) {
  gp::Table coordinates(trials, axes);
  gp::Vector targets(trials);
  for (int i = 0; i < trials; ++i) {
    const Values values = values_of(i);
    for (int j = 0; j < axes; ++j) {
      coordinates(i, j) = std::get<double>(values[static_cast<std::size_t>(j)]);
    }
    targets[i] = -value_at(values);
  }
  targets.array() -= targets.mean();
  targets /= std::sqrt(targets.squaredNorm() / trials);
  const gp::Prior prior{.is_ordered = std::vector<char>(axes, 1)};
  const int fewer = trials * 15 / 16;
  const gp::Vector first = targets.head(fewer);
  const gp::Kernel before =
      gp::fitted(coordinates.topRows(fewer), first, prior, gp::usual_kernel(prior), true);
  const double start = cpu_ms();
  gp::fitted(coordinates, targets, prior, before, false);
  const double n = trials;
  print("fit", trials, cpu_ms() - start, {.ms = limit_ms, .flops = 7 * n * n * n});
}

// As many suggestions at once, or one after the other, with as many trials open.
void burst(const char* figure, int opened, int wanted, bool at_once) {
  constexpr int trials = 200;
  const auto strategy = *make_strategy(study("gp"));
  History history = finished(trials);
  if (!strategy->ask(history, trials, 1)) return;
  std::vector<OpenTrial> open;
  std::set<Values> distinct;
  for (int number = trials; number < trials + opened; ++number) {
    open.push_back({number, values_of(number)});
    distinct.insert(open.back().values);
  }
  history.set_open(open);
  const double start = cpu_ms();
  int number = trials + opened;
  const int end = number + wanted;
  while (number < end) {
    const auto answer = strategy->ask(history, number, at_once ? wanted : 1);
    if (!answer) return;
    for (const Proposal& each : answer->proposals) {
      distinct.insert(each.values);
      open.push_back({each.number, each.values});
      ++number;
    }
    history.set_open(open);
  }
  const double n = trials;
  print(figure, opened, (cpu_ms() - start) / wanted, {.ms = 15, .flops = 128 * 4 * n * n});
  std::printf("{\"figure\":\"%s, duplicates\",\"n\":%d,\"count\":%d}\n", figure, opened,
              opened + wanted - static_cast<int>(distinct.size()));
}

}  // namespace

int main(int argc, char** argv) {
  if (is_wanted("tpe", argc, argv)) {
    for (const auto& [trials, ms] : {std::pair{100, 0.5}, {1000, 2.0}, {10'000, 8.0}}) {
      suggest("tpe", trials, {.ms = ms, .flops = 64.0 * axes * 4 * trials});
    }
  }
  if (is_wanted("gp", argc, argv)) {
    for (const auto& [trials, ms] : {std::pair{100, 2.0}, {1000, 45.0}, {10'000, 30.0}}) {
      const double n = std::min(trials, 576);  // of an active set
      suggest("gp", trials, {.ms = ms, .flops = 128 * n * n + 80 * 4 * n * n});
    }
  }
  if (is_wanted("mobster", argc, argv)) {
    for (const auto& [trials, ms] : {std::pair{100, 4.0}, {650, 45.0}, {1000, 45.0}}) {
      const double n = trials < 700 ? 1.5 * trials : 576;  // its points
      suggest("mobster", trials, {.ms = ms, .flops = 128 * n * n + 80 * 4 * n * n});
    }
  }
  if (is_wanted("fit", argc, argv)) {
    for (const auto& [trials, ms] : {std::pair{100, 3.0}, {200, 12.0}, {500, 120.0},
                                     {1000, 900.0}}) {
      fit(trials, ms);
    }
  }
  if (is_wanted("burst", argc, argv)) burst("burst of 1,000", 4000, 1000, true);
  if (is_wanted("burst", argc, argv)) burst("one by one", 4000, 20, false);
}
