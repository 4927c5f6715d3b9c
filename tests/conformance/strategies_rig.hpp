// Spaces, histories and checks that every strategy of the house meets; for the conformance tests.
#pragma once

#include <catch2/catch.hpp>
#include <memory>
#include <string>
#include <vector>

#include "strategies/strategy.hpp"
#include "tests/strategies/spaces.hpp"

namespace hpo {

constexpr int batch = 8;

struct NamedSpace {
  std::string name{};
  SearchSpace space{};
};
const std::vector<NamedSpace>& spaces();

// A history with everything that may happen to a trial, on values that the strategy proposed.
// Values tie, are constant, or reach the ends of what a double holds.
History mixed_history(Strategy& strategy, const SearchSpace& space, int trials);

// Of the entry; fails the test where it cannot be made.
std::unique_ptr<Strategy> make(const StrategyEntry& entry, const StudySpec& spec);

// A grid is finite by itself, and a float has no grid.
bool is_grid(const StrategyEntry& entry);
bool has_grid(const SearchSpace& space);

void check_answer(const Result<Proposals>& answer, const StudySpec& spec, int first, int count);

// check(entry, spec) for each strategy on each space that it can search.
template <class Check>
void for_every_pair(Noise noise, Check check) {
  for (const StrategyEntry& entry : strategies()) {
    for (const NamedSpace& named : spaces()) {
      if (is_grid(entry) && !has_grid(named.space)) continue;
      INFO("strategy " << entry.name << ", space: " << named.name);
      StudySpec spec = study_of(named.space, noise);
      spec.strategy.type = entry.name;
      check(entry, spec);
    }
  }
}

}  // namespace hpo
