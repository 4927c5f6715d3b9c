// The effective study: the text is JSON as users write it. (decode's tests read it back.)
#include <catch2/catch.hpp>

#include "schema/codec/codec.hpp"

using namespace hpo;

namespace {

StudySpec example_study() {
  StudySpec spec;
  spec.name = "jets";
  spec.description = "d";
  spec.tags = {"a"};
  spec.space = *SearchSpace::make(
      {{.name = "lr", .domain = FloatDomain{.low = 1e-5, .high = 0.1, .scale = Scale::log},
        .default_value = 1e-3, .unit = "1"},
       {.name = "w", .domain = IntDomain{.low = 16, .high = 64, .step = 16}},
       {.name = "f", .domain = FloatDomain{.low = 0, .high = 1, .step = 0.5}},
       {.name = "c", .domain = ChoiceDomain{{std::string("x"), 1.0, std::int64_t{1}, true}}},
       {.name = "o", .domain = OrdinalDomain{{std::int64_t{64}, std::int64_t{128}}}},
       {.name = "b", .domain = BoolDomain{}, .default_value = true},
       {.name = "k", .domain = FixedDomain{std::string("v")}}});
  spec.objective = {.metric = "auc", .direction = Direction::maximize, .noise = Noise::none};
  spec.command = {"python3", "train.py"};
  spec.workdir = "/home/u";
  return spec;
}

std::string member(const StudySpec& spec, std::string_view key) {
  const std::string text = study_to_json(spec);
  const json::Parsed parsed = json::parse(text);
  INFO(text);
  REQUIRE(parsed.problems.empty());
  const json::Node* node = parsed.root.find(key);
  return node == nullptr ? "absent" : text.substr(node->at.offset, node->at.length);
}

}  // namespace

TEST_CASE("each parameter has its type as a key", "[codec]") {
  CHECK(member(example_study(), "space") ==
        R"({"lr":{"float":[1e-05,0.1],"log":true,"default":0.001,"unit":"1"},)"
        R"("w":{"int":[16,64],"step":16},"f":{"float":[0.0,1.0],"step":0.5},)"
        R"("c":{"choice":["x",1.0,1,true]},"o":{"ordinal":[64,128]},)"
        R"("b":{"bool":true,"default":true},"k":{"fixed":"v"}})");
}

TEST_CASE("every default is filled in", "[codec]") {
  const StudySpec spec = example_study();
  CHECK(member(spec, "objective") == R"({"maximize":"auc","noise":"none"})");
  CHECK(member(spec, "strategy") == R"({"type":"auto","options":{}})");
  CHECK(member(spec, "executor") == R"({"type":"local","cpus":1,"gpus":0,"grace":"30s"})");
  CHECK(member(spec, "budget") == R"({"trials":100,"max_failures":20})");
  CHECK(member(spec, "retry") ==
        R"({"max":2,"on":["lost","node_fail","preempted","infrastructure"]})");
  CHECK(member(spec, "result") == R"({"stdout":true,"max_bytes":1048576})");
  CHECK(member(spec, "environment") == R"({"vars":{},"inherit":[],"captured":{}})");
  CHECK(member(spec, "parallel") == "1");
  CHECK(member(spec, "seed") == "0");
  CHECK(member(spec, "initial") == "[]");
}

TEST_CASE("what was set is written in the units of study.json", "[codec]") {
  StudySpec spec = example_study();
  spec.budget = {.trials = 7, .time = std::chrono::hours(2), .patience = 4, .max_failures = 1};
  spec.executor = {.type = "simulated", .slots = 3, .cpus = 2, .gpus = 1,
                   .time = std::chrono::seconds(90), .grace = std::chrono::seconds(1),
                   .simulated = {.seconds_min = 0.5, .seconds_max = 1, .failures = 0.25}};
  spec.result = {.file = "out.json", .from_stdout = false, .bytes_max = 10};
  spec.strategy = {.type = "gp", .options = {{"batch", std::int64_t{4}}, {"x", 1.0}}};
  CHECK(member(spec, "budget") == R"({"trials":7,"time":"7200s","patience":4,"max_failures":1})");
  CHECK(member(spec, "executor") ==
        R"({"type":"simulated","slots":3,"cpus":2,"gpus":1,"time":"90s","grace":"1s",)"
        R"("seconds":[0.5,1.0],"failures":0.25,"losses":0.0})");
  CHECK(member(spec, "result") == R"({"file":"out.json","stdout":false,"max_bytes":10})");
  CHECK(member(spec, "strategy") == R"({"type":"gp","options":{"batch":4,"x":1.0}})");
}

TEST_CASE("what only batch systems take is written for them", "[codec]") {
  StudySpec spec = example_study();
  spec.executor = {.type = "slurm", .time = std::chrono::hours(1),
                   .batch = {.account = "m1", .nodes = 2,
                             .memory_bytes = std::int64_t{200} << 30, .extra = {"--hold"}}};
  spec.environment = {.modules = {"a"}, .venv = "/v", .secrets = {"K"},
                      .container = ContainerSpec{.image = "i"}};
  spec.budget.node_hours = 4.5;
  spec.retry = {.on = {}, .scale = {.time = 2.0}};
  CHECK(member(spec, "executor") ==
        R"({"type":"slurm","cpus":1,"gpus":0,"time":"3600s","grace":"30s","account":"m1",)"
        R"("nodes":2,"tasks_per_node":1,"memory":"200G","exclusive":false,"max_queued":100,)"
        R"("submit_rate":1.0,"extra":["--hold"]})");
  CHECK(member(spec, "environment") ==
        R"({"vars":{},"inherit":[],"captured":{},"modules":["a"],"venv":"/v","secrets":["K"],)"
        R"("container":{"runtime":"apptainer","image":"i","binds":[],"gpu":false}})");
  CHECK(member(spec, "budget") == R"({"trials":100,"max_failures":20,"node_hours":4.5})");
  CHECK(member(spec, "retry") == R"({"max":2,"on":[],"scale":{"memory":1.0,"time":2.0}})");
}

TEST_CASE("initial params are objects, extras are kept as they were", "[codec]") {
  StudySpec spec = example_study();
  spec.initial = {{1e-3, std::int64_t{16}, 0.5, 1.0, std::int64_t{64}, false, std::string("v")}};
  spec.extras = {{"x-note", R"({ "a": [1e5] })"}};
  CHECK(member(spec, "initial") ==
        R"([{"lr":0.001,"w":16,"f":0.5,"c":1.0,"o":64,"b":false,"k":"v"}])");
  CHECK(member(spec, "x-note") == R"({ "a": [1e5] })");
}

TEST_CASE("empty texts are left out", "[codec]") {
  StudySpec spec = example_study();
  spec.description.clear();
  spec.workdir.clear();
  CHECK(member(spec, "description") == "absent");
  CHECK(member(spec, "workdir") == "absent");
}
