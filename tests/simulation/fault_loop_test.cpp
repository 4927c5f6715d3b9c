// One fault at the first occasion, then at the second, and so on, until a history meets none:
// every place where a COMMIT, a file operation, a call of an executor or the process itself can
// fail has been tried, and after each the invariants hold. In the way of SQLite's own tests.
#include <catch2/catch.hpp>
#include <iostream>

#include "tests/simulation/simulation.hpp"

using namespace hpo::sim;

TEST_CASE("a fault at any occasion loses nothing and repeats nothing", "[simulation]") {
  const auto [name, kind] = GENERATE(table<std::string, Fault::Kind>({
      {"killed before a COMMIT", Fault::Kind::kill_before_commit},
      {"killed after a COMMIT", Fault::Kind::kill_after_commit},
      {"COMMIT finds the disk full", Fault::Kind::commit_full},
      {"COMMIT with unknown outcome", Fault::Kind::commit_unknown},
      {"call of the executor fails", Fault::Kind::call_fails},
      {"file operation finds the disk full", Fault::Kind::file_full},
      {"file operation fails", Fault::Kind::file_error}}));
  int at = 1;
  for (bool has_fired = true; has_fired; ++at) {
    const Outcome outcome = simulate(Fault{kind, at}, {});
    INFO(name << ", occasion " << at);
    for (const std::string& violation : outcome.violations) UNSCOPED_INFO(violation);
    REQUIRE(outcome.violations.empty());
    has_fired = outcome.has_fired;
  }
  std::cout << name << ": " << at - 2 << " occasions\n";
  CHECK(at - 2 >= 100);
}
