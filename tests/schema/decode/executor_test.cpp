// Executors: local and simulated, with their limits.
#include <catch2/catch.hpp>

#include "tests/schema/decode/support.hpp"

using namespace hpo;
using test::Codes;
using test::codes;
using test::study;

namespace {

Codes executor(const std::string& members) {
  return codes(study("\"parallel\": 100000, \"executor\": {" + members + "}"));
}

}  // namespace

TEST_CASE("an executor is a word or an object", "[decode]") {
  const DecodedStudy word = decode_study(study(R"("executor": "simulated")"));
  REQUIRE(word.spec);
  CHECK(word.spec->executor.type == "simulated");
  const DecodedStudy object = decode_study(study(
      R"("parallel": 9, "executor": {"type": "local", "slots": 4, "cpus": 8, "gpus": 2,
         "time": "1h", "grace": "5s"})"));
  REQUIRE(object.spec);
  const ExecutorSpec& spec = object.spec->executor;
  CHECK((spec.slots == 4 && spec.cpus == 8 && spec.gpus == 2));
  CHECK((spec.time == std::chrono::hours(1) && spec.grace == std::chrono::seconds(5)));
}

TEST_CASE("limits of an executor hold at the limit and refuse one past it", "[decode]") {
  const auto [members, code] = GENERATE(table<std::string, std::string>({
      {R"("slots": 1)", ""}, {R"("slots": 0)", "E0105"}, {R"("slots": 100000)", ""},
      {R"("slots": 100001)", "E0105"}, {R"("cpus": 1)", ""}, {R"("cpus": 0)", "E0105"},
      {R"("cpus": 4096)", ""}, {R"("cpus": 4097)", "E0105"}, {R"("gpus": 0)", ""},
      {R"("gpus": -1)", "E0105"}, {R"("gpus": 64)", ""}, {R"("gpus": 65)", "E0105"},
      {R"("time": "1s")", ""}, {R"("time": "0s")", "E0212"}, {R"("time": "3650d")", ""},
      {R"("time": "3651d")", "E0212"}, {R"("time": 60)", "E0106"}, {R"("grace": "0s")", ""},
      {R"("grace": "1h")", ""}, {R"("grace": "3601s")", "E0212"}, {R"("seconds": [0, 1])", "E0111"},
      {R"("slot": 1)", "E0101"}, {R"("nodes": 1)", "E0111"}, {R"("vo": "x")", "E0310"}}));
  CAPTURE(members);
  CHECK(executor("\"type\": \"local\", " + members) == (code.empty() ? test::none : Codes{code}));
}

TEST_CASE("a simulation has durations and fractions", "[decode]") {
  const auto [members, code] = GENERATE(table<std::string, std::string>({
      {R"("seconds": [0, 86400])", ""}, {R"("seconds": [0, 86401])", "E0105"},
      {R"("seconds": [-1, 1])", "E0105"}, {R"("seconds": [2, 1])", "E0213"},
      {R"("seconds": [1, 1])", ""}, {R"("seconds": [1])", "E0109"}, {R"("failures": 1)", ""},
      {R"("failures": 1.01)", "E0105"}, {R"("losses": -0.1)", "E0105"},
      {R"("failures": 0.9, "losses": 0.1)", ""}, {R"("failures": 0.9, "losses": 0.11)", "E0213"}}));
  CAPTURE(members);
  CHECK(executor("\"type\": \"simulated\", " + members) ==
        (code.empty() ? test::none : Codes{code}));
}

TEST_CASE("an executor without type, or of an unknown one, is refused", "[decode]") {
  CHECK(executor(R"("slots": 4)") == Codes{"E0102"});
  CHECK(executor(R"("tpye": "local")") == Codes{"E0101"});
  const DecodedStudy near = decode_study(study(R"("executor": {"profil": "gpu"})"));
  REQUIRE(codes(near) == Codes{"E0101"});
  CHECK(near.problems[0].suggestion == "profile");
  CHECK(executor(R"("type": "lcoal")") == Codes{"E0108"});
  CHECK(executor(R"("type": 4)") == Codes{"E0103"});
  CHECK(codes(study(R"("executor": 4)")) == Codes{"E0103"});
}

TEST_CASE("more slots than parallel are worth a warning", "[decode]") {
  CHECK(codes(study(R"("executor": {"type": "local", "slots": 2})")) == Codes{"W0404"});
  CHECK(codes(study(R"("parallel": 2, "executor": {"type": "local", "slots": 2})")) == test::none);
}
