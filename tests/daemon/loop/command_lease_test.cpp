// What programs that ask and tell by themselves hear of what is left for them.
#include <catch2/catch.hpp>

#include "schema/decode/decode.hpp"
#include "schema/json/node.hpp"
#include "tests/daemon/loop/rig.hpp"

using namespace hpo;

namespace {

StudySpec small_grid() {
  auto decoded = decode_study(
      R"({"name":"jets","space":{"x":{"choice":["a","b","c"]}},"workdir":"/","strategy":"grid",)"
      R"("objective":{"minimize":"loss"},"executor":{"type":"external","lease":"1h"},)"
      R"("parallel":3,"budget":{"trials":9}})");
  REQUIRE(decoded.spec);
  return *std::move(decoded.spec);
}

std::vector<loop::Held> pull_trials(test::Rig& rig, std::size_t count) {
  std::vector<loop::Held> held;
  while (held.size() < count) {
    const auto reply = rig.ask(loop::Exchange{.study = "jets", .worker = "w", .start = 1,
                                              .wait = std::chrono::seconds(20)});
    REQUIRE(reply);
    const auto root = *json::parse_own(reply->body, "reply");
    for (const json::Node& item : root.find("trials")->items) {
      held.push_back({static_cast<int>(json::integer_at(item, "trial")),
                      json::integer_at(item, "fence")});
    }
  }
  return held;
}

struct Left {
  bool more = false;
  std::int64_t awaited = 0;
  friend bool operator==(const Left&, const Left&) = default;
};

Left left_after(test::Rig& rig, loop::Held lease, const Outcome& outcome) {
  const auto reply = rig.ask(loop::TellTrial{"jets", {lease, outcome}});
  REQUIRE(reply);
  const auto root = *json::parse_own(reply->body, "reply");
  return {root.find("more")->boolean, json::integer_at(root, "awaited")};
}

}  // namespace

SCENARIO("who tells a result hears whether there is more to ask for", "[loop]") {
  test::Rig rig;
  REQUIRE(rig.ask(loop::SubmitStudy{small_grid()}));
  const std::vector<loop::Held> held = pull_trials(rig, 3);
  rig.wait_for("jets", [](const store::StudyRow& row) { return row.progress.exhausted; });
  const Outcome good{.status = OutcomeStatus::completed, .value = 0.5};
  CHECK(left_after(rig, held[0], good) == Left{true, 2});
  const Outcome lost{.status = OutcomeStatus::lost, .failure = FailureClass::lost};
  CHECK(left_after(rig, held[1], lost) == Left{true, 0});  // it waits for another attempt
  const loop::Held again = pull_trials(rig, 1).front();
  CHECK(left_after(rig, held[2], good) == Left{true, 1});
  CHECK(left_after(rig, again, good) == Left{false, 0});
}
