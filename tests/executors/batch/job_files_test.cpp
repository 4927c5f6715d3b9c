// job.sh as the node's bash runs it, with a program in hpo's place that tells what it was given.
#include <stdlib.h>
#include <sys/stat.h>

#include <catch2/catch.hpp>
#include <filesystem>

#include "executors/batch/command.hpp"
#include "executors/batch/job_files.hpp"
#include "tests/executors/support.hpp"

using namespace hpo;
using namespace hpo::batch;
using Catch::Contains;
using Catch::StartsWith;

namespace {

// A node with an hpo of ours, which writes down its arguments and environment.
struct Node {
  test::FreshDirectory root{};
  JobRequest request{};
  std::string hpo = root.path() + "/bin/hpo";

  Node() {
    std::filesystem::create_directories(root.path() + "/bin");
    program("hpo", "printf '%s\\n' \"$@\" > '" + root.path() + "/arguments'\n"
                   "env -0 > '" + root.path() + "/variables'\n");
    request.job = {.name = "hpoabcd12345678", .directory = root.path() + "/trial 1/1",
                   .native_id = {}, .identity = "of the attempt"};
    request.spec.params = "{}";
    request.environment.captured["PATH"] = root.path() + "/bin:/usr/bin:/bin";
  }
  void program(const std::string& name, const std::string& script) const {
    const std::string path = root.path() + "/bin/" + name;
    test::write(path, "#!/bin/bash\n" + script);
    REQUIRE(::chmod(path.c_str(), 0755) == 0);
  }
  // A file in the node's place of a shell's start: what it defines is there as `module` is.
  void profile(const std::string& script) const { test::write(path("profile"), script); }
  std::string path(const std::string& name) const { return root.path() + "/" + name; }
  std::string file(const std::string& name) const { return request.job.directory + "/" + name; }

  CommandResult run() const {
    const auto written = write_job_files(request);
    if (!written) FAIL(written.error().what);
    return run_script();
  }
  CommandResult run_script() const {
    Command command{.argv = {"bash", file("job.sh")},
                    .environment = {"BASH_ENV=" + path("profile")}};
    for (std::string& word : script_arguments(hpo, request)) {
      command.argv.push_back(std::move(word));
    }
    const auto done = batch::run(command);
    if (!done) FAIL(done.error().what);
    INFO(done->error);
    return *done;
  }
  bool has_started() const { return test::exists(path("arguments")); }
  bool has_variable(const std::string& entry) const {
    const std::string all = std::string(1, '\0') + test::read(path("variables"));
    return all.find('\0' + entry + '\0') != std::string::npos;
  }
};

// The training does not start; hpo is told why, as the job's log is.
void check_failure(const Node& node, const CommandResult& result, const std::string& key, int code,
                   const std::string& sentence) {
  CHECK_THAT(result.error, Contains("job.sh: " + sentence));
  CHECK_THAT(test::read(node.path("arguments")),
             StartsWith("exec\n" + node.request.job.directory + "\n--unprepared=" + key +
                        "\n--code=" + std::to_string(code) + "\n--why=" + sentence));
  CHECK(node.has_variable("HPO_JOB=" + node.request.job.name));
}

}  // namespace

TEST_CASE("a job carries out its directory and nothing else", "[job_files]") {
  const Node node;
  CHECK(node.run().is_good());
  CHECK(test::read(node.path("arguments")) == "exec\n" + node.request.job.directory + "\n");
}

TEST_CASE("a job bears the name that it was submitted under, whatever came later", "[job_files]") {
  Node node;
  node.request.environment.setup = "export HPO_JOB=hpoabcdsomebody";
  REQUIRE(write_job_files(node.request));
  JobRequest later = node.request;
  later.spec.job = "hpoabcdzzzzzzzz";  // of a second submission, while the first one waits
  REQUIRE(write_job_files(later));
  CHECK(node.run_script().is_good());
  CHECK(node.has_variable("HPO_JOB=" + node.request.job.name));
}

TEST_CASE("all jobs have the same script, whatever is asked of them", "[job_files]") {
  Node node;
  node.request.spec.params = R"json({"x": "$(touch pwned)"})json";
  node.request.environment.modules = {"cuda/12"};
  node.request.environment.setup = "true";
  check_failure(node, node.run(), "modules", 127, "this node has no command 'module'");
  CHECK(test::read(node.file("job.sh")) == job_script);
}

