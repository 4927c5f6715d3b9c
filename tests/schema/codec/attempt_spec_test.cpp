// attempt.json: the contract between the daemon and the runner.
#include <catch2/catch.hpp>

#include "schema/codec/codec.hpp"
#include "tests/schema/codec/random_values.hpp"

using namespace hpo;

TEST_CASE("random attempts read back equal, params byte by byte", "[codec]") {
  constexpr std::uint64_t seed = 31;
  INFO("seed " << seed);
  test::RandomValues random(seed);
  for (int i = 0; i < 1000; ++i) {
    const SearchSpace space = random.space();
    AttemptSpec spec{.study = "jets", .trial = random.integer(0, 1 << 30), .attempt = 2,
                     .job = "hpoabcd12345678", .identity = random.text(),
                     .metric = random.text(), .command = {"python3", random.text(), ""},
                     .workdir = random.text(),
                     .environment = {{"PATH", random.text()}, {"LANG", ""}},
                     .secrets = {"WANDB_API_KEY"},
                     .adds_to_own = random.coin(), .id_variable = random.text(),
                     .job_variables = {random.text(), "A_*"},
                     .launcher = random.text(), .tell_ranks = {"tell", random.text()},
                     .syncs_files = random.coin(),
                     .params = params_to_json(space, random.values(space)),
                     .seed = random.word(), .slot = random.integer(0, 9), .cpus = 4,
                     .hides_devices = random.coin(), .grace = std::chrono::seconds(5),
                     .checkpoint_from = random.text(), .ended_directory = "/state/ended"};
    spec.is_warm = random.coin();
    if (random.coin()) spec.fidelity_max = random.integer(1, 1'000'000'000);
    if (random.coin()) spec.devices = {0, 3};
    if (random.coin()) {
      spec.container = {.runtime = ContainerRuntime::podman, .image = random.text(),
                        .binds = {"/a", "/b:/c"}, .has_gpu = random.coin()};
    }
    if (random.coin()) spec.time = std::chrono::seconds(random.integer(1, 1'000'000));
    spec.result = {.file = random.text(), .from_stdout = random.coin(), .bytes_max = 1 << 10};
    const std::string text = attempt_spec_to_json(spec);
    INFO(text);
    const Result<AttemptSpec> back = attempt_spec_from_json(text);
    REQUIRE(back);
    REQUIRE(*back == spec);
  }
}

TEST_CASE("a seed of 64 bits survives, though JSON's integers are narrower", "[codec]") {
  const AttemptSpec spec{.params = "{}", .seed = UINT64_MAX};
  CHECK(attempt_spec_from_json(attempt_spec_to_json(spec))->seed == UINT64_MAX);
}

TEST_CASE("params are an object in attempt.json, not text in text", "[codec]") {
  const AttemptSpec spec{.study = "s", .params = R"({"lr":0.5})"};
  CHECK(attempt_spec_to_json(spec).find(R"("params":{"lr":0.5})") != std::string::npos);
}

TEST_CASE("a member that a newer build added is ignored, a missing job is not", "[codec]") {
  std::string text = attempt_spec_to_json({.study = "s", .job = "j", .params = "{}"});
  text.insert(1, "\"new_in_2030\":{\"a\":[1]},");
  CHECK(attempt_spec_from_json(text));
  const auto without = attempt_spec_from_json(R"({"study":"s","trial":1,"attempt":1})");
  REQUIRE_FALSE(without);
  CHECK(without.error().where.find("/job") != std::string::npos);
}
