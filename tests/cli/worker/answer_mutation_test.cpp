// Random damage to what a worker reads of the daemon: files of the spool, and the JSON in them.
#include <catch2/catch.hpp>
#include <filesystem>
#include <fstream>
#include <random>

#include "cli/worker/assignment.hpp"
#include "cli/worker/spool_channel.hpp"
#include "tests/damage.hpp"
#include "tests/fresh_directory.hpp"

using namespace hpo;
using namespace hpo::cli::worker;

namespace {

constexpr std::string_view reply_text =
    R"({"state":"running","lease_s":120,"trials":[{"trial":7,"fence":2,"attempt":1,"begin":true,)"
    R"("job":"hpoabcd-1-7-2","identity":"abcd-1","params":{"x":0.5},"seed":11,)"
    R"("command":["train","0.5"]}],"stop":[{"trial":3,"fence":1,"reason":"pruned"}],)"
    R"("dropped":[{"trial":4,"fence":1,"reason":"ended"}],)"
    R"("ignored":[{"trial":7,"fence":2,"step":1,"reason":"thinned"}]})";
constexpr std::string_view pieces[] = {"{", "}", "[", "]", "\"", ":", ",", "null", "true", "-1",
    "1e999", "0.5", "9223372036854775808", "\\u0000", "trials", "\"fence\":", "\xFF", " ", "\n",
    "hpo-spool 1 ", "200", "[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[["};

}  // namespace

TEST_CASE("damaged answers are read or refused with a remedy", "[worker]") {
  constexpr unsigned seed = 61;
  INFO("seed " << seed);
  std::mt19937 random(seed);
  int read = 0;
  for (int i = 0; i < 15'000; ++i) {
    const std::string text = test::damage(std::string(reply_text), pieces, random);
    INFO(i << ": " << text);
    const auto answer = reply_from_json(text);
    const auto work = assignment_from_json(text);
    REQUIRE_FALSE(work);  // it has no attempt
    REQUIRE_FALSE(work.error().remedy.empty());
    if (!answer) REQUIRE_FALSE(answer.error().remedy.empty());
    else ++read;
  }
  CHECK(read > 250);
  CHECK(read < 14'000);
}

TEST_CASE("damaged files among the answers are never taken for the one that is waited for",
          "[worker]") {
  constexpr unsigned seed = 62;
  INFO("seed " << seed);
  std::mt19937 random(seed);
  const test::FreshDirectory directory(test::parent_in_memory());
  const SpoolPaths paths{.root = directory.path() + "/spool"};
  std::filesystem::create_directories(paths.requests());
  SpoolChannel channel(paths.root, "jets", "w");
  const std::string whole = "hpo-spool 1 200\n" + std::string(reply_text);
  for (int number = 1; number <= 500; ++number) {
    INFO("request " << number);
    REQUIRE_FALSE(channel.post("{}"));
    const std::string text = test::damage(whole.substr(0, 60), pieces, random);
    const std::string path = paths.answers("w") + "/" + std::to_string(number);
    std::ofstream(random() % 4 == 0 ? path + "0" : path) << text;
    if (channel.go_on() == Transport::Progress::answered) {
      const HttpReply taken = channel.take_reply();
      REQUIRE(to_text(SpoolAnswer{.status = taken.status, .body = taken.body}) == text);
      continue;
    }
    if (std::filesystem::exists(path)) REQUIRE_FALSE(spool_answer(text));
    std::ofstream(path) << whole;
    REQUIRE(channel.go_on() == Transport::Progress::answered);
    REQUIRE(channel.take_reply().body == reply_text);
  }
}
