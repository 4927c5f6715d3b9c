// Many histories: no fault, kill or order of answers breaks an invariant; and the checker finds
// every planted bug.
#include <catch2/catch.hpp>
#include <cstdlib>
#include <iostream>

#include "tests/simulation/simulation.hpp"

using namespace hpo::sim;

namespace {

int seeds() {
  const char* wanted = std::getenv("HPO_SIM_SEEDS");
  return wanted ? std::atoi(wanted) : 1000;
}

std::string text(const std::vector<std::string>& lines) {
  std::string all;
  for (const auto& line : lines) all += line + "\n";
  return all;
}

void must_have_fired(const std::map<std::string, int>& counts) {
  for (const char* what :
       {"killed", "submit unclear, accepted", "submit unclear, not accepted",
        "submit unavailable", "submit rejected", "poll failed", "find failed", "find", "cancel",
        "outcome failed", "outcome vanished", "outcome infeasible", "outcome completed",
        "attempt becomes submitting", "attempt becomes unknown", "attempt becomes absent",
        "attempt becomes rejected", "attempt becomes running", "attempt becomes succeeded",
        "attempt becomes failed", "attempt becomes lost", "attempt becomes cancelled",
        "attempt becomes late", "outcome comes late",
        "trial becomes waiting", "trial becomes running", "trial becomes completed",
        "trial becomes infeasible", "trial becomes failed", "trial becomes cancelled",
        "failure lost", "failure rejected", "failure exit_code", "event study_paused",
        "event study_resumed", "event study_ended"}) {
    INFO("this never happened, so it was not tested: " << what);
    CHECK(counts.contains(what));
  }
}

}  // namespace

TEST_CASE("no fault, kill or order of answers breaks an invariant", "[simulation]") {
  std::map<std::string, int> counts;
  int trials = 0;
  int lives = 0;
  for (std::uint64_t seed = 1; seed <= static_cast<std::uint64_t>(seeds()); ++seed) {
    const Outcome outcome = simulate(seed, {});
    INFO("seed " << seed << "\n" << text(outcome.violations));
    REQUIRE(outcome.violations.empty());
    for (const auto& [what, count] : outcome.counts) counts[what] += count;
    trials += outcome.trials;
    lives += outcome.lives;
  }
  std::cout << seeds() << " seeds, " << lives << " lives, " << trials << " trainings\n";
  for (const auto& [what, count] : counts) std::cout << "  " << what << ": " << count << '\n';
  must_have_fired(counts);
}

TEST_CASE("the same seed gives the same history", "[simulation]") {
  const Outcome first = simulate(7, {});
  const Outcome second = simulate(7, {});
  CHECK(first.counts == second.counts);
  CHECK(first.lives == second.lives);
}

TEST_CASE("each planted bug is found within 1,000 seeds", "[simulation]") {
  const auto [name, bugs] = GENERATE(table<std::string, Bugs>({
      {"acknowledges before COMMIT", {.store = {.acknowledges_before_commit = true}}},
      {"forgets an event", {.store = {.forgets_events = true}}},
      {"counts an end twice", {.store = {.repeats_events = true}}},
      {"resubmits without search", {.executor = {.finds_nothing = true}}},
      {"skips the claim and resubmits", {.executor = {.skips_claim = true, .finds_nothing = true}}},
      {"loses its timers at a restart", {.loses_timers_at_restart = true}}}));
  std::uint64_t seed = 1;
  while (seed <= 1000 && simulate(seed, bugs).violations.empty()) ++seed;
  INFO(name);
  CHECK(seed <= 1000);
  std::cout << name << ": found with seed " << seed << '\n';
}

TEST_CASE("one seed, told at length", "[.][one]") {
  const char* wanted = std::getenv("HPO_SIM_SEED");
  const Outcome outcome = simulate(wanted ? std::strtoull(wanted, nullptr, 10) : 1, {});
  for (const auto& [what, count] : outcome.counts) std::cout << what << ": " << count << '\n';
  std::cout << outcome.lives << " lives, " << outcome.trials << " trainings\n"
            << text(outcome.violations);
}
