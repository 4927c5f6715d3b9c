// Secrets: files of mode 0600 that become variables, and show nowhere else.
#include "executors/runner/secrets.hpp"

#include <sys/stat.h>
#include <unistd.h>

#include <catch2/catch.hpp>
#include <filesystem>

#include "tests/executors/support.hpp"

using namespace hpo;
using Catch::Contains;

namespace {

constexpr const char* canary = "canary-5e2f1c90";

void write_secret(const std::string& path, const std::string& text, mode_t mode = 0600) {
  test::write(path, text);
  REQUIRE(::chmod(path.c_str(), mode) == 0);
}

// A study's attempt with the secret K in the HOME of its training.
struct Kept {
  explicit Kept(const std::string& script) : scene(test::shell(script)) {
    REQUIRE(std::filesystem::create_directories(directory()));
    scene.spec.environment["HOME"] = scene.workdir();
    scene.spec.secrets = {"K"};
  }
  std::string directory() const { return scene.workdir() + "/.config/hpo/secrets"; }
  std::string path() const { return directory() + "/K"; }

  test::Scene scene;
};

// It has the secret if it can say how its file begins.
constexpr const char* tells = R"(read -r key < $HOME/.config/hpo/secrets/K; [ "$K" = "$key" ] && )"
                              R"(env | grep -c ^K= > count; echo '{"auc": 1}' > $HPO_RESULT_FILE)";

std::string error_of(const std::string& directory, const std::string& name = "K") {
  const auto read = runner::read_secret(directory, name);
  REQUIRE_FALSE(read);
  CHECK_THAT(read.error().what + read.error().remedy, !Contains(canary));
  return read.error().what + "\n" + read.error().where + "\n" + read.error().remedy;
}

}  // namespace

TEST_CASE("a secret becomes a variable of the training, and is in no file of the attempt",
          "[runner]") {
  Kept kept(tells);
  write_secret(kept.path(), std::string(canary) + "\n");
  kept.scene.spec.environment["K"] = "what a set-up left there";
  CHECK(kept.scene.carry_out().value == 1.0);
  CHECK(test::read(kept.scene.workdir() + "/count") == "1\n");
  for (const auto& entry : std::filesystem::recursive_directory_iterator(kept.scene.directory())) {
    CAPTURE(entry.path().string());
    if (entry.is_regular_file()) CHECK_THAT(test::read(entry.path()), !Contains(canary));
  }
}

TEST_CASE("a secret that is missing or open to others fails the attempt, and says which file",
          "[runner]") {
  const bool is_there = GENERATE(false, true);
  Kept kept("touch started");
  if (is_there) write_secret(kept.path(), canary, 0640);
  const Outcome outcome = kept.scene.carry_out();
  CHECK(outcome.failure == FailureClass::spawn_failed);
  CHECK_THAT(outcome.message, Contains(is_there ? "its mode is 0640" : "no file for the secret K"));
  CHECK_THAT(outcome.message, Contains("chmod 600 " + kept.path()));
  CHECK_THAT(outcome.message, !Contains(canary));
  CHECK_FALSE(test::exists(kept.scene.workdir() + "/started"));
}

TEST_CASE("secrets are looked at before a study is sent, and not read", "[runner]") {
  Kept kept("true");
  kept.scene.spec.secrets = {"K", "L", "M"};
  write_secret(kept.path(), canary);
  write_secret(kept.directory() + "/M", canary, 0604);
  const auto problems = runner::secret_problems(kept.scene.spec);
  REQUIRE(problems.size() == 2);
  CHECK(problems[0].where == kept.directory() + "/L");
  CHECK(problems[0].code == ErrorCode::not_found);
  CHECK_THAT(problems[1].what, Contains("its mode is 0604"));
  CHECK(problems[1].remedy == "chmod 600 " + kept.directory() + "/M");
  kept.scene.spec.secrets = {"K"};
  CHECK(runner::secret_problems(kept.scene.spec).empty());
}

TEST_CASE("XDG_CONFIG_HOME comes before HOME, and one of them is needed", "[runner]") {
  Kept kept(R"([ "$K" = elsewhere ] && echo '{"auc": 1}' > $HPO_RESULT_FILE)");
  kept.scene.spec.environment["XDG_CONFIG_HOME"] = kept.scene.workdir() + "/xdg";
  REQUIRE(std::filesystem::create_directories(kept.scene.workdir() + "/xdg/hpo/secrets"));
  write_secret(kept.scene.workdir() + "/xdg/hpo/secrets/K", "elsewhere");
  CHECK(kept.scene.carry_out().value == 1.0);

  runner::Attempt attempt;
  attempt.spec.secrets = {"K"};
  attempt.spec.environment = {{"HOME", ""}, {"XDG_CONFIG_HOME", ""}};
  std::vector<std::string> entries;
  const auto added = runner::add_secrets(attempt, entries);
  REQUIRE_FALSE(added);
  CHECK_THAT(added.error().what, Contains("HOME is not set"));
}

TEST_CASE("one newline at a secret's end is cut, nothing else", "[runner]") {
  const auto [text, value] = GENERATE(table<std::string, std::string>(
      {{"a", "a"}, {"a\n", "a"}, {"a\n\n", "a\n"}, {" a=b\nc ", " a=b\nc "}, {"", ""},
       {"\n", ""}}));
  const test::FreshDirectory fresh;
  write_secret(fresh.path() + "/K", text, 0400);
  const auto read = runner::read_secret(fresh.path(), "K");
  REQUIRE(read);
  CHECK(*read == value);
}

TEST_CASE("what is no plain file of one's own is no secret", "[runner]") {
  const test::FreshDirectory fresh;
  const std::string path = fresh.path() + "/K";
  write_secret(fresh.path() + "/real", canary);
  SECTION("a link") {
    REQUIRE(::symlink("real", path.c_str()) == 0);
    CHECK_THAT(error_of(fresh.path()), Contains("symbolic link") && Contains("chmod 600 " + path));
  }
  SECTION("a pipe, which nobody writes") {
    REQUIRE(::mkfifo(path.c_str(), 0600) == 0);
    CHECK_THAT(error_of(fresh.path()), Contains("no regular file"));
  }
  SECTION("a directory") {
    REQUIRE(::mkdir(path.c_str(), 0700) == 0);
    CHECK_THAT(error_of(fresh.path()), Contains("no regular file"));
  }
  SECTION("a path") {
    CHECK_THAT(error_of(fresh.path() + "/sub", "../real"), Contains("name is that of a variable"));
  }
  SECTION("a zero byte") {
    write_secret(path, std::string("a\0b", 3));
    CHECK_THAT(error_of(fresh.path()), Contains("zero byte"));
  }
  if (::geteuid() == 0) {  // only root can give a file away
    SECTION("another user's") {
      write_secret(path, canary);
      REQUIRE(::chown(path.c_str(), 65534, 65534) == 0);
      CHECK_THAT(error_of(fresh.path()), Contains("another user"));
    }
  }
}

TEST_CASE("a secret has 64 KiB at most", "[runner]") {
  const test::FreshDirectory fresh;
  write_secret(fresh.path() + "/K", std::string(runner::secret_bytes_max, 'x'));
  CHECK(runner::read_secret(fresh.path(), "K"));
  write_secret(fresh.path() + "/K", std::string(runner::secret_bytes_max + 1, 'x'));
  CHECK_THAT(error_of(fresh.path()), Contains("larger than 65536 bytes"));
}
