// STUDY/N and STUDY N.
#include "cli/trial_name.hpp"

#include <catch2/catch.hpp>

using namespace hpo::cli;

TEST_CASE("a trial is named with a slash or with a second word", "[cli]") {
  CHECK(one_trial("jets/17")->trial == 17);
  CHECK(one_trial("jets", "17")->trial == 17);
  CHECK(one_trial("jets/17")->study == "jets");
  CHECK_FALSE(trial_name("jets")->trial);
}

TEST_CASE("what names no trial is refused with the way to write it", "[cli]") {
  const auto [text, number] = GENERATE(table<const char*, const char*>(
      {{"jets", ""}, {"jets/", ""}, {"jets/x", ""}, {"jets/-1", ""}, {"jets/1.5", ""},
       {"jets/17", "3"}, {"/17", ""}, {"", ""}, {"jets/99999999999", ""}}));
  INFO("\"" << text << "\" \"" << number << "\"");
  const auto name = one_trial(text, number);
  REQUIRE_FALSE(name);
  CHECK(name.error().code == hpo::ErrorCode::invalid_argument);
  CHECK_FALSE(name.error().remedy.empty());
}
