// The executor "slurm": what its jobs ask for, at the limits and one past them.
#include <catch2/catch.hpp>

#include "tests/schema/decode/support.hpp"

using namespace hpo;
using test::Codes;
using test::codes;
using test::study;

namespace {

std::string slurm(const std::string& members) {
  return study("\"executor\": {\"type\": \"slurm\"" + (members.empty() ? "" : ", " + members) +
               "}");
}

void check_codes(const std::string& members, const std::string& code) {
  CAPTURE(members);
  CHECK(codes(slurm(members)) == (code.empty() ? test::none : Codes{code}));
}

}  // namespace

TEST_CASE("slurm needs no member: the site's defaults count", "[decode]") {
  for (const std::string& text : {study(R"("executor": "slurm")"), slurm("")}) {
    const DecodedStudy decoded = decode_study(text);
    REQUIRE(decoded.spec);
    CHECK(decoded.spec->executor == ExecutorSpec{.type = "slurm"});
  }
}

TEST_CASE("what a job asks for is decoded", "[decode]") {
  const DecodedStudy decoded = decode_study(slurm(
      R"("account": "m1", "partition": "a,b", "qos": "debug", "constraint": "gpu&x", "nodes": 2,
         "tasks_per_node": 4, "cpus": 8, "gpus": 1, "memory": "1.5G", "time": "1h", "grace": "2m",
         "licenses": "cfs:2", "reservation": "r_1", "exclusive": true, "max_queued": 7,
         "submit_rate": "30/1min", "extra": ["--hold", "--mail-type=FAIL"])"));
  REQUIRE(decoded.spec);
  CHECK(decoded.spec->executor ==
        ExecutorSpec{.type = "slurm", .cpus = 8, .gpus = 1, .time = std::chrono::hours(1),
                     .grace = std::chrono::minutes(2),
                     .batch = {.account = "m1", .partition = "a,b", .qos = "debug",
                               .constraint = "gpu&x", .licenses = "cfs:2", .reservation = "r_1",
                               .nodes = 2, .tasks_per_node = 4,
                               .memory_bytes = std::int64_t{1536} << 20, .is_exclusive = true,
                               .max_queued = 7, .submit_rate = 0.5,
                               .extra = {"--hold", "--mail-type=FAIL"}}});
}

TEST_CASE("numbers of a batch job hold at the limit and are refused one past it", "[decode]") {
  const auto [members, code] = GENERATE(table<std::string, std::string>({
      {R"("nodes": 1)", ""}, {R"("nodes": 0)", "E0105"}, {R"("nodes": 100000)", ""},
      {R"("nodes": 100001)", "E0105"}, {R"("tasks_per_node": 1)", ""},
      {R"("tasks_per_node": 0)", "E0105"}, {R"("tasks_per_node": 4096)", ""},
      {R"("tasks_per_node": 4097)", "E0105"}, {R"("max_queued": 1)", ""},
      {R"("max_queued": 0)", "E0105"}, {R"("max_queued": 100000)", ""},
      {R"("max_queued": 100001)", "E0105"}, {R"("memory": "1M")", ""},
      {R"("memory": "1023K")", "E0219"}, {R"("memory": "1024T")", ""},
      {R"("memory": "1024.001T")", "E0219"}, {R"("memory": "9999999999999T")", "E0219"},
      {R"("memory": 200)", "E0113"}, {R"("memory": "200")", "E0113"},
      {R"("memory": "200GB")", "E0113"}, {R"("memory": ["1G"])", "E0113"},
      {R"("submit_rate": 100)", ""}, {R"("submit_rate": 100.1)", "E0105"},
      {R"("submit_rate": 0.001)", ""}, {R"("submit_rate": 0)", "E0105"},
      {R"("submit_rate": "100/s")", ""}, {R"("submit_rate": "101/s")", "E0219"},
      {R"("submit_rate": "4/h")", ""}, {R"("submit_rate": "0/s")", "E0219"},
      {R"("submit_rate": "0/0s")", "E0219"}, {R"("submit_rate": "1/0s")", "E0219"},
      {R"("submit_rate": "fast")", "E0114"}, {R"("submit_rate": "1")", "E0114"},
      {R"("submit_rate": true)", "E0114"}, {R"("exclusive": true)", ""},
      {R"("exclusive": "user")", "E0103"}, {R"("slots": 1)", "E0233"},
      {R"("seconds": [0, 1])", "E0111"}, {R"("vo": "atlas")", "E0101"}}));
  check_codes(members, code);
}

TEST_CASE("the grace is a part of the time", "[decode]") {
  const auto [members, code] = GENERATE(table<std::string, std::string>({
      {R"("time": "31s")", ""}, {R"("time": "30s")", "E0218"},
      {R"("time": "5m", "grace": "299s")", ""}, {R"("time": "5m", "grace": "5m")", "E0218"},
      {R"("grace": "1h")", ""}, {R"("time": "10s", "grace": "soon")", "E0106"}}));
  check_codes(members, code);
  CHECK(codes(study(R"("executor": {"type": "local", "time": "10s"})")) == test::none);
}

TEST_CASE("what becomes an option's value has harmless letters", "[decode]") {
  const std::string key = GENERATE(as<std::string>(), "account", "partition", "qos", "constraint",
                                   "licenses", "reservation");
  const auto check = [&key](const std::string& value, const std::string& code) {
    check_codes("\"" + key + "\": \"" + value + "\"", code);
  };
  for (const char* value : {"a", "_x9", "gpu_shared-1.2@x", "a,b", "a:2"}) {
    if (key != "constraint" || std::string_view(value) != "a:2") check(value, "");
  }
  for (const char* value : {"", "-a", "--wrap=x", "a b", "a\\nb", "a\\n", "a;b", "a$b",
                            "a`b", "a'b", "a\\\"b", "a\\\\b", "a<b", "a%j", "é", "a\\u202eb"}) {
    check(value, "E0107");
  }
  check("a\\u0000b", "E0005");
  check(std::string(256, 'a'), "");
  check(std::string(257, 'a'), "E0107");
  check_codes("\"" + key + "\": 7", "E0103");
}

TEST_CASE("constraints and licenses have operators", "[decode]") {
  check_codes(R"x("constraint": "[rack1*2&rack2]|(knl|!snc)")x", "");
  check_codes(R"("licenses": "scratch|cfs:2,matlab@db:1")", "");
  check_codes(R"("partition": "a|b")", "E0107");
}
