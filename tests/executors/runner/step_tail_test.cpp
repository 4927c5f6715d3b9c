// A metrics file that grows between two looks.
#include "executors/runner/step_tail.hpp"

#include <catch2/catch.hpp>
#include <sys/stat.h>

#include <filesystem>
#include <fstream>

#include "tests/fresh_directory.hpp"

using namespace hpo;
using runner::StepTail;

namespace {

void add(const std::string& path, const std::string& text) {
  std::ofstream(path, std::ios::app) << text;
}

std::string flood(std::int64_t bytes) {
  std::string text;
  for (int step = 0; static_cast<std::int64_t>(text.size()) < bytes; ++step) {
    text += R"({"step": )" + std::to_string(step) + ", \"loss\": 0.5}\n";
  }
  return text;
}

}  // namespace

TEST_CASE("each line is told once, a half one when it is whole", "[runner]") {
  const test::FreshDirectory directory;
  const std::string path = directory.path() + "/metrics.jsonl";
  StepTail tail;
  CHECK(tail.look(path).empty());
  add(path, "{\"step\": 1, \"loss\": 0.5}\n{\"step\": 2, ");
  CHECK(tail.look(path) == std::vector<StepTold>{{1, {{"loss", 0.5}}}});
  CHECK(tail.look(path).empty());
  add(path, "\"loss\": 0.4}\n{\"step\": 3, \"loss\": 0.3}");
  CHECK(tail.look(path) == std::vector<StepTold>{{2, {{"loss", 0.4}}}});
  CHECK(tail.finish(path) == std::vector<StepTold>{{3, {{"loss", 0.3}}}});
}

TEST_CASE("what has come at once is read in pieces, each line once", "[runner]") {
  const test::FreshDirectory directory;
  const std::string path = directory.path() + "/metrics.jsonl";
  add(path, flood(3 * runner::look_bytes_max) + R"({"step": 99000000, "loss": 0.1})");
  StepTail tail(runner::backlog_bytes_max);
  std::vector<StepTold> steps = tail.look(path);
  CHECK(steps.size() < 50'000);  // of 105,000
  int looks = 0;
  for (bool has_more = true; has_more; has_more = tail.has_more(), ++looks) {
    for (StepTold& step : tail.finish(path)) steps.push_back(std::move(step));
  }
  CHECK(looks == 3);
  CHECK(tail.bytes_skipped() == 0);
  REQUIRE(steps.back().step == 99'000'000);
  for (std::size_t i = 0; i + 1 < steps.size(); ++i) {
    REQUIRE(steps[i].step == static_cast<std::int64_t>(i));
  }
}

TEST_CASE("a file that is written on after its end is not read for ever", "[runner]") {
  const test::FreshDirectory directory;
  const std::string path = directory.path() + "/metrics.jsonl";
  const std::string more = flood(2 * runner::look_bytes_max);
  StepTail tail(4 * runner::look_bytes_max);
  int looks = 0;
  for (bool has_more = true; has_more && looks < 100; has_more = tail.has_more(), ++looks) {
    add(path, more);
    tail.finish(path);
  }
  CHECK(looks == 4);
  CHECK(tail.bytes_skipped() > 0);
}

TEST_CASE("of a flood between two looks the newest lines are read", "[runner]") {
  const test::FreshDirectory directory;
  const std::string path = directory.path() + "/metrics.jsonl";
  add(path, flood(3 * runner::look_bytes_max) + "{\"step\": 99000000, \"loss\": 0.1}\n");
  StepTail tail;
  const auto steps = tail.look(path);
  REQUIRE_FALSE(steps.empty());
  CHECK(steps.back().step == 99'000'000);
  CHECK(tail.bytes_skipped() > runner::look_bytes_max);
  CHECK(tail.take_first_skipped() == tail.bytes_skipped());
  CHECK(tail.take_first_skipped() == 0);
}

TEST_CASE("a file that is replaced or written anew is told from its start", "[runner]") {
  const test::FreshDirectory directory;
  const std::string path = directory.path() + "/metrics.jsonl";
  const std::string one = "{\"step\": 1, \"loss\": 0.5}\n";
  const std::string two = "{\"step\": 2, \"loss\": 0.4}\n";
  StepTail tail;
  add(path, one);
  CHECK(tail.look(path).size() == 1);
  SECTION("by one that goes on") {
    add(path + ".tmp", one + two);
    std::filesystem::rename(path + ".tmp", path);
    CHECK(tail.look(path) == std::vector<StepTold>{{2, {{"loss", 0.4}}}});
    CHECK(tail.finish(path).empty());
  }
  SECTION("by one that begins otherwise") {
    add(path + ".tmp", two + one);
    std::filesystem::rename(path + ".tmp", path);
    CHECK(tail.look(path).size() == 2);
  }
  SECTION("in its own place, as long as it was: at the end") {
    std::ofstream(path, std::ios::trunc) << two;
    CHECK(tail.look(path).empty());
    CHECK(tail.finish(path) == std::vector<StepTold>{{2, {{"loss", 0.4}}}});
  }
}

TEST_CASE("what is no file is not read", "[runner]") {
  const test::FreshDirectory directory;
  const std::string path = directory.path() + "/metrics.jsonl";
  REQUIRE(::mkfifo(path.c_str(), 0600) == 0);
  CHECK(StepTail().look(path).empty());
}
