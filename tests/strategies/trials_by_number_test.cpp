// Trials by number: finished ones and open ones.
#include "strategies/trials_by_number.hpp"

#include <catch2/catch.hpp>

#include "tests/strategies/spaces.hpp"

namespace hpo {

TEST_CASE("each trial of a history is found by its number, finished or open", "[history]") {
  HistoryBuilder builder(1);
  builder.add(7, {0.7}, TrialState::pruned, 0.0);
  builder.add(2, {0.2}, TrialState::completed, 1.0);
  builder.history().set_open({{.number = 5, .values = {0.5}}});
  const TrialsByNumber trials(builder.history());
  CHECK(trials.numbers() == std::vector{2, 5, 7});
  CHECK(trials.state(7) == TrialState::pruned);
  CHECK(trials.state(2) == TrialState::completed);
  CHECK(trials.state(5) == std::nullopt);
  for (const int number : {2, 5, 7}) {
    CHECK(std::get<double>(trials.values(number)[0]) == Approx(0.1 * number));
  }
  CHECK_FALSE(trials.has(3));
}

}  // namespace hpo
