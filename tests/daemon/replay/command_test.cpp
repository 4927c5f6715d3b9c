// hpod --replay, from text to text.
#include "daemon/replay/command.hpp"

#include <catch2/catch.hpp>
#include <sstream>

using namespace hpo;

namespace {

const std::string page =
    R"({"study":{"history_seq":0,"spec":{"name":"toy","space":{"x":{"float":[0,1]}},)"
    R"("command":["true"],"strategy":"sobol","objective":{"minimize":"loss"},)"
    R"("budget":{"trials":4}}},"trials":[{"number":0,"state":"running","origin":"strategy",)"
    R"("params":{"x":0.5},"suggestion":{"strategy":"sobol","version":1,"build":"b",)"
    R"("history_seq":0,"model_seq":0,"first_number":0,"count":1}}]})";

}  // namespace

TEST_CASE("a difference is told in the format that is asked for", "[replay]") {
  const auto [format, words] = GENERATE(table<std::string, std::string>(
      {{"text", "trial 0: recorded {\"x\":0.5}"}, {"json", "\"suggestions_different\":1"}}));
  std::istringstream pages(page);
  std::ostringstream report;
  const auto is_equal = replay::carry_out(pages, format, "here", report);
  REQUIRE(is_equal);
  CHECK_FALSE(*is_equal);
  CHECK_THAT(report.str(), Catch::Contains(words));
}

TEST_CASE("another format is refused before anything is read", "[replay]") {
  std::istringstream pages("nonsense");
  std::ostringstream report;
  const auto is_equal = replay::carry_out(pages, "xml", "here", report);
  REQUIRE_FALSE(is_equal);
  CHECK(is_equal.error().remedy == "choose text or json");
}
