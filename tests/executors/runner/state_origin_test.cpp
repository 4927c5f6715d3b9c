// A file knows the state directory it was written in: a move keeps that, a copy does not.
#include "executors/runner/state_origin.hpp"

#include <catch2/catch.hpp>
#include <filesystem>

#include "tests/fresh_directory.hpp"

using namespace hpo;
using namespace hpo::runner;

TEST_CASE("a copied directory is told from the one its files are of", "[runner]") {
  const test::FreshDirectory scratch;
  const std::string original = scratch.path() + "/a";
  const std::string copy = scratch.path() + "/b";
  std::filesystem::create_directory(original);
  const StateOrigin origin = state_origin(original);
  std::filesystem::create_directory(copy);
  REQUIRE(origin.inode != 0);
  CHECK_FALSE(is_copied(origin, original));
  CHECK_FALSE(leads_elsewhere(origin, original));
  CHECK(is_copied(origin, copy));
  CHECK(leads_elsewhere(origin, copy));
}

TEST_CASE("a moved directory is the one it was, until its place is taken", "[runner]") {
  const test::FreshDirectory scratch;
  const std::string before = scratch.path() + "/a";
  const std::string after = scratch.path() + "/b";
  std::filesystem::create_directory(before);
  const StateOrigin origin = state_origin(before);
  std::filesystem::rename(before, after);
  CHECK_FALSE(is_copied(origin, after));
  CHECK_FALSE(leads_elsewhere(origin, after));
  std::filesystem::create_directory(before);
  CHECK_FALSE(is_copied(origin, after));
  CHECK(leads_elsewhere(origin, after));
}

TEST_CASE("a link leads to the directory itself", "[runner]") {
  const test::FreshDirectory scratch;
  const std::string link = scratch.path() + "/link";
  std::filesystem::create_directory(scratch.path() + "/a");
  std::filesystem::create_directory_symlink("a", link);
  const StateOrigin origin = state_origin(link);
  CHECK_FALSE(is_copied(origin, scratch.path() + "/a"));
  CHECK_FALSE(leads_elsewhere(origin, scratch.path() + "/a"));
}

TEST_CASE("what an older daemon wrote, or what cannot be seen, proves nothing", "[runner]") {
  const test::FreshDirectory scratch;
  const StateOrigin none = state_origin_of(json::parse(R"({"socket":"/s"})").root);
  CHECK(none == StateOrigin{});
  CHECK_FALSE(is_copied(none, scratch.path()));
  CHECK_FALSE(leads_elsewhere(none, scratch.path()));
  const StateOrigin unseen = state_origin("/nowhere/at/all");
  CHECK(unseen.inode == 0);
  CHECK_FALSE(is_copied(unseen, scratch.path()));
  CHECK_FALSE(leads_elsewhere(unseen, scratch.path()));
}

TEST_CASE("an origin of 64 bits is read as it was written", "[runner]") {
  const StateOrigin origin{.path = "/s", .inode = 18446744073709551615U};
  json::Writer writer;
  writer.object();
  write_members(writer, origin);
  writer.end();
  CHECK(state_origin_of(json::parse(writer.text()).root) == origin);
}
