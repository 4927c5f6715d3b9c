// Where attempts lie: shared with the daemon only if its own file there says so.
#include "cli/worker/place.hpp"

#include <catch2/catch.hpp>
#include <cstdlib>
#include <filesystem>
#include <fstream>

#include "executors/runner/state_origin.hpp"
#include "tests/fresh_directory.hpp"

using namespace hpo;
using namespace hpo::cli::worker;

namespace {

const std::string ours(64, 'a');

// A state directory as hpod leaves it, with a study's directory that is not made yet.
struct State {
  test::FreshDirectory root{};
  std::string study = root.path() + "/studies/jets";

  explicit State(const std::string& fingerprint = ours) {
    std::ofstream(root.path() + "/endpoint.json") << R"({"fingerprint":")" << fingerprint << "\"}";
  }
  Work work() const {
    Work work{.directory = study, .attempt = {}, .is_own = false};
    work.attempt.study = "jets";
    work.attempt.workdir = root.path();
    return work;
  }
  ConnectFile remote() const {
    return {.address = {}, .fingerprint = ours, .study = {}, .token = {}};
  }
};

}  // namespace

TEST_CASE("a state directory is shared if its daemon is the one that is talked to", "[worker]") {
  CHECK(shares_state(State().study, ours));
  CHECK_FALSE(shares_state(State(std::string(64, 'b')).study, ours));  // of the same path
  CHECK_FALSE(shares_state("/nowhere/studies/jets", ours));
  CHECK_FALSE(shares_state("/jets", ours));
}

TEST_CASE("a state directory that was copied to the same path elsewhere is not shared",
          "[worker]") {
  const State state;
  const runner::StateOrigin another{
      .path = state.root.path(), .inode = runner::state_origin(state.root.path()).inode + 1};
  json::Writer endpoint;
  endpoint.object().member("fingerprint", ours);
  runner::write_members(endpoint, another);
  endpoint.end();
  std::ofstream(state.root.path() + "/endpoint.json") << endpoint.text();
  CHECK_FALSE(shares_state(state.study, ours));
}

TEST_CASE("by the socket, and where the state is shared, nothing changes", "[worker]") {
  const State state;
  Work work = state.work();
  CHECK(*settle(work, {}) == false);
  CHECK(*settle(work, {.directory = {}, .workdir = {}, .remote = state.remote()}) == false);
  CHECK(work.directory == state.study);
  CHECK_FALSE(work.is_own);
}

TEST_CASE("elsewhere a worker has a directory of its own, named or fresh", "[worker]") {
  const State state(std::string(64, 'b'));
  const test::FreshDirectory directory;
  const std::string scratch = directory.path();
  const bool is_named = GENERATE(false, true);
  const std::string named = is_named ? scratch + "/made/here" : "";
  ::setenv("TMPDIR", scratch.c_str(), 1);
  Work work = state.work();
  CHECK(*settle(work, {.directory = named, .workdir = {}, .remote = state.remote()}));
  ::unsetenv("TMPDIR");
  CHECK(work.is_own);
  CHECK(work.directory.starts_with(is_named ? named : scratch + "/hpo-worker-"));
  CHECK(work.directory.ends_with("/jets"));
  CHECK(std::filesystem::is_directory(work.directory.substr(0, work.directory.size() - 5)));
}

TEST_CASE("a working directory that is not here is refused before a trial is lost", "[worker]") {
  const State state;
  Work work = state.work();
  work.attempt.workdir = "/nowhere/at/all";
  const auto refused = settle(work, {.directory = {}, .workdir = {}, .remote = state.remote()});
  REQUIRE_FALSE(refused);
  CHECK(refused.error().where == "/nowhere/at/all");
  CHECK_THAT(refused.error().remedy, Catch::Contains("--workdir"));
  CHECK(settle(work, {.directory = {}, .workdir = state.root.path(), .remote = state.remote()}));
  CHECK(work.attempt.workdir == state.root.path());
}
