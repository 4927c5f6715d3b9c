// name=number words of hpo tell.
#include "cli/typed_metrics.hpp"

#include <catch2/catch.hpp>

using namespace hpo;
using namespace hpo::cli;

TEST_CASE("words are numbers by name", "[cli]") {
  const auto metrics = metrics_of({"loss=0.1", "n=3", "e=-1e-3"});
  REQUIRE(metrics);
  CHECK(*metrics == std::map<std::string, double>{{"e", -0.001}, {"loss", 0.1}, {"n", 3.0}});
}

TEST_CASE("a word that is no name=number is refused", "[cli]") {
  const std::string word = GENERATE("loss", "=1", "loss=", "loss=a", "loss=1x", "loss= 1");
  INFO(word);
  CHECK_FALSE(metrics_of({word}));
  CHECK_FALSE(metrics_of({"a=1", "a=2"}));
}

TEST_CASE("the objective is the value, all else metrics", "[cli]") {
  const auto outcome = outcome_of(*metrics_of({"loss=0.1", "n=3"}), "loss");
  REQUIRE(outcome);
  CHECK(outcome->status == OutcomeStatus::completed);
  CHECK(outcome->value == 0.1);
  CHECK(outcome->metrics == std::map<std::string, double>{{"n", 3.0}});
  CHECK_FALSE(outcome_of(*metrics_of({"n=3"}), "loss"));
}

TEST_CASE("an objective that is not finite is a failure, never a number", "[cli]") {
  const auto outcome = outcome_of(*metrics_of({"loss=nan", "n=inf"}), "loss");
  REQUIRE(outcome);
  CHECK(outcome->status == OutcomeStatus::failed);
  CHECK(outcome->failure == FailureClass::non_finite);
  CHECK_FALSE(outcome->value);
  CHECK(outcome->metrics.empty());
}
