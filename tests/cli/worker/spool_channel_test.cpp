// A worker's requests as files, and how it finds the answers.
#include "cli/worker/spool_channel.hpp"

#include <sys/stat.h>

#include <catch2/catch.hpp>
#include <filesystem>
#include <fstream>
#include <sstream>

#include "tests/fresh_directory.hpp"

using namespace hpo;
using namespace std::chrono_literals;
using cli::worker::SpoolChannel;
using Progress = cli::worker::Transport::Progress;

namespace {

namespace fs = std::filesystem;

// As a daemon has made it.
struct Scene {
  test::FreshDirectory directory{};
  SpoolPaths paths{.root = directory.path() + "/spool"};

  Scene() {
    fs::create_directories(paths.requests());
    fs::create_directories(paths.answers());
  }
  std::string request(const std::string& name) const {
    std::ifstream file(paths.requests() + "/" + name);
    std::ostringstream text;
    text << file.rdbuf();
    return text.str();
  }
  void answer(int number, const std::string& text) const {
    std::ofstream(paths.answers("w") + "/" + std::to_string(number)) << text;
  }
};

}  // namespace

TEST_CASE("an exchange becomes a file, and its answer is found", "[worker]") {
  Scene scene;
  SpoolChannel channel(scene.paths.root, "jets", "w");
  CHECK(channel.look_at() == cli::worker::never);
  REQUIRE_FALSE(channel.post("{\"slots\":1}"));
  CHECK(scene.request("w.1") == "hpo-spool 1 exchange jets\n{\"slots\":1}");
  CHECK(channel.look_at() != cli::worker::never);
  CHECK(channel.go_on() == Progress::waiting);
  scene.answer(1, "hpo-spool 1 200\n{\"state\":\"running\"}");
  REQUIRE(channel.go_on() == Progress::answered);
  const auto reply = channel.take_reply();
  CHECK(reply.status == 200);
  CHECK(reply.body == "{\"state\":\"running\"}");
  CHECK(fs::is_empty(scene.paths.answers("w")));
  CHECK(channel.look_at() == cli::worker::never);
}

TEST_CASE("the answer to a request that was given up is not taken for the next one's", "[worker]") {
  Scene scene;
  SpoolChannel channel(scene.paths.root, "jets", "w");
  REQUIRE_FALSE(channel.post("{}"));
  channel.close();
  CHECK(fs::is_empty(scene.paths.requests()));
  REQUIRE_FALSE(channel.post("{}"));
  CHECK(fs::exists(scene.paths.requests() + "/w.2"));
  scene.answer(1, "hpo-spool 1 200\n{}");
  CHECK(channel.go_on() == Progress::waiting);
  CHECK(fs::is_empty(scene.paths.answers("w")));
  scene.answer(2, "torn");
  CHECK(channel.go_on() == Progress::waiting);
  scene.answer(2, "hpo-spool 1 409\n{}");
  CHECK(channel.go_on() == Progress::answered);
}

TEST_CASE("a worker leaves nothing of its own in the spool", "[worker]") {
  Scene scene;
  {
    SpoolChannel channel(scene.paths.root, "jets", "w");
    REQUIRE_FALSE(channel.post("{}"));
    scene.answer(1, "hpo-spool 1 200\n{}");
  }
  CHECK(fs::is_empty(scene.paths.requests()));
  CHECK(fs::is_empty(scene.paths.answers()));
}

TEST_CASE("without a daemon's spool, and without an answer, nobody is reached", "[worker]") {
  Scene scene;
  SpoolChannel nowhere(scene.directory.path() + "/none", "jets", "w");
  const auto failure = nowhere.post("{}");
  REQUIRE(failure);
  CHECK(failure->exit_code == cli::ExitCode::unreachable);
  SpoolChannel channel(scene.paths.root, "jets", "w");
  CHECK(channel.ask(SpoolVerb::work, "why", 1ms).failure().exit_code == cli::ExitCode::unreachable);
  CHECK(fs::is_empty(scene.paths.requests()));
}
