// What counts as tried.
#include "strategies/tried_values.hpp"

#include <catch2/catch.hpp>

#include "tests/strategies/spaces.hpp"

namespace hpo {

TEST_CASE("finished and open trials and the batch count once each, strangers not at all",
          "[tried_values]") {
  const SearchSpace space = six_conditional_values();
  const Values adam{word_value("adam"), Inactive{}};
  const Values sgd{word_value("sgd"), integer(2)};
  const Values stranger{word_value("adam"), integer(2)};
  HistoryBuilder builder(2);
  builder.add(adam);
  builder.add(adam, TrialState::failed);
  builder.add(stranger);
  builder.history().set_open({{.number = 3, .values = adam}, {.number = 4, .values = sgd}});
  TriedValues tried(space);
  tried.set(builder.history());
  CHECK(tried.count() == 2);
  CHECK(tried.is_finished(tried.index().key(adam)));
  CHECK_FALSE(tried.is_finished(tried.index().key(sgd)));
  CHECK(tried.is_tried(tried.index().key(sgd)));
  CHECK_FALSE(tried.add(sgd));
  CHECK(tried.add(Values{word_value("sgd"), integer(3)}));
  CHECK(tried.count() == 3);
  tried.set(builder.history());  // the batch is forgotten
  CHECK(tried.count() == 2);
}

TEST_CASE("a history that starts over is read anew", "[tried_values]") {
  TriedValues tried(six_conditional_values());
  HistoryBuilder builder(2);
  builder.add({word_value("adam"), Inactive{}});
  tried.set(builder.history());
  tried.set(History(2));
  CHECK(tried.count() == 0);
}

}  // namespace hpo
