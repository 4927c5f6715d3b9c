// Jobs for trials, or workers that ask for them.
#include <catch2/catch.hpp>

#include "schema/attempt_spec.hpp"
#include "tests/schema/decode/support.hpp"

using namespace hpo;
using test::Codes;
using test::codes;
using test::study;

TEST_CASE("a job for each trial is the default, and may be written", "[decode]") {
  CHECK(codes(study(R"("dispatch": "job_per_trial")")) == test::none);
  CHECK_FALSE(decode_study(study("\"seed\": 1")).spec->is_pulled());
}

TEST_CASE("trials of the executor external are pulled, with or without the word", "[decode]") {
  const std::string extra = GENERATE(as<std::string>(), R"("executor": "external")",
      R"("executor": {"type": "external", "lease": "30s"}, "dispatch": "workers")");
  const DecodedStudy decoded = decode_study(study(extra));
  REQUIRE(decoded.spec);
  CHECK(decoded.spec->is_pulled());
}

TEST_CASE("only there may the command be missing", "[decode]") {
  const std::string head = R"({"name": "toy", "space": {"x": {"float": [0, 1]}},
      "objective": {"minimize": "loss"}, "executor": )";
  CHECK(codes(head + "\"external\"}") == test::none);
  CHECK(codes(head + "{\"type\": \"external\"}}") == test::none);
  CHECK(codes(head + "\"local\"}") == Codes{"E0102"});
}

TEST_CASE("a dispatch that cannot be is refused", "[decode]") {
  const auto [extra, code] = GENERATE(table<std::string, std::string>({
      {R"("dispatch": "workers")", "E0233"}, {R"("workers": 3)", "E0233"},
      {R"("dispatch": "workers", "workers": 0)", "E0105"},
      {R"("dispatch": "workers", "workers": 10001)", "E0105"},
      {R"("dispatch": "workers", "workers": "3")", "E0103"},
      {R"("dispatch": "workers", "workers": 3, "executor": "simulated")", "E0233"},
      {R"("dispatch": "workers", "workers": 3, "executor": "external")", "E0233"},
      {R"("dispatch": "workers", "workers": 3, "executor": "slurm")", "E0233"},
      {R"("dispatch": "workers", "workers": 3, "executor": {"type": "local", "slots": 33334})",
       "E0233"},
      {R"("dispatch": "workers", "workers": 3, "executor": {"type": "slurm", "time": "1h",
          "nodes": 2})", "E0233"},
      {R"("dispatch": "workers", "workers": 3, "executor": {"type": "slurm", "time": "2h"},
          "budget": {"node_hours": 1.5})", "E0222"},
      {R"("dispatch": "workers", "workers": 3, "executor": {"type": "slurm", "time": "1h"},
          "retry": {"scale": {"time": 2}, "on": ["timeout"]})", "E0233"},
      {R"("executor": {"type": "slurm", "slots": 3})", "E0233"},
      {R"("executor": {"type": "slurm", "lease": "30s"})", "E0233"},
      {R"("dispatch": "jobs")", "E0108"}, {R"("dispatch": 1)", "E0103"},
      {R"("executor": "external", "dispatch": "job_per_trial")", "E0111"},
      {R"("warm": true)", "E0111"}, {R"("executor": "external", "warm": 1)", "E0103"},
      {R"("executor": {"type": "external", "lease": "0s"})", "E0212"},
      {R"("executor": {"type": "external", "lease": "0.001s"})", "E0212"},
      {R"("executor": {"type": "external", "lease": "25h"})", "E0212"},
      {R"("executor": {"type": "external", "lease": 30})", "E0106"},
      {R"("executor": {"type": "external", "slots": 3})", "E0111"},
      {R"("executor": {"type": "simulated", "lease": "30s"})", "E0111"},
      {R"("executor": {"type": "local", "lease": "30s"})", "E0233"}}));
  CAPTURE(extra);
  CHECK(codes(study(extra)) == Codes{code});
}

TEST_CASE("workers may fork trials from a script that has loaded", "[decode]") {
  const auto is_warm = [](const std::string& extra) {
    return attempt_spec_of(*decode_study(study(extra)).spec).is_warm;
  };
  CHECK(is_warm(R"("executor": "external", "warm": true)"));
  CHECK_FALSE(is_warm(R"("executor": "external")"));
  CHECK_FALSE(is_warm(R"("warm": false)"));
}

TEST_CASE("what is told to mend fits the executor and the study's name", "[decode]") {
  const auto mend = [](const std::string& extra) {
    return decode_study(study(extra)).problems.at(0).suggestion;
  };
  CHECK(mend(R"("executor": "simulated", "warm": true)") ==
        "remove it: the executor \"simulated\" starts no process");
  CHECK(mend(R"("pruner": "promotion")") ==
        R"(write "pruner": {"type": "asha", "options": {"type": "promotion"}})");
  CHECK(mend(R"("pruner": {"type": "asha", "promotion": true}, )"
             R"("fidelity": {"name": "epochs", "min": 1, "max": 9})") ==
        R"(write "pruner": {"type": "asha", "options": {"type": "promotion"}})");
}

