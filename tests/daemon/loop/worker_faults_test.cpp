// Rows of the fault table (tests/system/faults.md) that are about what workers say, one test each.
#include <catch2/catch.hpp>
#include <cmath>

#include "schema/decode/decode.hpp"
#include "schema/json/node.hpp"
#include "tests/daemon/loop/rig.hpp"

using namespace hpo;
using loop::Held;
using test::Rig;

namespace {

void submit_leased(Rig& rig) {
  const auto decoded = decode_study(
      R"({"name":"jets","space":{"x":{"float":[0,1]}},"workdir":"/","parallel":2,)"
      R"("objective":{"minimize":"loss"},"strategy":"sobol","budget":{"trials":2},)"
      R"("executor":"external"})");
  REQUIRE(decoded.spec);
  REQUIRE(rig.ask(loop::SubmitStudy{*decoded.spec}));
}

json::Node heard(const Result<loop::Reply>& reply) {
  REQUIRE(reply);
  return *json::parse_own(reply->body, "reply");
}

std::vector<Held> listed(const json::Node& reply, const char* key) {
  std::vector<Held> all;
  for (const json::Node& item : reply.find(key)->items) {
    all.push_back({static_cast<int>(item.find("trial")->integer), item.find("fence")->integer});
  }
  return all;
}

Held lease_of(Rig& rig) {
  const loop::Exchange asking{.study = "jets", .worker = "w", .holds = std::vector<Held>{},
                              .start = 1, .wait = std::chrono::seconds(20)};
  const auto trials = listed(heard(rig.ask(asking)), "trials");
  REQUIRE(trials.size() == 1);
  return trials.front();
}

loop::Exchange telling_end(Held lease, const Outcome& outcome) {
  return {.study = "jets", .worker = "w", .holds = std::vector<Held>{},
          .ended = {{lease, outcome}}};
}

Outcome with_loss(double loss) {
  return {.status = OutcomeStatus::completed, .value = loss};
}

loop::RenewLease step_of(Held lease, std::int64_t step, double loss) {
  return {"jets", lease, {{lease, step, {{"loss", loss}}}}};
}

std::vector<JudgedReport> steps(Rig& rig, Held lease) {
  return *rig.reader()->reports({.study = "jets", .trial = lease.trial});
}

}  // namespace

SCENARIO("two workers of one name get the same trial, and it ends once", "[loop]") {
  Rig rig;
  submit_leased(rig);
  const Held one = lease_of(rig);
  const Held two = lease_of(rig);  // hpod thinks that its answer got lost
  CHECK(one.trial == two.trial);
  CHECK(one.fence == two.fence);
  for (int i = 0; i < 2; ++i) heard(rig.ask(step_of(one, 1, 0.5)));
  CHECK(steps(rig, one).size() == 1);
  WHEN("both train and bring a result") {
    heard(rig.ask(telling_end(one, with_loss(0.25))));
    const auto second = heard(rig.ask(telling_end(two, with_loss(0.125))));
    CHECK(listed(second, "dropped").size() == 1);
    CHECK(rig.reader()->attempts("jets", one.trial)->size() == 1);
  }
  WHEN("the second finds the attempt claimed by the first") {
    heard(rig.ask(telling_end(two, {.status = OutcomeStatus::lost,
                                    .failure = FailureClass::lost})));
    heard(rig.ask(telling_end(one, with_loss(0.25))));  // late, and the only one
  }
  const auto row = rig.reader()->study("jets");
  CHECK(row->progress.completed == 1);
  CHECK(row->progress.best_value == 0.25);
}

SCENARIO("what a worker says twice, or in another order, is heard once", "[loop]") {
  Rig rig;
  submit_leased(rig);
  const Held lease = lease_of(rig);
  heard(rig.ask(step_of(lease, 2, 0.5)));
  heard(rig.ask(telling_end(lease, with_loss(0.25))));
  loop::Exchange before{.study = "jets", .worker = "w", .holds = std::vector<Held>{lease},
                        .reports = {{lease, 1, {{"loss", 0.75}}}}};  // overtaken by the end
  loop::Exchange start{.study = "jets", .worker = "w", .started = {lease}};
  loop::Exchange back{.study = "jets", .worker = "w", .returned = {lease}};
  for (int i = 0; i < 2; ++i) {
    CHECK(listed(heard(rig.ask(before)), "dropped").size() == 1);
    heard(rig.ask(step_of(lease, 2, 0.5)));
    heard(rig.ask(start));
    heard(rig.ask(back));
    heard(rig.ask(telling_end(lease, with_loss(0.25))));
  }
  CHECK(steps(rig, lease).size() == 1);
  const auto attempts = rig.reader()->attempts("jets", lease.trial);
  REQUIRE(attempts->size() == 1);
  CHECK(attempts->front().state == AttemptState::succeeded);
  CHECK(rig.reader()->study("jets")->progress.completed == 1);
}

SCENARIO("a step whose value is not finite is kept as that, and the next one as usual", "[loop]") {
  Rig rig;
  submit_leased(rig);
  const Held lease = lease_of(rig);
  for (const double loss : {std::nan(""), HUGE_VAL, 0.5}) {
    const auto told = heard(rig.ask(step_of(lease, std::isfinite(loss) ? 3 : 1, loss)));
    CHECK_FALSE(told.find("stop")->boolean);
  }
  const auto kept = steps(rig, lease);
  REQUIRE(kept.size() == 2);  // the second one came for the same step
  CHECK(std::isnan(kept[0].report.value));
  CHECK(kept[1].report.value == 0.5);
}
