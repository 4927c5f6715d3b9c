// The claim: one holder for ever, and a file that says who.
#include <unistd.h>

#include <catch2/catch.hpp>

#include "executors/runner/claim.hpp"
#include "tests/executors/support.hpp"

using namespace hpo;

TEST_CASE("the first to claim a directory holds it, also against itself", "[claim]") {
  const test::FreshDirectory directory;
  CHECK_FALSE((*runner::read_claim(directory.path())).has_value());
  CHECK(*runner::take_claim(directory.path(), "hpoabcd1", "of the attempt", "4711"));
  CHECK_FALSE(*runner::take_claim(directory.path(), "hpoabcd2"));
  const auto claim = *runner::read_claim(directory.path());
  REQUIRE(claim);
  CHECK(claim->job == "hpoabcd1");
  CHECK(claim->process == runner::own_process_id());
  CHECK(claim->host == runner::host_name());
  CHECK(claim->identity == "of the attempt");
  CHECK(claim->native_id == "4711");
}

TEST_CASE("no claim file of our own is left behind", "[claim]") {
  const test::FreshDirectory directory;
  REQUIRE(*runner::take_claim(directory.path(), "a"));
  const std::string own = directory.path() + "/claim.a." + runner::host_name() + "." +
                          std::to_string(::getpid());
  CHECK_FALSE(test::exists(own));
}

TEST_CASE("a claim stays as it is when a dead runner of our name and pid took it", "[claim]") {
  const test::FreshDirectory directory;
  const std::string own = directory.path() + "/claim.a." + runner::host_name() + "." +
                          std::to_string(::getpid());
  const std::string claim = directory.path() + "/claim";
  test::write(own, "of the dead one");  // it died between the link and the removal of its own
  REQUIRE(::link(own.c_str(), claim.c_str()) == 0);
  CHECK_FALSE(*runner::take_claim(directory.path(), "a"));
  CHECK(test::read(claim) == "of the dead one");
}

TEST_CASE("a torn claim is an error, not a free attempt", "[claim]") {
  const test::FreshDirectory directory;
  test::write(directory.path() + "/claim", "{\"job\":\"a");
  CHECK_FALSE(runner::read_claim(directory.path()).has_value());
  CHECK_FALSE(*runner::take_claim(directory.path(), "b"));
}

TEST_CASE("a directory that is not there cannot be claimed", "[claim]") {
  CHECK_FALSE(runner::take_claim("/nowhere/at/all", "a").has_value());
}