TEST_CASE("a lease is kept, and is two minutes where none is given", "[decode]") {
  const auto lease_of = [](const std::string& executor) {
    return decode_study(study("\"executor\": " + executor)).spec->executor.lease.count();
  };
  CHECK(lease_of("\"external\"") == 120);
  CHECK(lease_of(R"({"type": "external", "lease": "1s"})") == 1);
  CHECK(lease_of(R"({"type": "external", "lease": "24h"})") == 86400);
}

TEST_CASE("worker jobs of so many slots use all of them, unless parallel says less", "[decode]") {
  const auto [extra, parallel, slots] = GENERATE(table<std::string, int, int>({
      {R"("executor": {"type": "local", "slots": 4})", 12, 12},
      {R"("executor": {"type": "slurm", "time": "1h", "slots": 4}, "parallel": 7)", 7, 7},
      {R"("executor": {"type": "local", "slots": 33333})", 99'999, 99'999},
      {R"("parallel": 9)", 9, 3}, {R"("executor": "local")", 3, 3}}));
  CAPTURE(extra);
  const auto decoded = decode_study(study(R"("dispatch": "workers", "workers": 3, )" + extra));
  REQUIRE(decoded.spec);
  CHECK(decoded.spec->is_pulled());
  CHECK(decoded.spec->has_worker_jobs());
  CHECK(decoded.spec->parallel == parallel);
  CHECK(decoded.spec->slots() == slots);
}

TEST_CASE("more in parallel than all slots of all workers is never reached", "[decode]") {
  const std::string two = R"("dispatch": "workers", "workers": 2, )"
                          R"("executor": {"type": "local", "slots": 3}, )";
  CHECK(codes(study(two + R"("parallel": 6)")) == test::none);
  CHECK(codes(study(two + R"("parallel": 7)")) == Codes{"W0404"});
}

TEST_CASE("a lease longer than what it is of is warned of, and has its place", "[decode]") {
  const std::string jobs = R"("dispatch": "workers", "workers": 2, "executor": )";
  CHECK(codes(study(jobs + R"({"type": "slurm", "time": "1h", "lease": "1h"})")) == test::none);
  CHECK(codes(study(jobs + R"({"type": "slurm", "time": "1h", "lease": "61m"})")) ==
        Codes{"W0404"});
  CHECK(codes(study(R"("executor": {"type": "external", "time": "1m", "lease": "2m"})")) ==
        Codes{"W0404"});
  CHECK(codes(study(R"("executor": {"type": "external", "time": "1m"})")) == test::none);
  const DecodedStudy at_top = decode_study(study(R"("executor": "external", "lease": "30s")"));
  REQUIRE(codes(at_top) == Codes{"E0101"});
  CHECK(at_top.problems.front().suggestion.find("stands in the executor") != std::string::npos);
}

TEST_CASE("node-hours for fewer worker jobs than there should be are warned of", "[decode]") {
  const auto with = [](const std::string& hours) {
    return codes(study(R"("dispatch": "workers", "workers": 4, "executor": {"type": "slurm",
        "time": "4h"}, "budget": {"node_hours": )" + hours + "}"));
  };
  CHECK(with("16") == test::none);
  CHECK(with("15.9") == Codes{"W0404"});
  CHECK(with("4") == Codes{"W0404"});
  CHECK(with("3.9") == Codes{"E0222"});
}

TEST_CASE("warm is without effect where no command could be kept", "[decode]") {
  const std::string by_hand = R"({"name": "toy", "space": {"x": {"float": [0, 1]}},
      "objective": {"minimize": "loss"}, "executor": "external", )";
  CHECK(codes(by_hand + R"("warm": true})") == Codes{"W0406"});
  CHECK(codes(by_hand + R"("warm": false})") == test::none);
  CHECK(codes(by_hand + R"("warm": true, "command": ["./train"]})") == test::none);
}

TEST_CASE("warm trainings and a container exclude each other", "[decode]") {
  const std::string jobs = R"("dispatch": "workers", "workers": 2, "executor": {"type": "slurm",
      "time": "4h"}, "environment": {"container": {"image": "ml.sif"}})";
  CHECK(codes(study(jobs)) == test::none);
  CHECK(codes(study(jobs + R"(, "warm": true)")) == Codes{"E0233"});
}

TEST_CASE("only workers that are started by hand may do without a command", "[decode]") {
  CHECK(codes(R"({"name": "toy", "space": {"x": {"float": [0, 1]}}, "dispatch": "workers",
      "workers": 2, "objective": {"minimize": "loss"}})") == Codes{"E0102"});
}
