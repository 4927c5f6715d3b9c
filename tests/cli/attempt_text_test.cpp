// Attempts in words: which one counts, what it was late for, where its files are.
#include "cli/attempt_text.hpp"

#include <catch2/catch.hpp>

using namespace hpo::cli;

namespace {

hpo::json::Node node(const std::string& text) { return hpo::json::parse(text).root; }

std::vector<std::string> lines_of(const std::string& trial,
                                  const std::vector<hpo::json::Node>& reports = {}) {
  const auto shown = node(trial);
  std::vector<std::string> lines;
  for (const auto& attempt : member(shown, "history").items) {
    lines.push_back(attempt_text(shown, attempt, reports));
  }
  return lines;
}

using Lines = std::vector<std::string>;

}  // namespace

TEST_CASE("of two attempts the one whose late result counts says so", "[cli]") {
  const std::string trial =
      R"({"state":"completed","attempt":1,"history":[
          {"number":1,"state":"late","fence":1,"native_id":"w1","value":0.25},
          {"number":2,"state":"succeeded","fence":2,"native_id":"w2","value":0.5}]})";
  CHECK(lines_of(trial) == Lines{"late: its lease had ended; its end counts, worker w1",
                                 "succeeded, brought 0.5, which does not count, worker w2"});
  CHECK(integer_of(member(shown_attempt(node(trial)), "number")) == 1);
}

TEST_CASE("a single attempt is late for its lease alone", "[cli]") {
  CHECK(lines_of(R"({"state":"completed","attempt":1,"history":[
                     {"number":1,"state":"late","fence":1,"value":1}]})") ==
        Lines{"late: its lease had ended"});
}

TEST_CASE("what a cancelled trial still brought is shown, and does not count", "[cli]") {
  CHECK(lines_of(R"({"state":"cancelled","attempt":1,"history":[
                     {"number":1,"state":"succeeded","value":0.001}]})") ==
        Lines{"succeeded, brought 0.001, which does not count"});
}

TEST_CASE("a training that came to its last step was not ended by its pruner", "[cli]") {
  const std::string attempt =
      R"("attempt":1,"history":[{"number":1,"state":"succeeded","verdict":"stop",
         "verdict_reason":"worse"}]})";
  CHECK(lines_of(R"({"state":"completed",)" + attempt) ==
        Lines{"succeeded, came to its last step before the pruner's \"stop\" ended it: worse"});
  CHECK(lines_of(R"({"state":"pruned",)" + attempt) == Lines{"succeeded, told to stop: worse"});
}

TEST_CASE("what a pruner ended is said to be its doing, with the step", "[cli]") {
  const auto step = [](const char* number, const char* attempt, const char* verdict) {
    return node(std::string(R"({"step":)") + number + R"(,"attempt":)" + attempt +
                R"(,"decision":{"verdict":")" + verdict + R"("}})");
  };
  const std::vector<hpo::json::Node> reports{step("1", "1", "pause"), step("2", "2", "go_on"),
                                             step("3", "2", "stop"), step("4", "2", "stop")};
  const std::string history = R"("attempt":2,"message":"bad","history":[
      {"number":1,"state":"cancelled","verdict":"pause","verdict_reason":"not yet",
       "message":"cancelled while it ran"},
      {"number":2,"state":"cancelled","verdict":"stop","verdict_reason":"bad",
       "message":"cancelled while it ran; it was killed"}]})";
  CHECK(lines_of(R"({"state":"pruned",)" + history, reports) ==
        Lines{"paused at step 1: not yet",
              "stopped by the pruner at step 3, message it was killed"});
  const Lines of_user = lines_of(R"({"state":"cancelled",)" + history);
  CHECK(of_user[0] == "paused: not yet");
  CHECK(of_user[1] == "cancelled, message cancelled while it ran; it was killed, told to stop");
}

TEST_CASE("files that are elsewhere are said to be", "[cli]") {
  CHECK(files_text(node(R"({"directory":"/","fence":3})")) == "/");
  CHECK(files_text(node(R"({"directory":"/no/such","fence":0})")) == "/no/such");
  CHECK(files_text(node(R"({"directory":"/no/such","fence":3,"native_id":"w1"})")) ==
        "not here: they are where w1 trained it");
  CHECK(files_text(node(R"({"directory":"/no/such","fence":3,"place":"far-node:/own/1"})")) ==
        "far-node:/own/1 (on its worker's machine, not to be seen from here)");
}
