// The state directory: private, locked by one daemon, refused where it would be lost.
#include "daemon/state_directory.hpp"

#include <fcntl.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include <catch2/catch.hpp>
#include <chrono>
#include <filesystem>
#include <fstream>
#include <future>
#include <optional>

#include "tests/fresh_directory.hpp"

using namespace hpo;

namespace {

struct Scratch {
  test::FreshDirectory root{};
  std::string state() const { return root.path() + "/deep/state"; }
};

mode_t mode_of(const std::string& path) {
  struct stat s {};
  REQUIRE(::stat(path.c_str(), &s) == 0);
  return s.st_mode & 0777U;
}

}  // namespace

SCENARIO("a state directory is made with all its parts, for its owner alone", "[daemon]") {
  const Scratch scratch;
  auto opened = daemon::StateDirectory::open(scratch.state(), false);
  REQUIRE(opened);
  for (const std::string& path : {opened->paths().root, opened->paths().ended(),
                                  opened->paths().studies(), opened->paths().backups()}) {
    CHECK(mode_of(path) == 0700);
  }
}

SCENARIO("one daemon holds a state directory; a second is told who", "[daemon]") {
  const Scratch scratch;
  auto first = daemon::StateDirectory::open(scratch.state(), false);
  REQUIRE(first);
  auto second = daemon::StateDirectory::open(scratch.state(), false);
  REQUIRE_FALSE(second);
  CHECK(second.error().code == ErrorCode::conflict);
  CHECK(second.error().what.find("pid " + std::to_string(::getpid())) != std::string::npos);
}

SCENARIO("a lock file that a dead daemon left holds nobody up", "[daemon]") {
  const Scratch scratch;
  { REQUIRE(daemon::StateDirectory::open(scratch.state(), false)); }
  std::ofstream(StatePaths{scratch.state()}.lock()) << "pid 1 on elsewhere\n";
  CHECK(daemon::StateDirectory::open(scratch.state(), false));
}

SCENARIO("a lock that falls free a moment later is waited for", "[daemon]") {
  const Scratch scratch;
  std::optional<daemon::StateDirectory> first;
  {
    auto opened = daemon::StateDirectory::open(scratch.state(), false);
    REQUIRE(opened);
    first.emplace(std::move(*opened));
  }
  // The holder in the lock is this process: it lives, as one that is just being killed does.
  auto second = std::async(std::launch::async, [&] {
    return static_cast<bool>(daemon::StateDirectory::open(scratch.state(), false));
  });
  CHECK(second.wait_for(std::chrono::milliseconds(50)) == std::future_status::timeout);
  first.reset();
  CHECK(second.get());
}

SCENARIO("a zombie holds no lock: its child's descriptor is waited for", "[daemon]") {
  const Scratch scratch;
  { REQUIRE(daemon::StateDirectory::open(scratch.state(), false)); }
  const std::string lock = StatePaths{scratch.state()}.lock();
  const pid_t zombie = ::fork();
  if (zombie == 0) ::_exit(0);
  siginfo_t ended{};
  REQUIRE(::waitid(P_PID, static_cast<id_t>(zombie), &ended, WEXITED | WNOWAIT) == 0);
  std::ofstream(lock) << "pid " << zombie << " on here\n";
  const int held = ::open(lock.c_str(), O_RDWR | O_CLOEXEC);
  REQUIRE(::flock(held, LOCK_EX) == 0);
  auto second = std::async(std::launch::async, [&] {
    return static_cast<bool>(daemon::StateDirectory::open(scratch.state(), false));
  });
  // Longer than a living holder is waited for.
  CHECK(second.wait_for(std::chrono::milliseconds(1300)) == std::future_status::timeout);
  ::close(held);
  CHECK(second.get());
  ::waitpid(zombie, nullptr, 0);
}

SCENARIO("an empty directory, or a state directory, that is open to others is closed", "[daemon]") {
  const Scratch scratch;
  const std::string file = GENERATE(as<std::string>{}, "hpod.log", "hpo.db");
  std::filesystem::create_directories(scratch.state());
  std::ofstream(scratch.state() + "/" + file) << "ours";
  REQUIRE(::chmod(scratch.state().c_str(), 0755) == 0);
  const auto opened = daemon::StateDirectory::open(scratch.state(), false);
  REQUIRE(opened);
  CHECK(opened->was_open_to_others());
  CHECK(mode_of(scratch.state()) == 0700);
}

