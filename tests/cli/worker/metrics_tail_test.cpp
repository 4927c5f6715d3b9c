// Metrics files as trainings write them: each step once, the latest ones if they come too fast.
#include "cli/worker/metrics_tail.hpp"

#include <catch2/catch.hpp>

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <map>
#include <set>

#include "tests/fresh_directory.hpp"

using namespace hpo::cli::worker;

namespace {

constexpr LeaseKey tailed{.trial = 3, .fence = 1};

struct Training {
  hpo::test::FreshDirectory directory{};
  std::string path = directory.path() + "/metrics.jsonl";
  int step = 0;

  void report(int count) {
    std::ofstream file(path, std::ios::app);
    for (int i = 0; i < count; ++i) file << "{\"auc\": 0.5, \"step\": " << step++ << "}\n";
  }
  void report_wide(int count, std::size_t bytes) {
    const std::string pad(bytes, ' ');
    std::ofstream file(path, std::ios::app);
    for (int i = 0; i < count; ++i) file << "{\"auc\": 0.5, \"step\": " << step++ << pad << "}\n";
  }
  void write(const std::string& text) const { std::ofstream(path, std::ios::app) << text; }
  void empty() const { std::ofstream(path, std::ios::trunc); }
};

}  // namespace

TEST_CASE("a step is told of once, as soon as its line is whole", "[worker]") {
  Training training;
  MetricsTails tails;
  tails.follow(tailed, training.path);
  CHECK(tails.grown().empty());
  training.report(2);
  CHECK(tails.grown() == std::vector{tailed});
  CHECK(tails.read(tailed, 10).size() == 2);
  training.write("{\"step\": 2, ");
  CHECK(tails.grown() == std::vector{tailed});
  CHECK(tails.read(tailed, 10).empty());
  training.write("\"auc\": 1}\n");
  CHECK(tails.read(tailed, 10).at(0).step == 2);
  CHECK(tails.behind().empty());
}

TEST_CASE("what is not taken stays in the file, and is taken later", "[worker]") {
  Training training;
  MetricsTails tails;
  tails.follow(tailed, training.path);
  training.report(5000);
  std::vector<hpo::StepTold> steps;
  while (true) {
    const auto some = tails.read(tailed, 100);
    CHECK(some.size() < 2000);
    steps.insert(steps.end(), some.begin(), some.end());
    if (tails.behind().empty()) break;
    CHECK(tails.grown() == std::vector{tailed});
  }
  REQUIRE(steps.size() == 5000);
  for (int i = 0; i < 5000; ++i) CHECK(steps[static_cast<std::size_t>(i)].step == i);
  CHECK(tails.bytes_skipped() == 0);
}

TEST_CASE("of steps that come too fast the oldest are skipped, and counted", "[worker]") {
  Training training;
  MetricsTails tails;
  tails.follow(tailed, training.path);
  training.report_wide(6000, 1000);
  const auto some = tails.read(tailed, 10);
  CHECK_THAT(some.at(0).skipped, Catch::StartsWith("more than 4 MiB of its metrics.jsonl waited"));
  CHECK(some.at(1).step > 1000);
  CHECK(tails.bytes_skipped() > 1'000'000);
  const auto last = tails.finish(tailed);
  CHECK(last.size() > 3900);
  CHECK(last.back().step == 5999);
  CHECK(std::ranges::all_of(last, &hpo::StepTold::is_step));  // it is said once
  CHECK(tails.lines_left_out() == 0);
}

TEST_CASE("of many short lines those that hpod keeps are told, part after part", "[worker]") {
  Training training;
  MetricsTails tails;
  tails.follow(tailed, training.path, KeptSteps("auc", {}));
  training.report(40'000);
  std::set<std::int64_t> told;
  int reads = 0;
  do {
    for (const auto& step : tails.read(tailed, 256)) told.insert(step.step);
    ++reads;
  } while (!tails.behind().empty());
  CHECK(reads > 4);
  CHECK(reads < 40);  // 160 by 256 lines
  CHECK(told.size() < 5500);
  CHECK(*told.rbegin() > 39'960);
  training.report(100);
  const auto last = tails.finish(tailed);
  CHECK(last.size() < 5);
  CHECK(tails.bytes_skipped() == 0);
}

TEST_CASE("1,024 steps of many metrics at once, and junk after a step, lose no step", "[worker]") {
  Training training;
  MetricsTails tails;
  tails.follow(tailed, training.path);
  training.report_wide(1024, 1500);
  training.write(std::string(2'000'000, 'x') + "\n");
  training.report(1);
  const auto steps = tails.finish(tailed);
  CHECK(std::ranges::count_if(steps, &hpo::StepTold::is_step) == 1025);
  CHECK(std::ranges::count_if(steps, [](const hpo::StepTold& told) {
    return told.unread.find("line 1025 of its metrics.jsonl is no report") == 0;
  }) == 1);
  CHECK(tails.bytes_skipped() == 0);
}

TEST_CASE("a training's last line counts without its line feed, and half a line does not",
          "[worker]") {
  Training training;
  MetricsTails tails;
  tails.follow(tailed, training.path);
  training.write(R"({"step": 7, "auc": 1})");
  CHECK(tails.finish(tailed).at(0).step == 7);
  tails.follow(tailed, training.path);
  training.write(R"({"step": 8, "a)");
  CHECK(tails.finish(tailed).empty());
  CHECK(tails.lines_left_out() == 1);
  CHECK(tails.finish(tailed).empty());  // it is followed no more
}

TEST_CASE("a file that another takes the place of is read on, by its path", "[worker]") {
  Training training;
  MetricsTails tails;
  tails.follow(tailed, training.path);
  const bool is_removed_first = GENERATE(false, true);
  std::set<std::int64_t> told;
  for (int epoch = 1; epoch <= 3; ++epoch) {
    const auto before = std::filesystem::path(training.path + ".before");
    std::filesystem::copy_file(training.path, before);
    if (is_removed_first) {
      std::filesystem::remove(training.path);
      CHECK(tails.grown() == std::vector{tailed});
      CHECK(tails.read(tailed, 10).empty());
    }
    std::filesystem::rename(before, training.path);
    training.report(1);
    REQUIRE(tails.grown() == std::vector{tailed});
    const auto steps = tails.read(tailed, 10);
    REQUIRE(steps.size() == 1);  // it begins as the one before: only what is new is told
    told.insert(steps[0].step);
  }
  CHECK(told == std::set<std::int64_t>{0, 1, 2});
  CHECK(tails.finish(tailed).empty());
}

TEST_CASE("a file that is written anew is told from its start, at the latest at the end",
          "[worker]") {
  Training training;
  MetricsTails tails;
  tails.follow(tailed, training.path);
  training.report(3);
  CHECK(tails.read(tailed, 10).size() == 3);
  training.empty();
  SECTION("it is seen to be shorter") {
    training.report(1);
    CHECK(tails.read(tailed, 10).at(0).step == 3);
    CHECK(tails.finish(tailed).empty());
  }
  SECTION("it has grown as long again") {
    const int count = GENERATE(3, 5);
    training.report(count);
    CHECK(tails.read(tailed, 10).size() == static_cast<std::size_t>(count - 3));
    const auto steps = tails.finish(tailed);
    REQUIRE(steps.size() == static_cast<std::size_t>(count));
    CHECK(steps[0].step == 3);
  }
}
