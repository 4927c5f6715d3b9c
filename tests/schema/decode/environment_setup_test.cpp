// What a job of a batch system does on its node before the training.
#include <catch2/catch.hpp>

#include "tests/schema/decode/support.hpp"

using namespace hpo;
using test::Codes;
using test::codes;
using test::study;

namespace {

std::string on_slurm(const std::string& members) {
  return study("\"executor\": \"slurm\", \"environment\": {" + members + "}");
}

std::string names(const std::string& key, int count, const std::string& name) {
  std::string list;
  for (int i = 0; i < count; ++i) {
    list += (i == 0 ? "\"" : ", \"") + name + std::to_string(i) + "\"";
  }
  return "\"" + key + "\": [" + list + "]";
}

std::string container(const std::string& members) {
  return on_slurm("\"container\": {" + members + "}");
}

}  // namespace

TEST_CASE("a set-up is decoded as a whole", "[decode]") {
  const DecodedStudy decoded = decode_study(on_slurm(
      R"("modules": ["python/3.11", "cuda"], "conda": "ml", "setup": "a\nb\n", "secrets": ["K"],
         "container": {"runtime": "podman", "image": "docker.io/a:1", "binds": ["/a", "/b:/c"],
                       "gpu": true})"));
  REQUIRE(decoded.spec);
  const EnvironmentSpec& environment = decoded.spec->environment;
  CHECK(environment.modules == std::vector<std::string>{"python/3.11", "cuda"});
  CHECK((environment.conda == "ml" && environment.venv.empty()));
  CHECK(environment.setup == "a\nb\n");
  CHECK(environment.secrets == std::vector<std::string>{"K"});
  CHECK(environment.container == ContainerSpec{.runtime = ContainerRuntime::podman,
                                               .image = "docker.io/a:1",
                                               .binds = {"/a", "/b:/c"}, .has_gpu = true});
}

TEST_CASE("set-up on a node is for batch systems", "[decode]") {
  const std::string member = GENERATE(as<std::string>(), R"("modules": [])", R"("conda": "ml")",
      R"("venv": "/v")", R"("setup": "a")", R"("container": {})");
  const std::string environment = "\"environment\": {" + member + "}";
  CAPTURE(member);
  CHECK(codes(study(environment)) == Codes{"E0311"});
  CHECK(codes(study("\"executor\": {\"type\": \"local\"}, " + environment)) == Codes{"E0311"});
  CHECK(codes(study("\"executor\": \"simulated\", " + environment)) == Codes{"E0311"});
}

TEST_CASE("secrets are for every executor", "[decode]") {
  for (const char* executor : {"local", "simulated", "slurm"}) {
    const DecodedStudy decoded = decode_study(
        study("\"executor\": \"" + std::string(executor) +
              R"(", "environment": {"secrets": ["WANDB_API_KEY"]})"));
    REQUIRE(decoded.spec);
    CHECK(decoded.spec->environment.secrets == std::vector<std::string>{"WANDB_API_KEY"});
  }
  CHECK(codes(study(R"("environment": {"vars": {"A": ""}, "secrets": ["A"]})")) ==
        Codes{"E0209"});
}

TEST_CASE("an executor that is not known says nothing about the set-up", "[decode]") {
  const std::string environment = R"(, "environment": {"modules": ["a"]})";
  CHECK(codes(study(R"("executor": "slrum")" + environment)) == Codes{"E0223"});
  CHECK(codes(study(R"("executor": {"type": "pbs"})" + environment)) == Codes{"E0310"});
  CHECK(codes(study(R"("executor": 7)" + environment)) == Codes{"E0103"});
}

TEST_CASE("modules are names that no shell takes for more", "[decode]") {
  const auto [name, code] = GENERATE(table<std::string, std::string>({
      {"python/3.11", ""}, {"c++", ""}, {".hidden/1", ""}, {"a:b", ""}, {"", "E0107"},
      {"-f", "E0107"}, {"a b", "E0107"}, {"a;b", "E0107"}, {"$(x)", "E0107"}, {"a\\nb", "E0107"},
      {"a\\n", "E0107"}, {std::string(128, 'a'), ""}, {std::string(129, 'a'), "E0107"}}));
  CAPTURE(name);
  CHECK(codes(on_slurm("\"modules\": [\"" + name + "\"]")) ==
        (code.empty() ? test::none : Codes{code}));
}

TEST_CASE("conda has a name or a path, venv a path, and only one of them is there", "[decode]") {
  const auto [members, code] = GENERATE(table<std::string, std::string>({
      {R"("conda": "ml-2026")", ""}, {R"("conda": "/opt/envs/my env")", ""},
      {R"("conda": "-p")", "E0107"}, {R"("conda": "a/b")", "E0107"}, {R"("conda": "")", "E0107"},
      {R"("conda": "/a\nb")", "E0112"}, {R"("venv": "/home/you/my venv")", ""},
      {R"("venv": "venv")", "E0112"}, {R"("venv": "~/venv")", "E0112"},
      {R"("venv": "/a\tb")", "E0112"}, {R"("venv": "")", "E0109"}, {R"("venv": 1)", "E0103"},
      {R"("conda": "a", "venv": "/b")", "E0110"}}));
  CAPTURE(members);
  CHECK(codes(on_slurm(members)) == (code.empty() ? test::none : Codes{code}));
  CHECK(codes(on_slurm("\"venv\": \"/" + std::string(4095, 'a') + "\"")) == test::none);
  CHECK(codes(on_slurm("\"venv\": \"/" + std::string(4096, 'a') + "\"")) == Codes{"E0109"});
}

TEST_CASE("shell lines have a limit, and no zero byte", "[decode]") {
  CHECK(codes(on_slurm("\"setup\": \"" + std::string(65536, 'a') + "\"")) == test::none);
  CHECK(codes(on_slurm("\"setup\": \"" + std::string(65537, 'a') + "\"")) == Codes{"E0109"});
  CHECK(codes(on_slurm(R"("setup": "a\u0000b")")) == Codes{"E0005"});
  CHECK(codes(on_slurm(R"("setup": ["a"])")) == Codes{"E0103"});
}

TEST_CASE("secrets are names of variables, and stand nowhere in the open", "[decode]") {
  const auto [members, code] = GENERATE(table<std::string, std::string>({
      {R"("secrets": ["WANDB_API_KEY", "_b"])", ""}, {R"("secrets": ["a/b"])", "E0107"},
      {R"("secrets": ["../x"])", "E0107"}, {R"("secrets": ["HPO_JOB"])", "E0208"},
      {R"("secrets": "A")", "E0103"}, {R"("vars": {"A": "1"}, "secrets": ["A"])", "E0209"},
      {R"("inherit": ["A"], "secrets": ["A"])", "E0209"}}));
  CAPTURE(members);
  CHECK(codes(on_slurm(members)) == (code.empty() ? test::none : Codes{code}));
}

TEST_CASE("a container has an image, and directories that it sees", "[decode]") {
  const auto [members, code] = GENERATE(table<std::string, std::string>({
      {R"("image": "a.sif")", ""}, {R"("image": "docker://x/y:1")", ""}, {"", "E0102"},
      {R"("imgae": "a.sif")", "E0101"}, {R"("image": "")", "E0109"}, {R"("image": "-a")", "E0112"},
      {R"("image": "a\nb")", "E0112"}, {R"("image": "a", "runtime": "docker")", "E0108"},
      {R"("image": "a", "gpu": 1)", "E0103"}, {R"("image": "a", "binds": ["/a b:/c"])", ""},
      {R"("image": "a", "binds": ["/:/"])", ""}, {R"("image": "a", "binds": ["a"])", "E0112"},
      {R"("image": "a", "binds": ["/a:b"])", "E0112"},
      {R"("image": "a", "binds": ["/a:"])", "E0112"},
      {R"("image": "a", "binds": ["/a:/b:ro"])", "E0112"},
      {R"("image": "a", "binds": ["/a,/b"])", "E0112"},
      {R"("image": "a", "binds": ["/a;b"])", "E0112"},
      {R"("image": "a", "binds": ["/a\nb"])", "E0112"}}));
  CAPTURE(members);
  CHECK(codes(container(members)) == (code.empty() ? test::none : Codes{code}));
}

TEST_CASE("lists of a set-up have limits", "[decode]") {
  for (const char* key : {"modules", "secrets"}) {
    CHECK(codes(on_slurm(names(key, 64, "A"))) == test::none);
    CHECK(codes(on_slurm(names(key, 65, "A"))) == Codes{"E0109"});
  }
  CHECK(codes(container("\"image\": \"a\", " + names("binds", 64, "/a"))) == test::none);
  CHECK(codes(container("\"image\": \"a\", " + names("binds", 65, "/a"))) == Codes{"E0109"});
}
