// What submit takes along from its shell, and where the training starts.
#include "cli/capture.hpp"

#include <catch2/catch.hpp>

using namespace hpo::cli;

namespace {

std::string shell(const char* name) {
  const std::map<std::string, std::string> variables = {{"PATH", "/bin"},
                                                        {"HOME", "/h"},
                                                        {"LANG", ""},
                                                        {"WANDB_MODE", "offline"},
                                                        {"SECRET_TOKEN", "s"}};
  const auto found = variables.find(name);
  return found == variables.end() ? std::string() : found->second;
}

}  // namespace

TEST_CASE("a fixed list and what the study inherits is captured, nothing else", "[cli]") {
  CHECK(captured_environment({}, shell) ==
        std::map<std::string, std::string>{{"PATH", "/bin"}, {"HOME", "/h"}});
  CHECK(captured_environment({"WANDB_MODE", "NOT_SET"}, shell) ==
        std::map<std::string, std::string>{
            {"PATH", "/bin"}, {"HOME", "/h"}, {"WANDB_MODE", "offline"}});
}

TEST_CASE("the workdir is the study file's directory, or below it, or absolute", "[cli]") {
  CHECK(directory_of_file("study.json", "/here") == "/here");
  CHECK(directory_of_file("sub/study.json", "/here") == "/here/sub");
  CHECK(directory_of_file("/a/study.json", "/here") == "/a");
  CHECK(directory_of_file("/study.json", "/here") == "/");
  CHECK(directory_of_file("-", "/here") == "/here");

  hpo::StudySpec spec;
  CHECK(as_submitted(spec, "/a", shell).workdir == "/a");
  spec.workdir = "sub/./dir";
  CHECK(as_submitted(spec, "/a", shell).workdir == "/a/sub/dir");
  spec.workdir = "/elsewhere";
  CHECK(as_submitted(spec, "/a", shell).workdir == "/elsewhere");
}

TEST_CASE("where secrets lie is captured with a study that has some, never what they hold",
          "[cli]") {
  const auto lookup = [](const char* name) {
    if (std::string_view(name) == "XDG_CONFIG_HOME") return std::string("/h/etc");
    return shell(name);
  };
  hpo::StudySpec spec;
  CHECK(as_submitted(spec, "/a", lookup).environment.captured.count("XDG_CONFIG_HOME") == 0);
  spec.environment.secrets = {"SECRET_TOKEN"};
  CHECK(as_submitted(spec, "/a", lookup).environment.captured ==
        std::map<std::string, std::string>{
            {"PATH", "/bin"}, {"HOME", "/h"}, {"XDG_CONFIG_HOME", "/h/etc"}});
}

TEST_CASE("what a file claims to have captured is not believed", "[cli]") {
  hpo::StudySpec spec;
  spec.environment.captured = {{"LD_PRELOAD", "/evil.so"}};
  CHECK(as_submitted(spec, "/a", shell).environment.captured.count("LD_PRELOAD") == 0);
}
