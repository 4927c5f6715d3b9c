// The effective study, written and decoded again, is the study that was written.
#include <catch2/catch.hpp>

#include "schema/codec/codec.hpp"
#include "schema/decode/decode.hpp"
#include "schema/node_time.hpp"
#include "tests/schema/codec/random_values.hpp"

using namespace hpo;
using test::RandomValues;

namespace {

std::chrono::seconds seconds(RandomValues& random) {
  return std::chrono::seconds(random.integer(1, 1'000'000));
}

std::string maybe(RandomValues& random, const std::string& text) {
  return random.coin() ? text : std::string();
}

BatchSpec batch(RandomValues& random) {
  BatchSpec batch{.account = maybe(random, "m1234_g"), .partition = maybe(random, "gpu,cpu"),
                  .qos = maybe(random, "debug"), .constraint = maybe(random, "gpu&[a|b]"),
                  .licenses = maybe(random, "cfs:2"), .reservation = maybe(random, "r_1"),
                  .nodes = random.integer(1, 9), .tasks_per_node = random.integer(1, 9),
                  .is_exclusive = random.coin(), .max_queued = random.integer(1, 500),
                  .submit_rate = 0.001 + random.number()};
  const int shift = 10 * random.integer(0, 2);
  if (random.coin()) batch.memory_bytes = std::int64_t{random.integer(1024, 9999)} << (10 + shift);
  if (random.coin()) batch.extra = {"--hold", "--mail-user=é \"x\" \\"};
  return batch;
}

ContainerSpec container(RandomValues& random) {
  ContainerSpec container{.runtime = static_cast<ContainerRuntime>(random.below(3)),
                          .image = "/data/ü.sif", .has_gpu = random.coin()};
  if (random.coin()) container.binds = {"/data", "/a b:/c"};
  return container;
}

// What only batch systems take.
void move_to_slurm(RandomValues& random, StudySpec& spec) {
  ExecutorSpec& executor = spec.executor;
  executor.type = "slurm";
  executor.slots.reset();
  executor.simulated = {};
  executor.batch = batch(random);
  if (executor.time) *executor.time += executor.grace;
  EnvironmentSpec& environment = spec.environment;
  if (random.coin()) environment.modules = {"python/3.11", "c++"};
  (random.coin() ? environment.conda : environment.venv) = maybe(random, "/envs/ml");
  environment.setup = random.text();
  if (random.coin()) environment.secrets = {"WANDB_API_KEY"};
  if (random.coin()) environment.container = container(random);
  if (executor.time) spec.budget.node_hours = 0.001 + node_hours_of_ms(
      node_ms(executor.batch.nodes, *executor.time)) * (1.0 + random.number());
  if (random.coin()) spec.retry.scale = {.memory = 1 + random.number(), .time = 2.0};
}

ExecutorSpec executor(RandomValues& random) {
  ExecutorSpec executor{.cpus = random.integer(1, 8), .gpus = random.integer(0, 2),
                        .grace = std::chrono::seconds(random.integer(1, 300))};
  if (random.coin()) executor.slots = random.integer(1, 4);
  if (random.coin()) executor.time = seconds(random);
  if (random.coin()) {
    executor.type = "simulated";
    executor.simulated = {.seconds_min = random.number(), .seconds_max = 1 + random.number(),
                          .failures = random.number() / 2, .losses = random.number() / 2};
  }
  return executor;
}

// Whose trials are pulled.
void move_to_workers(RandomValues& random, StudySpec& spec) {
  spec.executor.type = "external";
  spec.executor.slots.reset();
  spec.executor.simulated = {};
  spec.executor.lease = std::chrono::seconds(random.integer(1, 86'400));
  spec.dispatch = Dispatch::workers;
  spec.is_warm = random.coin();
  if (random.coin()) spec.command.clear();
}

void move_to_worker_jobs(RandomValues& random, StudySpec& spec) {
  spec.executor.type = random.coin() ? "slurm" : "local";
  spec.executor.simulated = {};
  spec.executor.time = std::chrono::hours(1);
  spec.executor.lease = std::chrono::seconds(random.integer(1, 86'400));
  spec.dispatch = Dispatch::workers;
  spec.workers = random.integer(1, 50);
}

Budget budget(RandomValues& random) {
  Budget budget{.trials = random.integer(10, 5000), .max_failures = random.integer(0, 50)};
  if (random.coin()) budget.time = seconds(random);
  if (random.coin()) budget.patience = random.integer(1, 100);
  return budget;
}

StrategySpec external_strategy(RandomValues& random) {
  StrategySpec strategy{.type = "external"};
  strategy.external = {.command = {"python3", random.text()},
                       .options = R"({"a":[1,{"b":null}],"c":"d"})",
                       .time = std::chrono::seconds(random.integer(1, 3600)),
                       .memory_bytes = std::int64_t{random.integer(1 << 14, 1 << 20)} << 10U};
  return strategy;
}

PrunerSpec pruner(RandomValues& random, bool has_fidelity) {
  switch (random.below(has_fidelity ? 5 : 3)) {
    case 0: return {};
    case 1: return {.type = "percentile", .options = {{"percentile", random.number() * 100}}};
    case 2: return {.type = "median", .options = {{"warmup_steps", std::int64_t{3}}}};
    case 3: return {.type = "hyperband", .options = {{"brackets", std::int64_t{2}}}};
    default: return {.type = "asha", .options = {{"type", std::string("promotion")}}};
  }
}

StudySpec study(RandomValues& random) {
  StudySpec spec;
  spec.name = "jets";
  spec.description = random.coin() ? "what é means" : "";
  spec.tags = {"a", "b"};
  spec.space = random.constrained_space();
  spec.command = {"python3", "train.py", "--seed={seed}"};
  spec.workdir = "/home/u/jets";
  spec.executor = executor(random);
  spec.budget = budget(random);
  spec.parallel = random.integer(1, 8);
  spec.seed = random.word() >> 1U;
  spec.objective = {.metric = "auc", .direction = static_cast<Direction>(random.below(2)),
                    .noise = static_cast<Noise>(random.below(3))};
  spec.environment = {.vars = {{"A", random.text()}, {"B_2", ""}}, .inherit = {"CUDA_HOME"},
                      .captured = {{"PATH", "/bin:/usr/bin"}, {"LANG", random.text()}}};
  spec.retry = {.max = random.integer(0, 5), .on = {FailureClass::lost, FailureClass::timeout}};
  if (random.below(4) == 0) spec.strategy.type = "grid";
  else if (random.below(4) == 0) spec.strategy = external_strategy(random);
  for (const Parameter& p : spec.space.parameters()) {
    const auto* d = std::get_if<FloatDomain>(&p.domain);
    const bool is_needed = d != nullptr && !d->step;
    if (spec.strategy.type != "grid" || (!is_needed && random.coin())) continue;
    spec.strategy.grid_values[p.name] = {random.value(p.domain)};
  }
  if (random.coin()) {
    spec.fidelity = {.name = "epochs", .min = random.integer(1, 9), .max = random.integer(10, 99),
                     .eta = 2 + random.number(), .checkpoint = true};
  }
  spec.pruner = pruner(random, spec.fidelity.has_value());
  for (std::size_t i = random.below(4); i > 0; --i) {
    spec.initial.push_back(random.values(spec.space));
  }
  spec.result = {.file = spec.parallel == 1 ? "out.json" : "", .from_stdout = true,
                 .bytes_max = random.integer(1024, 1 << 20)};
  if (random.below(3) == 0) move_to_slurm(random, spec);
  else if (random.below(4) == 0) move_to_workers(random, spec);
  else if (random.below(4) == 0) move_to_worker_jobs(random, spec);
  if (random.coin()) spec.extras["x-note"] = R"({"a":[1e+05,"é"]})";
  return spec;
}

}  // namespace

TEST_CASE("random studies are decoded equal to what was written", "[codec]") {
  constexpr std::uint64_t seed = 41;
  INFO("seed " << seed);
  RandomValues random(seed);
  for (int i = 0; i < 1000; ++i) {
    const StudySpec spec = study(random);
    const std::string text = study_to_json(spec);
    INFO(text);
    const DecodedStudy decoded = decode_study(text, {.comments = false});
    for (const Problem& problem : decoded.problems) {
      UNSCOPED_INFO(problem.pointer << ": " << problem.message);
    }
    REQUIRE(decoded.spec);
    REQUIRE(decoded.spec->space == spec.space);
    REQUIRE(study_to_json(*decoded.spec) == text);
    REQUIRE(*decoded.spec == spec);
  }
}
