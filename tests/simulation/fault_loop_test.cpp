// One fault at the first occasion, then at the second, and so on, until a history meets none:
// every place where a COMMIT, a file operation, a call of an executor or the process itself can
// fail has been tried, and after each the invariants hold. In the way of SQLite's own tests.
#include <catch2/catch.hpp>
#include <iostream>

#include "tests/simulation/coverage.hpp"
#include "tests/simulation/simulation.hpp"

using namespace hpo;
using namespace hpo::sim;

namespace {

// Of COMMITs, calls and file operations; a script has fewer submissions.
int occasions_min(Fault::Kind kind) {
  const bool is_of_submissions =
      kind >= Fault::Kind::submit_refused && kind <= Fault::Kind::job_comes_back;
  return is_of_submissions ? 40 : 100;
}

// Returns how often the fault had an occasion.
int try_everywhere(Fault::Kind kind, Counts& counts) {
  for (int at = 1;; ++at) {
    const sim::Report report = simulate(Fault{kind, at}, {});
    INFO(word(kind) << ", occasion " << at << "\n" << text(report.violations));
    REQUIRE(report.violations.empty());
    add(counts, report.counts);
    if (!report.has_fired) return at - 1;
  }
}

// At the first occasion where it shows; 0: at none.
int find(const Bugs& bugs, Fault::Kind kind, const std::string& invariant) {
  for (int at = 1;; ++at) {
    const sim::Report report = simulate(Fault{kind, at}, bugs);
    if (report.breaks(invariant)) return at;
    if (!report.has_fired) return 0;
  }
}

}  // namespace

TEST_CASE("a fault at any occasion loses nothing and repeats nothing", "[simulation]") {
  Counts counts;
  for (std::size_t i = 1; i < words<Fault::Kind>.size(); ++i) {
    const auto kind = static_cast<Fault::Kind>(i);
    const int occasions = try_everywhere(kind, counts);
    std::cout << word(kind) << ": " << occasions << " occasions" << std::endl;
    CHECK(occasions >= occasions_min(kind));
  }
  print("in all of them", counts);
  INFO("what never happened was not tested");
  CHECK(text(never_happened_by_one_fault(counts)) == "");
}

TEST_CASE("the fault loop finds each planted bug", "[simulation]") {
  using Kind = Fault::Kind;
  const auto [name, bugs, kind, invariant] = GENERATE(table<std::string, Bugs, Kind, std::string>({
      {"acknowledges before COMMIT", {.store = {.acknowledges_before_commit = true}},
       Kind::kill_before_commit, "I1:"},
      {"forgets an event", {.store = {.forgets_events = true}}, Kind::kill_after_commit, "I8:"},
      {"counts a late result twice", {.store = {.counts_late_twice = true}},
       Kind::job_comes_back, "I6:"},
      {"resubmits without search", {.executor = {.finds_nothing = true}},
       Kind::kill_after_call, "I4: attempt"},
      {"skips the claim", {.executor = {.skips_claim = true}}, Kind::submit_late, "I4: hpo"},
      {"loses its polls at a restart", {.lost_timer = LostTimer::of_polls},
       Kind::kill_before_call, "stalled:"}}));
  const int at = find(bugs, kind, invariant);
  INFO(name);
  CHECK(at > 0);
  std::cout << name << ": found by " << invariant << " when " << word(kind) << ", occasion " << at
            << '\n';
}
