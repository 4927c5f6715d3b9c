// Curves that are thinned, and percentiles at each step.
#include "strategies/pruners/peers.hpp"

#include <catch2/catch.hpp>
#include <limits>

namespace hpo::pruning {
namespace {

Curve curve_of(std::int64_t steps, double loss) {
  Curve curve;
  for (std::int64_t step = 0; step < steps; ++step) curve.add(step, loss);
  return curve;
}

}  // namespace

TEST_CASE("a curve keeps all of its reports up to the limit, then evenly spaced ones", "[pruner]") {
  CHECK(curve_of(1023, 0.0).kept().size() == 1023);
  CHECK(curve_of(1024, 0.0).kept().size() == 512);
  for (const std::int64_t steps : {1025, 5000, 1'000'000}) {
    const Curve curve = curve_of(steps, 0.0);
    const auto& kept = curve.kept();
    REQUIRE((kept.size() >= 512 && kept.size() < steps_kept_max));
    const std::int64_t stride = kept[1].first;
    CHECK((stride & (stride - 1)) == 0);
    for (std::size_t i = 0; i < kept.size(); ++i) {
      REQUIRE(kept[i].first == stride * static_cast<std::int64_t>(i));
    }
    CHECK(kept.back().first + stride >= steps);
  }
}

TEST_CASE("percentiles are interpolated at each step by itself", "[pruner]") {
  Peers peers(25.0);
  for (const double loss : {4.0, 1.0, 3.0, 2.0}) peers.add(curve_of(2, loss));
  peers.add(curve_of(1, 100.0));
  CHECK(peers.at(0).count == 5);
  CHECK(peers.at(0).limit == 2.0);
  CHECK(peers.at(1).count == 4);
  CHECK(peers.at(1).limit == 1.75);
  CHECK(peers.at(2).count == 0);
}

TEST_CASE("what is no finite number is nobody's yardstick", "[pruner]") {
  Peers peers(50.0);
  peers.add(curve_of(1, std::numeric_limits<double>::infinity()));
  CHECK(peers.at(0).count == 0);
  peers.add(curve_of(1, 1.0));
  CHECK(peers.at(0).limit == 1.0);
}

TEST_CASE("what peers are kept has a limit, and the first ones stay", "[pruner]") {
  Peers peers(50.0);
  for (std::int64_t trial = 0; trial < 9000; ++trial) {
    Curve curve;
    for (std::int64_t i = 0; i < 512; ++i) curve.add(trial * 512 + i, 1.0);
    peers.add(curve);
  }
  CHECK(peers.losses() == peer_steps_max);
  CHECK(peers.at(0).count == 1);
  for (int trial = 0; trial < 9000; ++trial) peers.add(curve_of(512, 2.0));
  CHECK(peers.losses() == peer_losses_max);
  CHECK(peers.at(0).count > 8000);
}

}  // namespace hpo::pruning
