// Unknown keys: misspelt, of another tool, or of a later version.
#include "schema/decode/keys.hpp"

#include <catch2/catch.hpp>

#include "tests/schema/decode/support.hpp"

using namespace hpo;
using test::Codes;
using test::codes;
using test::study;

TEST_CASE("a misspelt key is reported with the right one", "[decode]") {
  const DecodedStudy decoded = decode_study(study(R"("paralel": 2)"));
  REQUIRE(codes(decoded) == Codes{"E0101"});
  CHECK(decoded.problems[0].suggestion == "parallel");
  CHECK(decoded.problems[0].pointer == "/paralel");
}

TEST_CASE("a misspelt key is not reported as missing too", "[decode]") {
  CHECK(codes(R"({"nmae": "a", "space": {"x": {"float": [0, 1]}},
                  "objectiv": {"minimize": "l"}, "command": ["a"]})") == Codes{"E0101", "E0101"});
}

TEST_CASE("other tools' words lead to ours", "[decode]") {
  const auto [key, ours] = GENERATE(table<std::string, std::string>({
      {"n_jobs", "parallel"}, {"search_space", "space"}, {"algorithm", "strategy"},
      {"n_trials", "write \"budget\": {\"trials\": 100}"}}));
  const DecodedStudy decoded = decode_study(study("\"" + key + "\": 1"));
  REQUIRE(codes(decoded) == Codes{"E0101"});
  CHECK(decoded.problems[0].suggestion == ours);
}

TEST_CASE("x- keys are free at the top, and nowhere else", "[decode]") {
  CHECK(codes(study(R"("x-note": [1, {"a": null}])")) == test::none);
  CHECK(codes(study(R"("budget": {"x-note": 1})")) == Codes{"E0101"});
  CHECK(codes(study(R"("xnote": 1)")) == Codes{"E0101"});
}

TEST_CASE("what comes later says so, once, with a way to do without", "[decode]") {
  const auto [extra, code] = GENERATE(table<std::string, std::string>({
      {R"("executor": {"type": "worker", "lease": 3})", "E0303"},
      {R"("executor": {"type": "local", "mode": "pilot"})", "E0303"},
      {R"("objectives": [])", "E0305"}, {R"("constraints": [])", "E0305"},
      {R"("segments": {})", "E0306"}, {R"("points": {})", "E0307"}, {R"("script": "")", "E0308"},
      {R"("notify": {})", "E0309"}, {R"("executor": "panda")", "E0310"},
      {R"("executor": {"type": "pbs", "queue": "prod", "nodes": 3})", "E0310"},
      {R"("executor": {"type": "local", "vo": "atlas"})", "E0310"},
      {R"("strategy": "turbo")", "E0312"},
      {R"("strategy": {"type": "pbt"})", "E0312"}, {R"("result": {"format": "idds"})", "E0313"},
      {R"("budget": {"target": 4})", "E0315"},
      {R"("transfer": {"from": ["a"]})", "E0316"}, {R"("executor": "idds")", "E0310"},
      {R"("executor": "simulatd")", "E0223"}, {R"("executor": {"type": "other"})", "E0108"}}));
  CAPTURE(extra);
  const DecodedStudy decoded = decode_study(study(extra));
  CHECK(codes(decoded) == Codes{code});
  CHECK_FALSE(decoded.spec);
}

TEST_CASE("keys of batch and grid executors are known on a local one", "[decode]") {
  const std::string key = GENERATE(as<std::string>(), "place", "select", "filesystems", "server",
      "vo", "site", "task_name", "working_group", "container", "training_dataset",
      "output_dataset", "points_per_iteration", "min_unevaluated", "queue");
  CAPTURE(key);
  CHECK(codes(study("\"executor\": {\"type\": \"local\", \"" + key + "\": 1}")) ==
        Codes{"E0310"});
}

TEST_CASE("every planned word has a remedy of its own", "[decode]") {
  using decode::Code;
  for (int code = static_cast<int>(Code::no_workers);
       code <= static_cast<int>(Code::no_transfer); ++code) {
    CHECK_FALSE(not_available(static_cast<Code>(code), "word").suggestion.empty());
  }
}