SCENARIO("a directory that others use is refused and left as it is", "[daemon]") {
  const Scratch scratch;
  std::filesystem::create_directories(scratch.state());
  std::ofstream(scratch.state() + "/theirs.txt") << "theirs";
  REQUIRE(::chmod(scratch.state().c_str(), 0755) == 0);
  const auto refused = daemon::StateDirectory::open(scratch.state(), false);
  REQUIRE_FALSE(refused);
  CHECK(refused.error().remedy.find("chmod 700") != std::string::npos);
  CHECK(mode_of(scratch.state()) == 0755);
  CHECK_FALSE(std::filesystem::exists(scratch.state() + "/studies"));
  REQUIRE(::chmod(scratch.state().c_str(), 0700) == 0);
  CHECK(daemon::StateDirectory::open(scratch.state(), false));
}

SCENARIO("a state directory in memory has to be asked for", "[daemon]") {
  if (!std::filesystem::exists("/dev/shm")) {
    WARN("skipped: this machine has no /dev/shm");
    return;
  }
  const test::FreshDirectory memory("/dev/shm");
  const std::string root = memory.path() + "/state";
  auto refused = daemon::StateDirectory::open(root, false);
  REQUIRE_FALSE(refused);
  CHECK(refused.error().remedy.find("hpod --ephemeral") != std::string::npos);
  CHECK(daemon::StateDirectory::open(root, true));
}

SCENARIO("a path that cannot be made says which part, and what to set", "[daemon]") {
  auto refused = daemon::StateDirectory::open("/proc/nowhere/state", false);
  REQUIRE_FALSE(refused);
  CHECK(refused.error().where == "/proc/nowhere");
  CHECK(refused.error().remedy.find("HPO_STATE_DIR") != std::string::npos);
}

SCENARIO("the endpoint file tells where the daemon is, until it is removed", "[daemon]") {
  const Scratch scratch;
  auto opened = daemon::StateDirectory::open(scratch.state(), false);
  REQUIRE(opened->write_endpoint({.socket = "/tmp/x.sock", .version = "1.2.3"}));
  std::ifstream file(opened->paths().endpoint());
  const std::string text{std::istreambuf_iterator<char>(file), {}};
  CHECK(text.find("\"socket\":\"/tmp/x.sock\"") != std::string::npos);
  CHECK(text.find("\"pid\":" + std::to_string(::getpid())) != std::string::npos);
  opened->remove_endpoint();
  CHECK_FALSE(std::filesystem::exists(opened->paths().endpoint()));
}

SCENARIO("a state directory tells when its lock or its database is no more its own", "[daemon]") {
  const Scratch scratch;
  auto opened = daemon::StateDirectory::open(scratch.state(), false);
  REQUIRE(opened);
  CHECK(opened->check_in_place());  // no database yet
  std::ofstream(opened->paths().database()) << "ours";
  opened->remember_database();
  CHECK(opened->check_in_place());
  const std::string lost = GENERATE(as<std::string>{}, "hpo.db", "daemon.lock");
  std::filesystem::rename(scratch.state() + "/" + lost, scratch.root.path() + "/ours");
  auto checked = opened->check_in_place();
  REQUIRE_FALSE(checked);
  CHECK(checked.error().where == scratch.state() + "/" + lost);
  std::ofstream(scratch.state() + "/" + lost) << "another's";
  CHECK_FALSE(opened->check_in_place());
}

SCENARIO("a lost endpoint file is written again; another daemon's is left alone", "[daemon]") {
  const Scratch scratch;
  auto opened = daemon::StateDirectory::open(scratch.state(), false);
  REQUIRE(opened->write_endpoint({.socket = "/tmp/x.sock", .version = "1.2.3"}));
  const std::string path = opened->paths().endpoint();
  std::filesystem::remove(path);
  REQUIRE(opened->keep_endpoint());
  CHECK(std::filesystem::exists(path));
  const std::string others = R"({"socket":"/tmp/y.sock"})";
  std::ofstream(path) << others;
  REQUIRE(opened->keep_endpoint());
  opened->remove_endpoint();
  CHECK(std::filesystem::file_size(path) == others.size());
}

SCENARIO("a damaged endpoint file, or one of another directory, is written again", "[daemon]") {
  const Scratch scratch;
  auto opened = daemon::StateDirectory::open(scratch.state(), false);
  REQUIRE(opened->write_endpoint({.socket = "/tmp/x.sock", .version = "1.2.3"}));
  const std::string path = opened->paths().endpoint();
  const auto size = std::filesystem::file_size(path);
  std::ofstream(path) << GENERATE(as<std::string>{}, "", "garbage", "{}",
                                  R"({"socket":"/tmp/y.sock","state_dir":"/y","inode":"1"})");
  REQUIRE(opened->keep_endpoint());
  CHECK(std::filesystem::file_size(path) == size);
}
