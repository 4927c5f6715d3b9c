// The spool's files as the daemon reads them: what is taken, answered, left alone and removed.
#include "daemon/spool/inbox.hpp"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <catch2/catch.hpp>
#include <filesystem>
#include <fstream>
#include <sstream>

#include "daemon/spool/spool.hpp"
#include "tests/fresh_directory.hpp"

using namespace hpo;
using spool::Inbox;

namespace {

namespace fs = std::filesystem;

struct Scene {
  test::FreshDirectory directory{};
  SpoolPaths paths{.root = directory.path() + "/spool"};
  spool::InboxLimits limits{};
  Inbox inbox{paths, limits};

  explicit Scene(const spool::InboxLimits& given = {}) : limits(given) {
    REQUIRE(inbox.take());  // makes the directories
  }
  std::string path(const std::string& name) const { return paths.requests() + "/" + name; }
  void put(const std::string& name, const std::string& text) const {
    std::ofstream(path(name)) << text;
  }
  void ask(const std::string& worker, int number) const {
    ::mkdir(paths.answers(worker).c_str(), 0700);
    put(worker + "." + std::to_string(number), "hpo-spool 1 exchange jets\n{}");
  }
  std::vector<std::string> taken() {
    std::vector<std::string> names;
    const auto found = inbox.take();
    REQUIRE(found);
    for (const Inbox::Taken& each : *found) names.push_back(to_text(each.name));
    return names;
  }
  std::string answer_of(const std::string& worker, int number) const {
    std::ifstream file(paths.answers(worker) + "/" + std::to_string(number));
    std::ostringstream text;
    text << file.rdbuf();
    return text.str();
  }
};

using Names = std::vector<std::string>;

}  // namespace

TEST_CASE("a request is taken once, answered, and removed then", "[spool]") {
  Scene scene;
  scene.ask("w", 1);
  CHECK(scene.taken() == Names{"w.1"});
  CHECK(scene.taken().empty());
  CHECK(fs::exists(scene.path("w.1")));  // for the next daemon, should this one die now
  REQUIRE(scene.inbox.answer({"w", 1}, {200, "{}"}));
  CHECK_FALSE(fs::exists(scene.path("w.1")));
  CHECK(scene.answer_of("w", 1) == "hpo-spool 1 200\n{}");
}

TEST_CASE("the newest request of a worker takes the place of the older ones", "[spool]") {
  Scene scene;
  scene.ask("w", 1);
  CHECK(scene.taken() == Names{"w.1"});
  scene.ask("w", 2);
  scene.ask("w", 3);
  scene.ask("other", 1);
  CHECK(scene.taken() == Names{"other.1", "w.3"});
  CHECK_FALSE(fs::exists(scene.path("w.2")));
  REQUIRE(scene.inbox.answer({"w", 1}, {200, "{}"}));  // of the question before
  CHECK(scene.answer_of("w", 1).empty());
}

TEST_CASE("junk with a newer name does not stand in the way of a request", "[spool]") {
  Scene scene;
  scene.ask("w", 1);
  scene.put("w.99", "{}");
  CHECK(scene.taken().empty());  // it is looked at first, and refused
  CHECK(scene.taken() == Names{"w.1"});
  scene.ask("w", 2);
  CHECK(scene.taken() == Names{"w.2"});
}

TEST_CASE("what the daemon cannot answer now is taken again", "[spool]") {
  Scene scene;
  scene.ask("w", 1);
  CHECK(scene.taken() == Names{"w.1"});
  scene.inbox.give_back({"w", 1});
  CHECK(scene.taken() == Names{"w.1"});
}

TEST_CASE("another daemon takes what the last one had not answered", "[spool]") {
  Scene scene;
  scene.ask("w", 4);
  CHECK(scene.taken() == Names{"w.4"});
  scene.inbox = Inbox(scene.paths);
  CHECK(scene.taken() == Names{"w.4"});
}

TEST_CASE("the answer to a worker that is gone is dropped with its request", "[spool]") {
  Scene scene;
  scene.put("w.1", "hpo-spool 1 work jets\n");
  CHECK(scene.taken() == Names{"w.1"});
  REQUIRE(scene.inbox.answer({"w", 1}, {200, "{}"}));
  CHECK_FALSE(fs::exists(scene.path("w.1")));
}

