// The socket: private, and never taken from a living daemon.
#include "daemon/http/listener.hpp"

#include <sys/stat.h>
#include <unistd.h>

#include <catch2/catch.hpp>

#include <fstream>

#include "tests/daemon/http/server_fixture.hpp"

namespace hpo::http::test {
namespace {

mode_t mode_of(const std::string& path) {
  struct stat status {};
  REQUIRE(::lstat(path.c_str(), &status) == 0);
  return status.st_mode & 07777U;
}

}  // namespace

TEST_CASE("the socket has mode 0600 in a directory with mode 0700", "[http]") {
  const mode_t before = ::umask(0);
  Running running;
  ::umask(before);
  CHECK(mode_of(running.socket_path()) == 0600);
  CHECK(mode_of(running.state_dir() + "/run") == 0700);
}

TEST_CASE("a directory that others may enter is refused", "[http]") {
  hpo::test::FreshDirectory dir;
  REQUIRE(::chmod(dir.path().c_str(), 0755) == 0);
  const auto fd = listen_unix(dir.path() + "/hpo.sock", 8);
  REQUIRE_FALSE(fd);
  CHECK(fd.error().remedy.find("chmod 700") != std::string::npos);
}

TEST_CASE("of a directory of another user the remedy is one that its user can follow", "[http]") {
  constexpr uid_t another = 65534;
  hpo::test::FreshDirectory dir;
  const bool is_root = ::chown(dir.path().c_str(), another, another) == 0;
  const auto fd = listen_unix((is_root ? dir.path() : "/usr") + "/hpo.sock", 8);
  REQUIRE_FALSE(fd);
  CHECK(fd.error().what == "the socket's directory belongs to another user");
  CHECK(fd.error().remedy.find("set HPO_STATE_DIR to a path of at most 98 bytes") == 0);
}

TEST_CASE("a socket that a dead daemon left is replaced, a living one's is not", "[http]") {
  hpo::test::FreshDirectory dir;
  const std::string path = dir.path() + "/hpo.sock";
  const auto first = listen_unix(path, 8);
  REQUIRE(first);
  const auto second = listen_unix(path, 8);
  REQUIRE_FALSE(second);
  CHECK(second.error().code == ErrorCode::conflict);
  ::close(*first);
  const auto third = listen_unix(path, 8);
  REQUIRE(third);
  ::close(*third);
}

TEST_CASE("a file that is no socket is never removed", "[http]") {
  hpo::test::FreshDirectory dir;
  const std::string path = dir.path() + "/hpo.sock";
  std::ofstream(path) << "precious";
  const auto fd = listen_unix(path, 8);
  REQUIRE_FALSE(fd);
  CHECK(fd.error().code == ErrorCode::invalid_argument);
  CHECK(::access(path.c_str(), F_OK) == 0);
}

TEST_CASE("a path of 107 bytes is taken, one of 108 is not", "[http]") {
  hpo::test::FreshDirectory dir;
  const std::string path = dir.path() + "/" + std::string(107 - dir.path().size() - 1, 's');
  REQUIRE(path.size() == 107);
  const auto fd = listen_unix(path, 8);
  REQUIRE(fd);
  ::close(*fd);
  CHECK_FALSE(listen_unix(path + "s", 8));
}

TEST_CASE("another user is told nothing", "[http]") {
  Running running({}, ::geteuid() + 1);
  Client client(running.socket_path());
  client.send(get("/readyz"));
  CHECK(client.receive().status == 0);
}

TEST_CASE("a socket that is another one by now is not removed", "[http]") {
  hpo::test::FreshDirectory dir;
  const std::string path = dir.path() + "/hpo.sock";
  const auto fd = listen_unix(path, 8);
  REQUIRE(fd);
  const SocketInode ours = inode_of(path);
  remove_socket(path, {ours.device, ours.inode + 1});
  CHECK(::access(path.c_str(), F_OK) == 0);
  remove_socket(path, ours);
  CHECK(::access(path.c_str(), F_OK) != 0);
  ::close(*fd);
}

}  // namespace hpo::http::test