TEST_CASE("values of the environment arrive byte for byte and never meet the shell",
          "[job_files]") {
  Node node;
  const std::string pwned = node.path("pwned");
  const std::string value = GENERATE_COPY(as<std::string>(), "$(touch " + pwned + ")",
                                          "`touch " + pwned + "`", "two\nlines\n\n", "'\"\\ * ? ~",
                                          "a=b=c", "", " ", "; touch " + pwned, "\xff\xfe", "é🎉",
                                          "-n", "${hpo_program}", "%s\\n");
  INFO(value);
  node.request.environment.captured["HOSTILE"] = value;
  CHECK(node.run().is_good());
  CHECK(node.has_variable("HOSTILE=" + value));
  CHECK_FALSE(test::exists(pwned));
}

TEST_CASE("variables with names of the script's own do no harm", "[job_files]") {
  Node node;
  for (const char* name : {"hpo", "directory", "conda", "venv", "base", "module", "IFS", "entry"}) {
    node.request.environment.captured[name] = "/elsewhere";
  }
  node.request.environment.captured["UID"] = "0";  // bash keeps it for itself, and says so
  CHECK(node.run().is_good());
  CHECK(node.has_variable("directory=/elsewhere"));
}

TEST_CASE("the directory for temporary files stays on the submitting node", "[job_files]") {
  Node node;
  node.request.environment.captured["TMPDIR"] = "/tmp/of/the/login/node";
  CHECK(node.run().is_good());
  CHECK_FALSE(node.has_variable("TMPDIR=/tmp/of/the/login/node"));
}

TEST_CASE("modules are loaded in their order, each by its whole name", "[job_files]") {
  Node node;
  node.profile("module() { echo \"$@\" >> '" + node.path("loaded") + "'; export M_$2=1; }\n");
  node.request.environment.modules = {"gcc", "cuda"};
  CHECK(node.run().is_good());
  CHECK(test::read(node.path("loaded")) == "load gcc\nload cuda\n");
  CHECK(node.has_variable("M_cuda=1"));
}

TEST_CASE("a module that cannot be loaded ends the job with its name", "[job_files]") {
  Node node;
  node.request.environment.modules = {"gcc", "cuda"};
  check_failure(node, node.run(), "modules", 127, "this node has no command 'module'");
  node.profile("module() { [ \"$2\" != cuda ]; }\n");
  check_failure(node, node.run(), "modules", 1, "'module load cuda' failed");
}

TEST_CASE("conda is activated by its own script", "[job_files]") {
  Node node;
  std::filesystem::create_directories(node.path("conda/etc/profile.d"));
  node.request.environment.conda = "my env";
  check_failure(node, node.run(), "conda", 127, "'conda info --base' failed");
  node.program("conda", "[ \"$*\" = 'info --base' ] && echo '" + node.path("conda") + "'\n");
  check_failure(node, node.run(), "conda", 1, node.path("conda/etc/profile.d/conda.sh failed"));
  const std::string script = node.path("conda/etc/profile.d/conda.sh");
  test::write(script, "conda() { return 1; }\n");
  check_failure(node, node.run(), "conda", 1, "'conda activate my env' failed");
  test::write(script, "conda() { export CONDA_DEFAULT_ENV=\"$2\"; }\n");
  CHECK(node.run().is_good());
  CHECK(node.has_variable("CONDA_DEFAULT_ENV=my env"));
}

TEST_CASE("a venv is activated, and named if that fails", "[job_files]") {
  Node node;
  node.request.environment.venv = node.path("my venv");
  check_failure(node, node.run(), "venv", 1,
                "'. " + node.path("my venv/bin/activate") + "' failed");
  std::filesystem::create_directories(node.path("my venv/bin"));
  test::write(node.path("my venv/bin/activate"), "export VIRTUAL_ENV=here\n");
  CHECK(node.run().is_good());
  CHECK(node.has_variable("VIRTUAL_ENV=here"));
}

TEST_CASE("the study's setup is run as it is written, last, in the shell of the job",
          "[job_files]") {
  Node node;
  node.request.environment.setup = "# a comment\nexport A='$B'\nexport LINE=\"it's\n2\"\ncd /\n"
                                   "directory=/gone conda=x hpo=y\nset -u";
  CHECK(node.run().is_good());
  CHECK(node.has_variable("A=$B"));
  CHECK(node.has_variable("LINE=it's\n2"));
  CHECK(test::read(node.path("arguments")) == "exec\n" + node.request.job.directory + "\n");
}

