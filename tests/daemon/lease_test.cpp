// One daemon of all hosts: a lease that stirs is left alone, one that does not is taken.
#include "daemon/lease.hpp"

#include <unistd.h>

#include <catch2/catch.hpp>
#include <fstream>
#include <iterator>
#include <map>

#include "tests/fresh_directory.hpp"

using namespace hpo;
using namespace std::chrono_literals;
using daemon::Lease;

namespace {

// Two hosts with a clock of their own, and what happens while one waits.
struct World {
  test::FreshDirectory directory{};
  std::string path = directory.path() + "/lease.json";
  daemon::Time now{1h};
  std::map<daemon::Time, std::function<void()>> later{};
  std::vector<std::string> told{};

  void pass(std::chrono::milliseconds time) {
    now += time;
    while (!later.empty() && later.begin()->first <= now) {
      const auto happens = later.begin()->second;
      later.erase(later.begin());
      happens();
    }
  }

  Lease::Surroundings on(const std::string& host, int pid = 7) {
    return {.now = [this] { return now; },
            .pause = [this](std::chrono::milliseconds time) { pass(time); },
            .tell = [this](const std::string& line) { told.push_back(line); },
            .host = host,
            .process = {.pid = pid, .start = 1, .boot_id = "boot-of-" + host}};
  }

  std::unique_ptr<Lease> taken_on(const std::string& host, int pid = 7) {
    auto lease = Lease::take(path, on(host, pid));
    REQUIRE(lease);
    return std::move(*lease);
  }

  std::string text() const {
    std::ifstream file(path);
    return {std::istreambuf_iterator<char>(file), {}};
  }
};

}  // namespace

TEST_CASE("lease: the first takes it at once, and gives it up at its end", "[lease]") {
  World world;
  const auto before = world.now;
  const auto lease = world.taken_on("login1");
  CHECK(world.now == before);
  lease->release();
  CHECK(world.text() == "");
  world.taken_on("login2");
  CHECK(world.now == before);
  CHECK(world.told.empty());
}

TEST_CASE("lease: one whose holder stirs is left to it, with the way to it", "[lease]") {
  World world;
  const auto holder = world.taken_on("login1");
  world.later[world.now + 15s] = [&] { REQUIRE(holder->keep()); };
  const auto refused = Lease::take(world.path, world.on("login2"));
  REQUIRE_FALSE(refused);
  CHECK(refused.error().code == ErrorCode::conflict);
  CHECK(refused.error().what.find("login1 (pid 7)") != std::string::npos);
  CHECK(refused.error().remedy.find("ssh login1 hpo status") != std::string::npos);
  CHECK(holder->check());
}

TEST_CASE("lease: one whose holder does not stir for 90 s is taken, with a countdown", "[lease]") {
  World world;
  const auto stopped = world.taken_on("login1");
  const auto before = world.now;
  const auto lease = world.taken_on("login2");
  CHECK(world.now - before >= 90s);
  CHECK(world.now - before <= 92s);
  REQUIRE(world.told.size() == 9);
  CHECK(world.told.front().find("in 90 s") != std::string::npos);
  CHECK(world.told.back().find("in 10 s") != std::string::npos);

  const auto checked = stopped->check();  // the old one goes on, and finds that it may not write
  REQUIRE_FALSE(checked);
  CHECK(checked.error().code == ErrorCode::unavailable);
  CHECK(checked.error().what.find("login2") != std::string::npos);
  CHECK_FALSE(stopped->keep());
  stopped->release();
  CHECK(world.text().find("login2") != std::string::npos);
  CHECK(lease->check());
}

TEST_CASE("lease: one that is given up while it is watched is taken then", "[lease]") {
  World world;
  const auto holder = world.taken_on("login1");
  world.later[world.now + 20s] = [&] { holder->release(); };
  const auto before = world.now;
  world.taken_on("login2");
  CHECK(world.now - before <= 22s);
}

