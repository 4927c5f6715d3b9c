// How long every strategy of the house takes, and that it takes what is large.
#include <algorithm>
#include <catch2/catch.hpp>
#include <chrono>
#include <cstdlib>
#include <iostream>

#include "strategies/random_bits.hpp"
#include "tests/conformance/strategies_rig.hpp"

namespace hpo {
namespace {

// The address sanitiser slows large models down tenfold: they are smaller there, and not timed.
#ifdef __SANITIZE_ADDRESS__
constexpr bool is_sanitised = true;
#else
constexpr bool is_sanitised = false;
#endif

int many_trials() {
  if (std::getenv("HPO_TEST_LONG") != nullptr) return 100'000;
  return is_sanitised ? 150 : 500;
}

// Of independent draws; the value is the first coordinate.
History drawn_history(std::size_t axes, int trials) {
  HistoryBuilder builder(axes);
  for (int i = 0; i < trials; ++i) {
    Values values;
    for (std::size_t a = 0; a < axes; ++a) {
      values.emplace_back(random_unit({.trial = static_cast<std::uint64_t>(i),
                                       .index = static_cast<std::uint32_t>(a)}));
    }
    const double value = std::get<double>(values.front());
    builder.add(std::move(values), TrialState::completed, value);
  }
  return builder.history();
}

}  // namespace

TEST_CASE("very many trials and two hundred parameters are survived", "[conformance]") {
  const auto [axes, trials] =
      GENERATE(table<std::size_t, int>({{5, many_trials()}, {200, is_sanitised ? 30 : 60}}));
  const StudySpec spec = study_of(space_of_domains(std::vector<Domain>(axes, FloatDomain{})));
  const History history = drawn_history(axes, trials);
  for (const StrategyEntry& entry : strategies()) {
    if (is_grid(entry)) continue;
    INFO(entry.name << ", " << axes << " floats, " << trials << " trials");
    check_answer(make(entry, spec)->ask(history, trials, batch), spec, trials, batch);
  }
}

// For reading, not for judging: the machine decides. CPU and load differ between machines.
TEST_CASE("the time of one suggestion is printed", "[conformance]") {
  if (is_sanitised) {
    WARN("skipped: a sanitised program's times say nothing");
    return;
  }
  for (const StrategyEntry& entry : strategies()) {
    if (is_grid(entry)) continue;
    StudySpec spec = study_of(space_of_domains(std::vector<Domain>(10, FloatDomain{})));
    for (const Noise noise : {Noise::low, Noise::none}) {
      spec.objective.noise = noise;
      const auto strategy = make(entry, spec);
      const auto random = make(strategies().front(), spec);
      const History history = mixed_history(*random, spec.space, 300);
      REQUIRE(strategy->ask(history, 300, 1));  // whoever has a model makes it here
      std::vector<double> microseconds;
      for (int number = 301; number < 322; ++number) {
        const auto start = std::chrono::steady_clock::now();
        REQUIRE(strategy->ask(history, number, 1));
        const std::chrono::duration<double, std::micro> took =
            std::chrono::steady_clock::now() - start;
        microseconds.push_back(took.count());
      }
      std::nth_element(microseconds.begin(), microseconds.begin() + 10, microseconds.end());
      std::cout << "suggestion p50 strategy=" << entry.name << " noise=" << word(noise)
                << " dimension=10 history=300 us=" << microseconds[10] << "\n";
    }
  }
}

}  // namespace hpo
