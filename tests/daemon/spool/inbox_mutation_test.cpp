// Random junk beside requests, as a directory that anything may have written into: every whole
// request is found, nothing else is taken, and what becomes of it is a request that HTTP knows.
#include <sys/stat.h>
#include <unistd.h>

#include <catch2/catch.hpp>
#include <cerrno>
#include <filesystem>
#include <fstream>
#include <random>
#include <set>

#include "daemon/spool/spool.hpp"
#include "tests/damage.hpp"
#include "tests/fresh_directory.hpp"

using namespace hpo;
using spool::Inbox;

namespace {

constexpr std::string_view whole = "hpo-spool 1 exchange jets\n{\"slots\":1}";
constexpr std::string_view text_pieces[] = {"hpo-spool 1 ", "exchange", "work ", "\n", " ", "..",
    "/", "jets", "{", "\x1b[31m", "\xFF", std::string_view("\0", 1)};
constexpr std::string_view name_pieces[] = {".", "..", ".1", ".2", "0", "-", " ", ".tmp", "%2F",
    "\n", "\x1b", "\xC3\xA9", "w", "9223372036854775808"};

// One entry of any kind, under a name that may be a request's. Exists already: nothing happens.
void put_junk(const std::string& directory, std::mt19937& random) {
  std::string name = test::damage("w" + std::to_string(random() % 4) + ".1", name_pieces, random);
  std::erase(name, '/');
  const std::string path = directory + "/" + name;
  if (name.empty() || name == "." || name == ".." || std::filesystem::exists(path)) return;
  switch (random() % 8) {
    case 0: ::mkdir(path.c_str(), 0700); break;
    case 1: ::mkfifo(path.c_str(), 0600); break;
    case 2: REQUIRE((::symlink("/dev/zero", path.c_str()) == 0 || errno == EEXIST)); break;
    default:
      std::ofstream(path) << test::damage(std::string(whole), text_pieces, random);
  }
}

bool is_fit_for_a_target(const std::string& target) {
  return target.find_first_not_of("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789"
                                  "/._:-") == std::string::npos;
}

// Looks until it sees nothing more, as the daemon does, and answers what it takes.
std::set<std::string> take_all(Inbox& inbox) {
  std::set<std::string> taken;
  for (int looks = 0; looks < 100; ++looks) {
    const auto found = inbox.take();
    REQUIRE(found);
    if (found->empty() && looks > 20) break;
    for (const Inbox::Taken& each : *found) {
      REQUIRE(spool_name(to_text(each.name)) == each.name);
      REQUIRE(is_spool_word(each.request.study));
      REQUIRE(is_fit_for_a_target(spool::as_http(each).target));
      REQUIRE(inbox.answer(each.name, {200, "{}"}));
      taken.insert(each.name.worker);
    }
  }
  return taken;
}

}  // namespace

TEST_CASE("among random junk every request is found, and junk makes none", "[spool]") {
  std::size_t complaints = 0;
  for (unsigned seed = 0; seed < 50; ++seed) {
    INFO("seed " << seed);
    std::mt19937 random(seed);
    const test::FreshDirectory directory(test::parent_in_memory());
    const SpoolPaths paths{.root = directory.path() + "/spool"};
    Inbox inbox{paths};
    REQUIRE(inbox.take());  // makes the directories
    for (int i = 0; i < 30; ++i) put_junk(paths.requests(), random);
    for (const char* worker : {"a", "b"}) {
      ::mkdir(paths.answers(worker).c_str(), 0700);
      std::ofstream(paths.requests() + "/" + worker + ".7") << whole;
    }
    const auto taken = take_all(inbox);
    CHECK(taken.contains("a"));
    CHECK(taken.contains("b"));
    CHECK(std::filesystem::exists(paths.answers("a") + "/7"));
    complaints += inbox.take_complaints().size();
  }
  CHECK(complaints > 250);
  CHECK(complaints <= 50 * (spool::InboxLimits{}.complaints_max + 1));
}
