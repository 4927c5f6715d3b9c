// Slots go to the study that has had the fewest slot-seconds; who joins starts level.
#include "daemon/loop/fair_share.hpp"

#include <catch2/catch.hpp>
#include <map>
#include <queue>
#include <vector>

using hpo::loop::FairShare;

namespace {

constexpr std::int64_t second = 1'000'000'000;

// Slots, studies that always have work, and how long each one's trials take.
class Node {
 public:
  Node(int slots, std::map<std::int64_t, std::int64_t> durations)
      : slots_(slots), durations_(std::move(durations)) {}

  void join(std::int64_t study, std::int64_t duration) { durations_[study] = duration; }

  // Starts `trials` further trials; slot-nanoseconds by study go to `used`.
  void work(int trials) {
    for (int started = 0; started < trials;) {
      if (static_cast<int>(running_.size()) < slots_) {
        start();
        ++started;
      } else {
        end();
      }
    }
  }

  std::map<std::int64_t, std::int64_t> used{};
  std::vector<std::int64_t> order{};

 private:
  void start() {
    std::vector<std::int64_t> studies;
    for (const auto& [study, duration] : durations_) studies.push_back(study);
    const std::int64_t study = shares_.choose(studies, now_);
    shares_.started(study, now_);
    running_.push({-(now_ + durations_[study]), study});
    order.push_back(study);
  }
  void end() {
    const auto [minus_end, study] = running_.top();
    running_.pop();
    now_ = -minus_end;
    shares_.ended(study, now_);
    used[study] += durations_[study];
  }

  int slots_;
  std::map<std::int64_t, std::int64_t> durations_;
  FairShare shares_{};
  std::priority_queue<std::pair<std::int64_t, std::int64_t>> running_{};
  std::int64_t now_ = second;
};

double share(const Node& node, std::int64_t study) {
  std::int64_t all = 0;
  for (const auto& [other, used] : node.used) all += used;
  return static_cast<double>(node.used.at(study)) / static_cast<double>(all);
}

}  // namespace

TEST_CASE("two studies with work share the slot-seconds evenly, however long their trials",
          "[loop]") {
  const auto [a, b] = GENERATE(table<int, int>({{1, 1}, {1, 5}, {7, 2}}));
  const int slots = GENERATE(1, 2, 4);
  Node node(slots, {{1, a * second}, {2, b * second}});
  node.work(200);
  INFO("trials of " << a << " s and " << b << " s on " << slots << " slots");
  CHECK(share(node, 1) == Approx(0.5).margin(0.05));
}

TEST_CASE("a study that joins gets the next slot, and no compensation for the past", "[loop]") {
  Node node(2, {{1, second}, {2, second}});
  node.work(100);
  node.join(3, second);
  node.order.clear();
  node.used.clear();
  node.work(60);
  CHECK(node.order[0] == 3);
  CHECK(share(node, 3) == Approx(1.0 / 3.0).margin(0.05));
}

TEST_CASE("a study alone gets every slot", "[loop]") {
  Node node(4, {{1, second}});
  node.work(40);
  CHECK(share(node, 1) == 1.0);
}
