// Which steps are told. Against hpod itself: tests/daemon/loop/kept_steps_test.cpp.
#include "cli/worker/kept_steps.hpp"

#include <catch2/catch.hpp>
#include <cmath>

using namespace hpo;
using cli::worker::KeptSteps;

namespace {

StepTold at(std::int64_t step, double loss = 0.5) { return {step, {{"loss", loss}}}; }

}  // namespace

TEST_CASE("all steps up to 1,024 are told, beyond it those a thousandth apart", "[worker]") {
  KeptSteps kept("loss", {});
  std::vector<std::int64_t> told;
  for (std::int64_t step = 0; step < 100'000; ++step) {
    if (kept.must_tell(at(step))) told.push_back(step);
  }
  CHECK(told.size() > 5000);
  CHECK(told.size() < 6500);
  CHECK(told[2047] == 2047);
  CHECK(told[2049] == 2049);  // the first one that is left out, so that it is said why
  for (std::size_t i = 3000; i < told.size(); ++i) {
    CHECK((told[i] - told[i - 1]) == told[i - 1] / dense_steps);
  }
}

TEST_CASE("what is not kept is told the first time, each kind for itself", "[worker]") {
  KeptSteps kept("loss", 5000);
  const StepTold other{3, {{"lose", 0.5}}};
  CHECK(kept.must_tell(other));
  CHECK_FALSE(kept.must_tell(other));
  CHECK(kept.must_tell(at(4096)));
  CHECK_FALSE(kept.must_tell(at(4096)));  // the same word
  CHECK(kept.must_tell(at(4096, 0.25)));
  CHECK_FALSE(kept.must_tell(at(4096, 0.125)));
  CHECK(kept.must_tell(at(4097)));
  CHECK_FALSE(kept.must_tell(at(4098)));
  CHECK(kept.must_tell(at(4999, NAN)));
  CHECK_FALSE(kept.must_tell(at(4999, INFINITY)));  // no number, as before
  CHECK(kept.must_tell(at(5000)));  // there it is whole
  CHECK(kept.must_tell(at(5001)));  // beyond the fidelity's max
  CHECK_FALSE(kept.must_tell(at(5002)));
  StepTold crowded = at(5001);
  crowded.left_out = 3;
  CHECK(kept.must_tell(crowded));
  CHECK_FALSE(kept.must_tell(crowded));
  CHECK(kept.must_tell(at(7)));  // it may be new
  CHECK(kept.must_tell(at(7)));
  for (int i = 0; i < 2; ++i) {
    CHECK(kept.must_tell({.unread = "line 3 is no report"}));
    CHECK(kept.must_tell({.skipped = "3 KiB were skipped"}));
  }
}
