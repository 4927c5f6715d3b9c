// A remedy names a command, its own or one that fits the place.
#include "cli/remedy.hpp"

#include <catch2/catch.hpp>

#include "cli/answer.hpp"
#include "cli/problem.hpp"

using namespace hpo;
using namespace hpo::cli;

TEST_CASE("commands are told from words that only look like one", "[cli]") {
  const auto [text, expected] = GENERATE(table<std::string, bool>({
      {"hpo status", true}, {"'hpo trials a' lists them", true}, {"mend it, then: hpo x", true},
      {"ssh login7 hpo status", true}, {"export HPO_STATE_DIR=/a", true}, {"df -h /s", true},
      {"give one of them", false}, {"", false}, {"/usr/bin/hpo is old", false},
      {"all models ls", false}}));
  CAPTURE(text);
  CHECK(names_command(text) == expected);
}

TEST_CASE("a remedy without a command gets one", "[cli]") {
  CHECK(with_command("free some space", "df -h /s") == "free some space; df -h /s");
  CHECK(with_command("", "hpo status") == "hpo status");
  CHECK(with_command("hpo daemon start", "hpo status") == "hpo daemon start");
}

TEST_CASE("a file's error leads to the file, another one to the help", "[cli]") {
  const Failure file = failure_of({ErrorCode::internal, "cannot open", "/a/b", "check the path"});
  CHECK(file.error.remedy == "check the path; ls -ld /a/b");
  const Failure other = failure_of({ErrorCode::invalid_argument, "wrong", "command line", ""});
  CHECK(other.error.remedy == "hpo --help");
}

TEST_CASE("what the daemon refuses ends with a command too", "[cli]") {
  const auto [status, expected] = GENERATE(table<int, std::string>({
      {404, "do x; hpo status"}, {409, "do x; hpo status"}, {422, "do x; hpo status"},
      {503, "do x; hpo daemon status"}, {507, "do x; hpo daemon status"},
      {500, "do x; hpo daemon logs"}}));
  CAPTURE(status);
  const json::Node problem = json::parse(R"({"detail": "d", "remedy": "do x"})").root;
  CHECK(failure_of_problem(status, problem).error.remedy == expected);
}

TEST_CASE("a token that is refused leads to another file in its place, not to a header", "[cli]") {
  const json::Node problem = json::parse(R"({"detail": "d", "remedy": "send a header"})").root;
  ConnectFile file;
  file.study = "jets";
  file.path = "a file";
  CHECK(failure_of_problem(401, problem, file).error.remedy ==
        "on the daemon's host: hpo token jets; then copy what it writes to 'a file' here");
  CHECK(failure_of_problem(401, problem, file).error.where == "a file");
  CHECK(failure_of_problem(404, problem, file).error.remedy == "send a header; hpo status");
  CHECK(failure_of_problem(401, problem, {}).error.remedy == "send a header; hpo daemon logs");
}

TEST_CASE("a study's problem leads to its explanation", "[cli]") {
  const json::Node problem = json::parse(
      R"({"detail": "d", "remedy": "write 1", "errors": [{"code": "HPO-E0105"}]})").root;
  CHECK(failure_of_problem(422, problem).error.remedy == "write 1; hpo explain HPO-E0105");
}