TEST_CASE("lease: a daemon that died on this boot of this host is not waited for", "[lease]") {
  World world;
  Lease::Surroundings dead = Lease::here();
  dead.process.start += 1;  // a pid that was used again
  dead.now = [&] { return world.now; };
  REQUIRE(Lease::take(world.path, dead));
  const auto lease = Lease::take(world.path, Lease::here());
  REQUIRE(lease);
  CHECK((*lease)->check());
}

TEST_CASE("lease: one of a process that lives on this host is left to it at once", "[lease]") {
  World world;
  REQUIRE(Lease::take(world.path, Lease::here()));
  Lease::Surroundings other = world.on("login1");
  other.host = Lease::here().host;
  other.process.boot_id = Lease::here().process.boot_id;  // by another mount: its lock was blind
  const auto before = world.now;
  const auto refused = Lease::take(world.path, other);
  REQUIRE_FALSE(refused);
  CHECK(refused.error().code == ErrorCode::conflict);
  CHECK(world.now == before);
}

TEST_CASE("lease: one that came with a copy is told for what it is, with the way out", "[lease]") {
  World world;
  Lease::Surroundings living = world.on("login1");
  living.process = runner::own_process_id();
  REQUIRE(Lease::take(world.path, living));
  const test::FreshDirectory copy;
  const std::string path = copy.path() + "/lease.json";
  std::ofstream(path) << world.text();
  const auto refused = Lease::take(path, living);
  REQUIRE_FALSE(refused);
  CHECK(refused.error().code == ErrorCode::conflict);
  CHECK(refused.error().what.find("copy of " + world.directory.path()) != std::string::npos);
  CHECK(refused.error().remedy.find("rm " + path) != std::string::npos);
}

TEST_CASE("lease: on a local disk, another boot of a host of this name is this one's", "[lease]") {
  World world;
  world.taken_on("vm");
  Lease::Surroundings again = world.on("vm");
  again.process.boot_id = "another";
  again.is_local_disk = true;
  const auto before = world.now;
  REQUIRE(Lease::take(world.path, again));
  CHECK(world.now == before);
}

TEST_CASE("lease: on another boot of a host of the same name it is watched all the same",
          "[lease]") {
  World world;
  world.taken_on("localhost");
  Lease::Surroundings other = world.on("localhost");
  other.process.boot_id = "another";
  const auto before = world.now;
  REQUIRE(Lease::take(world.path, other));
  CHECK(world.now - before >= 90s);
}

TEST_CASE("lease: it is written anew every 15 s, and looked at before a COMMIT after 5 s",
          "[lease]") {
  World world;
  const auto lease = world.taken_on("login1");
  const std::string first = world.text();
  for (int second = 0; second < 14; ++second) {
    world.pass(1s);
    REQUIRE(lease->keep());
  }
  CHECK(world.text() == first);
  world.pass(3s);
  REQUIRE(lease->keep());
  CHECK(world.text() != first);

  REQUIRE(lease->check());
  std::ofstream(world.path) << "{\"host\": \"login2\", \"pid\": 1}";
  CHECK(lease->check());  // looked at just now
  world.pass(6s);
  CHECK_FALSE(lease->check());
}

TEST_CASE("lease: one that somebody removes is written again, but not after a long pause",
          "[lease]") {
  World world;
  const auto lease = world.taken_on("login1");
  ::unlink(world.path.c_str());
  world.pass(10s);
  CHECK(lease->check());
  REQUIRE(lease->keep());
  CHECK(world.text().find("login1") != std::string::npos);
  ::unlink(world.path.c_str());
  world.pass(91s);  // another host may have taken it, written, and ended
  CHECK_FALSE(lease->check());
  CHECK_FALSE(lease->keep());
}

TEST_CASE("lease: a file that is no lease is somebody's, and is watched", "[lease]") {
  World world;
  std::ofstream(world.path) << "{\"ho";
  const auto before = world.now;
  const auto lease = world.taken_on("login1");
  CHECK(world.now - before >= 90s);
  CHECK(lease->check());
}
