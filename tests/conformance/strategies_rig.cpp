// See strategies_rig.hpp.
#include "tests/conformance/strategies_rig.hpp"

#include <cmath>

#include "strategies/domain_values.hpp"

namespace hpo {
namespace {

std::vector<Domain> one_of_each() {
  return {FloatDomain{.low = -1.0, .high = 1.0},
          FloatDomain{.low = 1e-6, .high = 1.0, .scale = Scale::log},
          FloatDomain{.low = 0.0, .high = 0.9, .step = 0.3}, IntDomain{.low = -5, .high = 5},
          IntDomain{.low = 1, .high = 4096, .scale = Scale::log},
          IntDomain{.low = 0, .high = 98, .step = 7},
          choice({word_value("adam"), word_value("sgd"), integer(3), 0.5, true}),
          ordinal({16.0, 32.0, 64.0}), BoolDomain{}, FixedDomain{word_value("fixed")}};
}

}  // namespace

const std::vector<NamedSpace>& spaces() {
  constexpr std::int64_t widest = SearchSpace::int_max;
  static const std::vector<NamedSpace> all{
      {"one float", space_of_domains({FloatDomain{}})},
      {"one of each", space_of_domains(one_of_each())},
      {"512 floats", space_of_domains(std::vector<Domain>(512, FloatDomain{}))},
      {"only one value", space_of_domains({FixedDomain{1.0}, IntDomain{.low = 2, .high = 2}})},
      {"one value beside a float", space_of_domains({choice({integer(1)}), FloatDomain{}})},
      {"huge integers", space_of_domains({IntDomain{.low = -widest, .high = widest},
          IntDomain{.low = 1, .high = widest, .scale = Scale::log}})},
      {"two values", space_of_domains({BoolDomain{}})},
      {"six values", space_of_domains({BoolDomain{}, choice({integer(1), integer(2), 0.5})})},
      {"conditional", conditional_space()},
      {"six conditional values", six_conditional_values()},
      {"constrained", constrained_space({{.name = "x"}, {.name = "y"}}, {"x * x + y * y <= 0.1"})},
      {"constrained and conditional", constrained_space(conditional_space().parameters(),
          {"momentum * layers <= 1", "not (optimizer == 'lion' and units > 100)"})},
      {"a thin slice", constrained_space({{.name = "x"}, {.name = "y"}}, {"abs(x - y) < 1e-3"})},
      {"six of a hundred values", constrained_space(
          {{.name = "a", .domain = IntDomain{.low = 1, .high = 10}},
           {.name = "b", .domain = IntDomain{.low = 1, .high = 10}}}, {"a * b == 12 or a + b == 20 "
           "or a + b == 2"})},
      {"ten binary", space_of_domains(std::vector<Domain>(10, BoolDomain{}))}};
  return all;
}

History mixed_history(Strategy& strategy, const SearchSpace& space, int trials) {
  constexpr TrialState states[] = {TrialState::completed, TrialState::pruned,
      TrialState::completed, TrialState::failed, TrialState::infeasible, TrialState::cancelled};
  constexpr double values[] = {1.0, 1.0, -1e308, 1e308, 0.0, 5e-324};
  HistoryBuilder builder(space.size());
  for (int number = 0; number < trials; ++number) {
    const auto answer = strategy.ask(builder.history(), number, 1);
    if (!answer || answer->proposals.empty()) break;
    const auto i = static_cast<std::size_t>(number) % std::size(states);
    builder.tell(number, 0, values[i]);
    if (number % 2 == 0) builder.tell(number, 1, -values[i]);
    builder.add(answer->proposals[0].values, states[i],
                states[i] == TrialState::completed ? values[i] : 0.0);
  }
  return builder.history();
}

std::unique_ptr<Strategy> make(const StrategyEntry& entry, const StudySpec& spec) {
  auto strategy = entry.make(spec);
  if (!strategy) FAIL(entry.name << ": " << strategy.error().what);
  return *std::move(strategy);
}

bool is_grid(const StrategyEntry& entry) { return entry.name == "grid"; }

bool has_grid(const SearchSpace& space) {
  double count = 1.0;
  for (const Parameter& p : space.parameters()) {
    const auto* d = std::get_if<FloatDomain>(&p.domain);
    if (d != nullptr && !d->step) return false;
    count *= static_cast<double>(last_index(p.domain)) + 1.0;
  }
  return count < 1e4;
}

void check_answer(const Result<Proposals>& answer, const StudySpec& spec, int first, int count) {
  REQUIRE(answer);
  CHECK(answer->proposals.size() <= static_cast<std::size_t>(count));
  for (std::size_t i = 0; i < answer->proposals.size(); ++i) {
    CHECK(answer->proposals[i].number == first + static_cast<int>(i));
    CHECK(spec.space.contains(answer->proposals[i].values));
  }
}

}  // namespace hpo
