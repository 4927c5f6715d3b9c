// Metrics files as trainings write them: each step once, the latest ones if they come too fast.
#include "cli/worker/metrics_tail.hpp"

#include <catch2/catch.hpp>

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
  void write(const std::string& text) const { std::ofstream(path, std::ios::app) << text; }
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
  CHECK_FALSE(tails.is_behind());
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
    if (!tails.is_behind()) break;
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
  training.report(100'000);
  const auto some = tails.read(tailed, 10);
  CHECK(some.at(0).step > 0);
  CHECK(tails.bytes_skipped() > 1'000'000);
  const auto last = tails.finish(tailed);
  CHECK(last.size() > 2000);  // a daemon that was away for minutes is told them all
  CHECK(last.size() < 10'000);
  CHECK(last.back().step == 99'999);
  CHECK(tails.lines_left_out() == 0);
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
