// "extra": long options of sbatch, without those by which a job would be lost or become another.
#include <catch2/catch.hpp>

#include "tests/schema/decode/support.hpp"

using namespace hpo;
using test::Codes;
using test::codes;
using test::study;

namespace {

DecodedStudy extra(const std::string& option) {
  return decode_study(study("\"executor\": {\"type\": \"slurm\", \"extra\": [\"" + option +
                            "\"]}"));
}

}  // namespace

TEST_CASE("options without a key of their own are handed on as they are", "[decode]") {
  const std::string option = GENERATE(as<std::string>(), "--hold", "--mail-type=FAIL", "--nice",
      "--nice=100", "--exclude=node[1-3],node7", "--dependency=afterok:12", "--mem-per-cpu=2G",
      "--wait-all-nodes=1", "--gres=gpu:a100:4", "--time-min=01:00:00", "--exclud=node7",
      "--container-image=a b; c $d 'e' é", "--x=", "--ntasks-per-socket=2", "--begin=now+1hour");
  CAPTURE(option);
  const DecodedStudy decoded = extra(option);
  REQUIRE(codes(decoded) == test::none);
  CHECK(decoded.spec->executor.batch.extra == std::vector<std::string>{option});
}

TEST_CASE("what is no long option is refused", "[decode]") {
  const std::string option = GENERATE(as<std::string>(), "-x", "-x=node7", "-Jname", "-", "--",
      "node7", "--Hold", "--9", "---hold", "--hold --uid=0", "--a_b=1", "--=x", "=",
      "--mail-user=a\\nb", "--mail-user=a\\n", "--mail-user=\\u007f", "--mail-user\\t=a", "--é=1");
  CAPTURE(option);
  CHECK(codes(extra(option)) == Codes{"E0115"});
}

TEST_CASE("options that would lose a job or make another of it are refused", "[decode]") {
  const std::string option = GENERATE(as<std::string>(), "uid", "gid", "wrap", "export",
      "export-file", "get-user-env", "job-name", "output", "error", "input", "open-mode", "chdir",
      "array", "requeue", "no-requeue", "parsable", "wait", "test-only", "clusters", "quiet",
      "verbose", "comment", "signal", "help", "usage", "version");
  for (const std::string& text : {"--" + option, "--" + option + "=1", "--" + option + "="}) {
    CAPTURE(text);
    CHECK(codes(extra(text)) == Codes{"E0220"});
  }
}

TEST_CASE("options with a key of their own name it", "[decode]") {
  const auto [option, key] = GENERATE(table<std::string, std::string>({
      {"account", "account"}, {"partition", "partition"}, {"qos", "qos"},
      {"constraint", "constraint"}, {"nodes", "nodes"}, {"ntasks", "tasks_per_node"},
      {"ntasks-per-node", "tasks_per_node"}, {"cpus-per-task", "cpus"}, {"gpus", "gpus"},
      {"gpus-per-node", "gpus"}, {"mem", "memory"}, {"time", "time"}, {"licenses", "licenses"},
      {"reservation", "reservation"}, {"exclusive", "exclusive"}, {"signal", "grace"},
      {"chdir", "workdir"}}));
  CAPTURE(option);
  const DecodedStudy decoded = extra("--" + option + "=1");
  REQUIRE(codes(decoded) == Codes{"E0220"});
  CHECK(decoded.problems[0].suggestion.find("\"" + key + "\"") != std::string::npos);
}

TEST_CASE("an abbreviation of a refused option is refused, as sbatch would take it", "[decode]") {
  const std::string option = GENERATE(as<std::string>(), "--wra=x", "--ui=0", "--exp=ALL",
      "--job=a", "--t=1", "--arra=0-9", "--clust=b", "--o=f");
  CAPTURE(option);
  CHECK(codes(extra(option)) == Codes{"E0220"});
}

TEST_CASE("an option that may take the next element for its value is refused", "[decode]") {
  const std::string option = GENERATE(as<std::string>(), "--exclude", "--mail-type", "--begin",
                                      "--of-a-plugin");
  const DecodedStudy decoded = extra(option);
  REQUIRE(codes(decoded) == Codes{"E0220"});
  CHECK(decoded.problems[0].suggestion.find(option + "=") != std::string::npos);
}

TEST_CASE("a short option is answered with its long form, or with why not", "[decode]") {
  const auto [option, remedy] = GENERATE(table<std::string, std::string>({
      {"-x", "write the long form, \"--exclude=…\""}, {"-H", "write the long form, \"--hold\""},
      {"-p", "write \"partition\": \"…\" in the executor"},
      {"-J", "remove it; hpo finds each job by the name that it gave it"},
      {"-Z", "write the long form, as in \"--mail-type=FAIL\""}}));
  CAPTURE(option);
  const DecodedStudy decoded = extra(option);
  REQUIRE(codes(decoded) == Codes{"E0115"});
  CHECK(decoded.problems[0].suggestion == remedy);
}

TEST_CASE("extra has limits in number and length", "[decode]") {
  const auto many = [](int count) {
    std::string list;
    for (int i = 0; i < count; ++i) list += i == 0 ? "\"--hold\"" : ", \"--hold\"";
    return codes(study("\"executor\": {\"type\": \"slurm\", \"extra\": [" + list + "]}"));
  };
  CHECK(many(0) == test::none);
  CHECK(many(64) == test::none);
  CHECK(many(65) == Codes{"E0109"});
  CHECK(codes(extra("--x=" + std::string(1020, 'x'))) == test::none);
  CHECK(codes(extra("--x=" + std::string(1021, 'x'))) == Codes{"E0109"});
}