TEST_CASE("junk is left alone and said once, and requests are found beside it", "[spool]") {
  Scene scene;
  scene.put("README", "hello");
  scene.put("huge.1", "hpo-spool 1 exchange jets\n" + std::string(2U << 20U, ' '));
  scene.put("torn.1", "hpo-spool 1 exch");
  scene.put("half.1.tmp", "hpo-spool");  // being written: nothing to say
  REQUIRE(::mkfifo(scene.path("fifo.1").c_str(), 0600) == 0);
  REQUIRE(::symlink("/etc/passwd", scene.path("link.1").c_str()) == 0);
  REQUIRE(::mkdir(scene.path("directory.1").c_str(), 0700) == 0);
  scene.ask("w", 1);
  CHECK(scene.taken() == Names{"w.1"});
  CHECK(scene.inbox.take_complaints().size() == 6);
  scene.ask("w", 2);
  CHECK(scene.taken() == Names{"w.2"});
  CHECK(scene.inbox.take_complaints().empty());
  CHECK(fs::exists(scene.path("README")));
}

TEST_CASE("the next daemon tells of the junk that has come since, and of no other", "[spool]") {
  Scene scene;
  scene.put("old", "");
  CHECK(scene.taken().empty());
  CHECK(scene.inbox.take_complaints().size() == 1);
  scene.inbox = Inbox(scene.paths, scene.limits);
  CHECK(scene.taken().empty());
  CHECK(scene.inbox.take_complaints().empty());
  const timespec past{.tv_sec = 1, .tv_nsec = 0};  // as if it had been told long ago
  const timespec times[] = {past, past};
  REQUIRE(::utimensat(AT_FDCWD, (scene.paths.root + "/junk-told").c_str(), times, 0) == 0);
  scene.put("new", "");
  scene.inbox = Inbox(scene.paths, scene.limits);
  CHECK(scene.taken().empty());
  CHECK(scene.inbox.take_complaints().size() == 2);
}

TEST_CASE("the log is told of so much junk, and then of the rest in one line", "[spool]") {
  Scene scene;
  for (int k = 0; k < 50; ++k) scene.put("junk" + std::to_string(k), "");
  CHECK(scene.taken().empty());
  CHECK(scene.inbox.take_complaints().size() == scene.limits.complaints_max + 1);
}

TEST_CASE("so many requests are read in a look, and the others next", "[spool]") {
  Scene scene;
  scene.inbox = Inbox(scene.paths, {.requests_max = 2});
  for (const char* worker : {"a", "b", "c", "d", "e"}) scene.ask(worker, 1);
  CHECK(scene.taken() == Names{"a.1", "b.1"});
  scene.ask("a", 2);
  CHECK(scene.taken() == Names{"c.1", "d.1"});
  CHECK(scene.taken() == Names{"e.1", "a.2"});
}

TEST_CASE("a directory that others may write to is refused", "[spool]") {
  Scene scene;
  REQUIRE(::chmod(scene.paths.requests().c_str(), 0770) == 0);
  const auto taken = scene.inbox.take();
  REQUIRE_FALSE(taken);
  CHECK(taken.error().code == ErrorCode::conflict);
}

TEST_CASE("what has our names is removed when it is old", "[spool]") {
  Scene scene;
  scene.ask("w", 1);
  scene.put("w.2.tmp", "");
  scene.put("README", "");
  REQUIRE(scene.taken() == Names{"w.1"});
  REQUIRE(scene.inbox.answer({"w", 1}, {200, "{}"}));
  scene.ask("v", 1);
  const std::int64_t now_s = ::time(nullptr);
  scene.inbox.clean(now_s + scene.limits.old_s - 10);
  CHECK(fs::exists(scene.path("v.1")));
  scene.inbox.clean(now_s + scene.limits.old_s + 10);
  CHECK_FALSE(fs::exists(scene.path("v.1")));
  CHECK_FALSE(fs::exists(scene.path("w.2.tmp")));
  CHECK_FALSE(fs::exists(scene.paths.answers("w")));
  CHECK(fs::exists(scene.path("README")));
}

TEST_CASE("a file asks what the same request over HTTP asks", "[spool]") {
  const auto target = [](SpoolVerb verb) {
    return spool::as_http({.name = {"w", 1}, .request = {.verb = verb, .study = "jets"}}).target;
  };
  CHECK(target(SpoolVerb::work) == "/v1/studies/jets/work");
  CHECK(target(SpoolVerb::study) == "/v1/studies/jets");
  CHECK(target(SpoolVerb::exchange) == "/v1/studies/jets/workers/w:exchange");
}
