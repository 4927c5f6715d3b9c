// Where things lie: the order of the environment's answers, and a socket path that always fits.
#include "schema/paths.hpp"

#include <catch2/catch.hpp>
#include <map>

namespace {

hpo::Lookup lookup(std::map<std::string, std::string> variables) {
  return [variables = std::move(variables)](const char* name) {
    const auto found = variables.find(name);
    return found == variables.end() ? std::string() : found->second;
  };
}

}  // namespace

TEST_CASE("the state directory is HPO_STATE_DIR, else XDG_STATE_HOME, else below HOME", "[paths]") {
  CHECK(*hpo::state_directory(lookup({{"HPO_STATE_DIR", "/a//b/"}, {"HOME", "/h"}})) == "/a/b");
  CHECK(*hpo::state_directory(lookup({{"XDG_STATE_HOME", "/x"}, {"HOME", "/h"}})) == "/x/hpo");
  CHECK(*hpo::state_directory(lookup({{"XDG_STATE_HOME", "x"}, {"HOME", "/h"}})) ==
        "/h/.local/state/hpo");
  const auto none = hpo::state_directory(lookup({}));
  REQUIRE_FALSE(none);
  CHECK(none.error().remedy.find("HPO_STATE_DIR") != std::string::npos);
}

TEST_CASE("a relative path starts at the given directory and loses its dots", "[paths]") {
  CHECK(hpo::absolute_path("a/./b", "/c") == "/c/a/b");
  CHECK(hpo::absolute_path(".", "/c") == "/c");
  CHECK(hpo::absolute_path("../b", "/c") == "/c/../b");
  CHECK(hpo::absolute_path("/", "/c") == "/");
}

TEST_CASE("a socket path of 107 bytes stays in the state directory, of 108 it moves", "[paths]") {
  const std::string fits = "/" + std::string(hpo::socket_path_bytes_max - 10, 'd');
  CHECK(hpo::socket_path(fits, 7) == fits + "/hpo.sock");
  const std::string moved = hpo::socket_path(fits + "d", 7);
  CHECK(moved.rfind("/tmp/hpo-7/", 0) == 0);
  CHECK(moved.size() <= hpo::socket_path_bytes_max);
  CHECK(moved != hpo::socket_path(fits + "e", 7));
  CHECK(hpo::socket_path("/s", 7, false).rfind("/tmp/hpo-7/", 0) == 0);
}

TEST_CASE("an attempt's directory names study, trial and attempt", "[paths]") {
  const hpo::StatePaths paths{.root = "/s"};
  CHECK(paths.attempt("jets", 17, 2) == "/s/studies/jets/trials/17/2");
  CHECK(paths.checkpoint("jets", 17, 2) == "/s/studies/jets/trials/17/checkpoint/2");
}