TEST_CASE("what is sourced does not see the job's own arguments", "[job_files]") {
  Node node;
  node.profile("module() { :; }\n");
  node.request.environment.modules = {"gcc"};
  node.request.environment.setup = "export COUNT=$#";
  CHECK(node.run().is_good());
  CHECK(node.has_variable("COUNT=0"));
}

TEST_CASE("a setup that fails or leaves the shell ends the job with its exit code and its line",
          "[job_files]") {
  const auto [setup, code, sentence] = GENERATE(table<std::string, int, std::string>({
      {"false", 1, "ended with exit code 1; its line 1 had failed: false\n"},
      {"true\nno-such-program x\n", 127,
       "ended with exit code 127; its line 2 had failed: no-such-program x\n"},
      {"f() {\n  false\n}\nf", 1, "ended with exit code 1; its line 4 had failed: f\n"},
      {"false\nreturn 7", 7, "ended with exit code 7\n"},
      {"exit 3", 3, "left the shell with exit code 3\n"},
      {"set -e\n(exit 5)\ntrue", 5,
       "left the shell with exit code 5; its line 2 had failed: (exit 5)\n"},
      {"exit 0", 0, "left the shell with exit code 0\n"},
      {"IFS=01\nset -u\nfalse", 1, "ended with exit code 1; its line 3 had failed: false\n"},
      {"if", 2, "ended with exit code 2\n"}}));
  INFO(setup);
  Node node;
  node.request.environment.setup = setup;
  check_failure(node, node.run(), "setup", code, "the study's \"setup\" " + sentence);
}

TEST_CASE("a failure in the middle of a setup that goes on is none", "[job_files]") {
  Node node;
  node.request.environment.setup = "false\nif false; then true; fi";
  CHECK(node.run().is_good());
  CHECK(test::read(node.path("arguments")) == "exec\n" + node.request.job.directory + "\n");
}

TEST_CASE("a setup whose job is told to end is known by its exit code", "[job_files]") {
  Node node;
  node.request.environment.setup = "kill -TERM $$\nsleep 20 & wait $!";
  check_failure(node, node.run(), "setup", 143, "the study's \"setup\" left the shell");
}

TEST_CASE("a node that does not see the directory says so", "[job_files]") {
  Node node;
  REQUIRE(write_job_files(node.request));
  const std::string name = GENERATE("attempt.json", "environment");
  std::filesystem::remove(node.file(name));
  const CommandResult result = node.run_script();
  CHECK(result.exit_code == exit_unprepared);
  CHECK_THAT(result.error, Contains("job.sh: this node cannot read " + node.file(name)));
  CHECK_FALSE(node.has_started());
}

TEST_CASE("an hpo that is not on the node ends the job as shells do", "[job_files]") {
  Node node;
  node.hpo = "/no/such/hpo";
  CHECK(node.run().exit_code == 127);
}

TEST_CASE("the script has nothing that shellcheck minds", "[job_files]") {
  const Node node;
  REQUIRE(write_job_files(node.request));
  const auto done = batch::run({.argv = {"shellcheck", node.file("job.sh")}});
  if (!done) {
    WARN("shellcheck is not installed");
    return;
  }
  INFO(done->output);
  CHECK(done->is_good());
}

TEST_CASE("files of a job are written again as they were", "[job_files]") {
  Node node;
  node.request.environment.setup = "true";
  REQUIRE(write_job_files(node.request));
  const std::string environment = test::read(node.file("environment"));
  REQUIRE(write_job_files(node.request));
  CHECK(test::read(node.file("environment")) == environment);
  CHECK(test::read(node.file("setup.sh")) == "true\n");
  CHECK_THAT(environment, Contains("PATH=" + node.root.path()));
}

TEST_CASE("a disk that cannot be written is a wait, not a refusal", "[job_files]") {
  Node node;
  node.request.job.directory = "/proc/trials/1";
  const auto written = write_job_files(node.request);
  REQUIRE_FALSE(written);
  CHECK((written.error().code == ErrorCode::unavailable ||
         written.error().code == ErrorCode::not_found));
}
