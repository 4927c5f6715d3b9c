// One trial's steps in words and as a drawing.
#include "cli/learning_curve.hpp"

#include <catch2/catch.hpp>

#include "cli/json_view.hpp"
#include "cli/text.hpp"

using namespace hpo::cli;

namespace {

// Steps 1 … count with a decision at each; the value at the last step is not finite.
std::vector<hpo::json::Node> reports(int count) {
  std::vector<hpo::json::Node> nodes;
  for (int step = 1; step <= count; ++step) {
    const std::string number = std::to_string(step);
    nodes.push_back(hpo::json::parse(
        R"({"step":)" + number + R"(,"value":)" + (step == count ? "null" : "0." + number) +
        R"(,"decision":{"verdict":"go_on","rung":)" + (step == 1 ? "null" : "2") +
        R"(,"reason":"reason )" + number + "\"}}").root);
  }
  return nodes;
}

}  // namespace

TEST_CASE("steps are told by their first and last", "[cli]") {
  CHECK(steps_text({}).empty());
  CHECK(steps_text({reports(2)[0]}) == "1, 0.1 at step 1");
  CHECK(steps_text(reports(3)) == "3, from 0.1 at step 1 to no finite value at step 3");
}

TEST_CASE("steps of several attempts are told to be whose they are", "[cli]") {
  const auto told = [](const std::vector<int>& attempts) {
    std::vector<hpo::json::Node> nodes;
    for (const int attempt : attempts) {
      nodes.push_back(hpo::json::parse(R"({"step":)" + std::to_string(nodes.size()) +
                                       R"(,"attempt":)" + std::to_string(attempt) + "}").root);
    }
    return nodes;
  };
  CHECK(tellers_text({}).empty());
  CHECK(tellers_text(told({2, 2, 2})).empty());
  CHECK(tellers_text(told({1, 1, 1, 1, 3, 3, 2})) ==
        "0 to 3 by attempt 1, 4 to 5 by attempt 3, 6 by attempt 2");
  const std::string cut = tellers_text(told({1, 2, 1, 2, 1, 2, 1, 2, 1, 2}));
  CHECK(cut.find("7 by attempt 2, and so on: hpo export --reports has") != std::string::npos);
}

TEST_CASE("the last decisions that compared something are told", "[cli]") {
  CHECK(decision_lines({hpo::json::parse(R"({"step":1,"decision":null})").root}).empty());
  CHECK(decision_lines(reports(2)) ==
        std::vector<std::string>{"step 1: go on, reason 1", "step 2, rung 2: go on, reason 2"});
  CHECK(decision_lines(reports(8)).size() == 8);
  const auto lines = decision_lines(reports(10));
  REQUIRE(lines.size() == 9);
  CHECK(lines[0] == "step 3, rung 2: go on, reason 3");
  CHECK(lines[8] == "and 2 more, at earlier steps");
}

TEST_CASE("what is said again at each step until the training has ended is told once", "[cli]") {
  std::vector<hpo::json::Node> told = reports(1);
  for (int step = 2; step < 5; ++step) {
    told.push_back(hpo::json::parse(
        R"({"step":)" + std::to_string(step) +
        R"(,"decision":{"verdict":"stop","rung":0,"reason":"too bad"}})").root);
  }
  CHECK(decision_lines(told) == std::vector<std::string>{"step 1: go on, reason 1",
                                                         "step 2, rung 0: stop, too bad"});
}

TEST_CASE("a learning curve is drawn on a terminal, of two values or more", "[cli]") {
  Terminal terminal;
  CHECK(learning_curve(reports(9), terminal).empty());
  terminal.is_tty = true;
  terminal.width = GENERATE(30, 80, 200);
  CHECK(learning_curve(reports(2), terminal).empty());
  const auto lines = learning_curve(reports(9), terminal);
  REQUIRE(lines.size() == 7);
  for (const std::string& line : lines) {
    CHECK(display_width(line) < static_cast<std::size_t>(terminal.width));
  }
  CHECK_THAT(lines[0], Catch::StartsWith("  0.8 |") && Catch::EndsWith("*"));
  CHECK_THAT(lines[5], Catch::StartsWith("  0.1 |*"));
  CHECK_THAT(lines[6], Catch::StartsWith("       1 ") && Catch::EndsWith(" 8"));
}

TEST_CASE("a learning curve has a gap where a step has no value", "[cli]") {
  Terminal terminal;
  terminal.is_tty = true;
  std::vector<hpo::json::Node> told;
  for (const char* report : {R"({"step":1,"value":0.5})", R"({"step":2,"value":null})",
                             R"({"step":3,"value":0.5})"}) {
    told.push_back(hpo::json::parse(report).root);
  }
  for (const std::string& line : learning_curve(told, terminal)) {
    CHECK(line.find("**") == std::string::npos);
  }
}
