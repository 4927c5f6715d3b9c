// Profiles: hpod.json says them, a study names them.
#include <catch2/catch.hpp>

#include "tests/schema/decode/support.hpp"

using namespace hpo;
using Catch::Contains;
using test::Codes;
using test::codes;
using test::study;

namespace {

constexpr const char* gpu = R"({"profiles": {
  "gpu": {"type": "slurm", "account": "m1", "gpus": 4, "time": "4h", "grace": "5m",
          "environment": {"modules": ["python"], "conda": "ml", "vars": {"A": "1", "B": "2"}}},
  "here": {"type": "local", "slots": 2}
}})";

std::string add(const std::string& text, Profiles& profiles) {
  const json::Parsed parsed = json::parse(text);
  REQUIRE(parsed.problems.empty());
  return read_profiles(parsed.root, text, "hpod.json", profiles);
}

Profiles profiles_of(const std::string& text) {
  Profiles profiles;
  const std::string errors = add(text, profiles);
  INFO(errors);
  REQUIRE(errors.empty());
  return profiles;
}

std::string errors_of(const std::string& profiles) {
  Profiles none;
  const std::string errors = add("{\"profiles\": {\n  " + profiles + "\n}}", none);
  CHECK(none.empty());
  return errors;
}

DecodedStudy profiled(const std::string& members, const std::string& config = gpu) {
  const Profiles profiles = profiles_of(config);
  return decode_study(study(members), {.profiles = &profiles});
}

StudySpec spec_of(const std::string& members) {
  DecodedStudy decoded = profiled(members);
  INFO(render_all(decoded, study(members), "study.json"));
  REQUIRE(decoded.spec);
  return *decoded.spec;
}

}  // namespace

TEST_CASE("a study that names a profile has its executor and environment", "[decode]") {
  const std::string member = GENERATE(as<std::string>(), R"("executor": "gpu")",
                                      R"("executor": {"profile": "gpu"})");
  const StudySpec spec = spec_of(member);
  CHECK(spec.executor.type == "slurm");
  CHECK((spec.executor.batch.account == "m1" && spec.executor.gpus == 4));
  CHECK(spec.executor.time == std::chrono::hours(4));
  CHECK(spec.environment.modules == std::vector<std::string>{"python"});
  CHECK(spec.environment.conda == "ml");
}

TEST_CASE("single values of a study go before those of its profile", "[decode]") {
  const StudySpec spec = spec_of(
      R"("executor": {"profile": "gpu", "time": "1h", "qos": "debug"},
         "environment": {"vars": {"B": "3", "C": "4"}, "modules": []})");
  CHECK(spec.executor.time == std::chrono::hours(1));
  CHECK((spec.executor.batch.qos == "debug" && spec.executor.batch.account == "m1"));
  CHECK(spec.environment.vars ==
        std::map<std::string, std::string>{{"A", "1"}, {"B", "3"}, {"C", "4"}});
  CHECK(spec.environment.modules.empty());
  CHECK(spec.environment.conda == "ml");
}

TEST_CASE("a study's own Python goes before that of its profile", "[decode]") {
  const StudySpec spec = spec_of(R"("executor": "gpu", "environment": {"venv": "/v"})");
  CHECK((spec.environment.venv == "/v" && spec.environment.conda.empty()));
}

TEST_CASE("a profile of any executor can be named", "[decode]") {
  CHECK(spec_of(R"("parallel": 2, "executor": "here")").executor.slots == 2);
  CHECK(codes(profiled(R"("parallel": 2, "executor": {"profile": "here", "account": "a"})")) ==
        Codes{"E0111"});
}

TEST_CASE("a name that is not known lists those that there are", "[decode]") {
  const DecodedStudy decoded = profiled(R"("executor": "gpuu")");
  REQUIRE(codes(decoded) == Codes{"E0223"});
  CHECK(decoded.problems[0].suggestion == "gpu");
  CHECK_THAT(decoded.problems[0].note, Contains("profiles: gpu here"));
  CHECK(codes(profiled(R"("executor": {"profile": "nothing", "time": 7})")) == Codes{"E0223"});
  const DecodedStudy without = decode_study(study(R"("executor": "nothing")"));
  REQUIRE(codes(without) == Codes{"E0223"});
  CHECK_THAT(without.problems[0].suggestion, Contains("hpod.json"));
}

TEST_CASE("profile and type exclude each other, and a profile's name is a text", "[decode]") {
  CHECK(codes(profiled(R"("executor": {"profile": "gpu", "type": "slurm"})")) == Codes{"E0110"});
  CHECK(codes(profiled(R"("executor": {"profile": 7})")) == Codes{"E0103"});
}

TEST_CASE("what does not fit together with a profile is told where the study names it",
          "[decode]") {
  const std::string members = R"("executor": {"profile": "gpu", "time": "2m"})";
  const DecodedStudy decoded = profiled(members);
  REQUIRE(codes(decoded) == Codes{"E0218"});
  CHECK(study(members).substr(decoded.problems[0].at.offset, 5) == "\"gpu\"");
}

TEST_CASE("what is wrong in a profile is told by line and column of hpod.json", "[decode]") {
  CHECK_THAT(errors_of(R"("gpu": {"type": "slurm", "tiem": "4h"})"),
             Contains("hpod.json:2:28: error[HPO-E0101]") && Contains("/profiles/gpu/tiem") &&
                 Contains("did you mean \"time\"?"));
  CHECK_THAT(errors_of(R"("gpu": {"type": "slurm", "environment": {"venv": "v"}})"),
             Contains("error[HPO-E0112]") && Contains("/profiles/gpu/environment/venv"));
}

TEST_CASE("profiles are refused as studies are", "[decode]") {
  const auto [profile, code] = GENERATE(table<std::string, std::string>({
      {R"("a": 7)", "E0103"}, {R"("a": {"time": "4h"})", "E0102"},
      {R"("a": {"type": "slrum"})", "E0108"}, {R"("a": {"type": "pbs"})", "E0310"},
      {R"("a b": {"type": "local"})", "E0107"}, {R"("slurm": {"type": "slurm"})", "E0208"},
      {R"("pbs": {"type": "slurm"})", "E0208"}, {R"("a": {"profile": "b"})", "E0111"},
      {R"("a": {"type": "local", "environment": {"conda": "b"}})", "E0311"},
      {R"("a": {"type": "local", "environment": 1})", "E0103"},
      {R"("a": {"type": "slurm", "time": "1m", "grace": "1m"})", "E0218"}}));
  CAPTURE(profile);
  CHECK_THAT(errors_of(profile), Contains("error[HPO-" + code + "]"));
}

TEST_CASE("a later profile of the same name replaces the earlier one as a whole", "[decode]") {
  Profiles profiles = profiles_of(gpu);
  REQUIRE(add(R"({"profiles": {"gpu": {"type": "slurm"}}})", profiles).empty());
  const DecodedStudy decoded =
      decode_study(study(R"("executor": "gpu")"), {.profiles = &profiles});
  REQUIRE(decoded.spec);
  CHECK((decoded.spec->executor.gpus == 0 && decoded.spec->environment.modules.empty()));
  CHECK(profiles.contains("here"));
}
