// Outcomes: the text of exit.json, there and back.
#include <catch2/catch.hpp>
#include <cmath>

#include "schema/codec/codec.hpp"
#include "tests/schema/codec/random_values.hpp"

using namespace hpo;

TEST_CASE("an outcome is one object; what is unset is left out", "[codec]") {
  CHECK(outcome_to_json({.status = OutcomeStatus::failed, .failure = FailureClass::exit_code,
                         .exit_code = 3, .message = "exit code 3"}) ==
        R"({"status":"failed","failure":"exit_code","retry_asked":false,"is_unwanted":false,)"
        R"("exit_code":3,)"
        R"("message":"exit code 3","started_ns":0,"ended_ns":0})");
}

TEST_CASE("random outcomes read back equal", "[codec]") {
  constexpr std::uint64_t seed = 21;
  INFO("seed " << seed);
  test::RandomValues random(seed);
  for (int i = 0; i < 2000; ++i) {
    Outcome outcome{.status = static_cast<OutcomeStatus>(random.below(6)),
                    .retry_asked = random.coin(), .is_unwanted = random.coin(),
                    .message = random.text(),
                    .started_ns = static_cast<std::int64_t>(random.word() >> 1U)};
    if (random.coin()) outcome.failure = static_cast<FailureClass>(random.below(13));
    if (random.coin()) outcome.exit_code = random.integer(0, 255);
    if (random.coin()) outcome.signal = random.integer(1, 64);
    if (random.coin()) outcome.value = random.number();
    for (std::size_t n = random.below(3); n > 0; --n) {
      outcome.metrics[random.text()] = random.number();
    }
    const std::string text = outcome_to_json(outcome);
    INFO(text);
    const Result<Outcome> back = outcome_from_json(text);
    REQUIRE(back);
    REQUIRE(*back == outcome);
  }
}

TEST_CASE("exit.json's own members beside the outcome are ignored", "[codec]") {
  const auto outcome = outcome_from_json(
      R"({"job":"hpoabcd12345678","study":"jets","trial":3,"attempt":1,"status":"lost"})");
  REQUIRE(outcome);
  CHECK(outcome->status == OutcomeStatus::lost);
}

TEST_CASE("an outcome without status, or with an unknown word, is corrupt", "[codec]") {
  for (const std::string_view text :
       {"{}", R"({"status":"great"})", R"({"status":1})", R"({"status":"failed","failure":"x"})",
        R"({"status":"completed","metrics":{"a":null}})", "", "nonsense"}) {
    INFO(text);
    const auto outcome = outcome_from_json(text);
    REQUIRE_FALSE(outcome);
    CHECK(outcome.error().code == ErrorCode::corrupt);
  }
}

TEST_CASE("numbers that are not finite never make an outcome unreadable", "[codec]") {
  const auto back = outcome_from_json(outcome_to_json(
      {.status = OutcomeStatus::completed, .value = NAN,
       .metrics = {{"a", INFINITY}, {"b", 1.0}}}));
  REQUIRE(back);
  CHECK_FALSE(back->value);
  CHECK(back->metrics == std::map<std::string, double>{{"b", 1.0}});
}

TEST_CASE("zero bytes in a message never make an outcome unreadable", "[codec]") {
  const auto back = outcome_from_json(outcome_to_json({.message = std::string("a\0b", 3)}));
  REQUIRE(back);
  CHECK(back->message == "a\uFFFDb");
}
