// Node-hours and growing retries: on batch systems alone, and only where they do something.
#include <catch2/catch.hpp>

#include "tests/schema/decode/support.hpp"

using namespace hpo;
using test::Codes;
using test::codes;
using test::study;

namespace {

std::string on_slurm(const std::string& members) {
  return study(R"("executor": {"type": "slurm", "memory": "1G", "time": "1h"}, )" + members);
}

std::string scaled(const std::string& scale) {
  return on_slurm(R"("retry": {"on": ["timeout", "out_of_memory"], "scale": )" + scale + "}");
}

}  // namespace

TEST_CASE("node-hours are counted on batch systems", "[decode]") {
  const auto [hours, code] = GENERATE(table<std::string, std::string>({
      {"1", ""}, {"0", "E0105"}, {"-1", "E0105"}, {"1e9", ""}, {"1000000001", "E0105"},
      {"\"4\"", "E0103"}, {"400.5", ""}}));
  CAPTURE(hours);
  const std::string budget = "\"budget\": {\"node_hours\": " + hours + "}";
  CHECK(codes(on_slurm(budget)) == (code.empty() ? test::none : Codes{code}));
  if (!code.empty()) return;
  CHECK(decode_study(on_slurm(budget)).spec->budget.node_hours == std::stod(hours));
  CHECK(codes(study(budget)) == Codes{"E0217"});
  CHECK(codes(study(budget + R"(, "executor": "simulated")")) == Codes{"E0217"});
}

TEST_CASE("node-hours are bounded only if a job's are known, and one job fits", "[decode]") {
  const auto [executor, hours, code] = GENERATE(table<std::string, std::string, std::string>({
      {R"("slurm")", "400", "E0221"}, {R"({"type": "slurm", "nodes": 2})", "400", "E0221"},
      {R"({"type": "slurm", "time": "0s"})", "400", "E0212"},
      {R"({"type": "slurm", "time": "90m", "nodes": 2})", "3", ""},
      {R"({"type": "slurm", "time": "90m", "nodes": 2})", "2.9999", "E0222"},
      {R"({"type": "slurm", "time": "6m"})", "0.1", ""}}));
  CAPTURE(executor, hours);
  const std::string members = "\"executor\": " + executor + ", \"budget\": {\"node_hours\": ";
  CHECK(codes(study(members + hours + "}")) == (code.empty() ? test::none : Codes{code}));
}

TEST_CASE("a retry may ask for more, from as much to ten times", "[decode]") {
  const auto [scale, code] = GENERATE(table<std::string, std::string>({
      {"{}", ""}, {R"({"memory": 1})", ""}, {R"({"memory": 0.9})", "E0105"},
      {R"({"memory": 10})", ""}, {R"({"memory": 10.1})", "E0105"}, {R"({"time": 1})", ""},
      {R"({"time": 0.9})", "E0105"}, {R"({"time": 10})", ""}, {R"({"time": 10.1})", "E0105"},
      {R"({"tmie": 2})", "E0101"}, {R"({"time": "2"})", "E0103"}, {"2", "E0103"}}));
  CAPTURE(scale);
  CHECK(codes(scaled(scale)) == (code.empty() ? test::none : Codes{code}));
}

TEST_CASE("an executor that is not known says nothing about the budget", "[decode]") {
  const std::string members = R"(, "budget": {"node_hours": 4}, "retry": {"scale": {}})";
  CHECK(codes(study(R"("executor": "slrum")" + members)) == Codes{"E0223"});
  CHECK(codes(study(R"("executor": {"type": "pbs"})" + members)) == Codes{"E0310"});
}

TEST_CASE("the factors of a retry are decoded", "[decode]") {
  const DecodedStudy decoded = decode_study(scaled(R"({"memory": 1.5, "time": 2})"));
  REQUIRE(decoded.spec);
  CHECK(decoded.spec->retry.scale == RetryScale{.memory = 1.5, .time = 2.0});
}

TEST_CASE("a factor that never counts is worth a warning", "[decode]") {
  const auto [members, code] = GENERATE(table<std::string, std::string>({
      {R"("executor": "slurm", "retry": {"on": ["timeout"], "scale": {"time": 2}})", "W0404"},
      {R"("executor": {"type": "slurm", "time": "1h"}, "retry": {"scale": {"time": 2}})", "W0404"},
      {R"("executor": {"type": "slurm", "time": "1h"},
          "retry": {"on": ["timeout"], "scale": {"time": 2}})", ""},
      {R"("executor": "slurm", "retry": {"on": ["out_of_memory"], "scale": {"memory": 2}})",
       "W0404"}}));
  CAPTURE(members);
  const DecodedStudy decoded = decode_study(study(members));
  CHECK(codes(decoded) == (code.empty() ? test::none : Codes{code}));
  CHECK(decoded.spec);
}
