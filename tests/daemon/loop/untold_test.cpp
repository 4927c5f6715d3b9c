// What does not reach who is to know it: a verdict on a training that has ended by then, and steps
// that a worker left out.
#include <catch2/catch.hpp>

#include "schema/decode/decode.hpp"
#include "schema/json/node.hpp"
#include "tests/daemon/loop/rig.hpp"

using namespace hpo;

namespace {

StudySpec judged_study(std::int64_t step_max = 9) {
  auto decoded = decode_study(
      R"({"name":"jets","space":{"x":{"float":[0,1]}},"workdir":"/","strategy":"sobol",)"
      R"("objective":{"minimize":"loss"},"executor":{"type":"external","lease":"1h"},)"
      R"("fidelity":{"name":"epochs","min":1,"max":9,"eta":3},"pruner":"asha","parallel":4,)"
      R"("budget":{"trials":12}})");
  REQUIRE(decoded.spec);
  decoded.spec->fidelity->max = step_max;
  return *std::move(decoded.spec);
}

// After them, one that tells 0.9 at step 1 is told to stop.
void tell_better_ones(test::Rig& rig) {
  for (const double loss : {0.3, 0.2, 0.1}) {
    const loop::Held lease = rig.lease_of_next("jets");
    REQUIRE(rig.ask(loop::RenewLease{"jets", lease, {{lease, 1, {{"loss", loss}}}}}));
  }
}

}  // namespace

SCENARIO("a verdict that comes with the end of its training is noted as told to nobody", "[loop]") {
  test::Rig rig;
  REQUIRE(rig.ask(loop::SubmitStudy{judged_study()}));
  tell_better_ones(rig);
  const loop::Held last = rig.lease_of_next("jets");
  const auto step = GENERATE(std::int64_t{1}, std::int64_t{9});
  loop::Exchange end{.study = "jets", .worker = "w",
                     .reports = {{last, 1, {{"loss", 0.9}}}},
                     .ended = {{last, {.status = OutcomeStatus::completed, .value = 0.8}}}};
  if (step > 1) end.reports.push_back({last, step, {{"loss", 0.8}}});
  REQUIRE(rig.ask(end));
  CHECK(rig.reader()->trial("jets", last.trial)->trial.state ==
        (step == 9 ? TrialState::completed : TrialState::pruned));
  const auto incidents = rig.reader()->doubts("jets", last.trial);
  REQUIRE(incidents->size() == 1);
  CHECK(incidents->front().data.find("could be told") != std::string::npos);
}

SCENARIO("what a worker left out is said once in its trial's history, and is no step", "[loop]") {
  test::Rig rig;
  REQUIRE(rig.ask(loop::SubmitStudy{judged_study()}));
  const loop::Held lease = rig.lease_of_next("jets");
  for (const std::string text : {"the first 3 KiB were skipped", "the first 9 KiB were skipped"}) {
    const auto reply = rig.ask(loop::Exchange{
        .study = "jets", .worker = "w", .reports = {{.lease = lease, .skipped = text}}});
    REQUIRE(reply);
    CHECK(reply->body.find(text) == std::string::npos);  // it is no step that was ignored
  }
  const auto remarks = *rig.reader()->doubts("jets", lease.trial);
  REQUIRE(remarks.size() == 1);
  CHECK(remarks.front().data.find("the first 3 KiB were skipped: steps told there alone") !=
        std::string::npos);
  CHECK(remarks.front().data.find(R"("remark":"too_fast")") != std::string::npos);
}

SCENARIO("numbers of a step that are left out are said once, and its others are kept", "[loop]") {
  test::Rig rig;
  REQUIRE(rig.ask(loop::SubmitStudy{judged_study()}));
  const loop::Held lease = rig.lease_of_next("jets");
  const auto tell = [&](std::int64_t step, const std::string& metric) {
    const loop::Reported told{.lease = lease, .step = step, .metrics = {{metric, 0.5}},
                              .left_out = 7};
    REQUIRE(rig.ask(loop::Exchange{.study = "jets", .worker = "w", .reports = {told}}));
  };
  tell(1, "loss");
  tell(2, "loss");
  tell(3, "auc");
  CHECK(rig.reader()->reports({.study = "jets"})->size() == 2);
  const auto remarks = *rig.reader()->doubts("jets", lease.trial);
  REQUIRE(remarks.size() == 2);
  CHECK(remarks[0].data.find("step 1 told 1 numbers and 7 more") != std::string::npos);
  CHECK(remarks[1].data.find("no 'loss', the study's objective, among") != std::string::npos);
}

namespace {

void tell_steps_and_end(test::Rig& rig, const loop::Held& lease, std::int64_t first,
                        std::int64_t last, Outcome end) {
  loop::Exchange told{.study = "jets", .worker = "w", .ended = {{lease, std::move(end)}}};
  for (std::int64_t step = first; step <= last; ++step) {
    told.reports.push_back({lease, step, {{"loss", 0.5}}});
  }
  REQUIRE(rig.ask(told));
}

const Outcome completed_here{.status = OutcomeStatus::completed, .value = 0.5};

}  // namespace

SCENARIO("a training that counts its steps from 0 is told so once, when it has ended", "[loop]") {
  test::Rig rig;
  REQUIRE(rig.ask(loop::SubmitStudy{judged_study()}));  // up to 9 epochs
  const loop::Held lease = rig.lease_of_next("jets");
  const auto remarks_of = [&](int trial) { return *rig.reader()->doubts("jets", trial); };
  WHEN("it brings its result") {
    const auto [first, last, is_said] = GENERATE(table<std::int64_t, std::int64_t, bool>({
        {0, 8, true}, {0, 9, false}, {1, 8, false}, {1, 9, false}, {0, 7, false}}));
    tell_steps_and_end(rig, lease, first, last, completed_here);
    const auto remarks = remarks_of(lease.trial);
    REQUIRE(remarks.size() == (is_said ? 1 : 0));
    if (!is_said) return;
    CHECK(remarks[0].data.find("it told steps 0 to 8 of max 9: steps count what is done, from 1") !=
          std::string::npos);
    CHECK(remarks[0].data.find(R"("remark":"from_zero")") != std::string::npos);
  }
  WHEN("it breaks off there, and another attempt has nothing left to train") {
    const Outcome broken{.status = OutcomeStatus::failed, .failure = FailureClass::preempted};
    tell_steps_and_end(rig, lease, 0, 8, broken);
    CHECK(remarks_of(lease.trial).empty());
    loop::Held again = rig.lease_of_next("jets");
    REQUIRE(again.trial == lease.trial);
    tell_steps_and_end(rig, again, 9, 8, completed_here);
    CHECK(remarks_of(lease.trial).size() == 1);
  }
}

SCENARIO("a whole training from 0 that a late verdict discards is told why", "[loop]") {
  test::Rig rig;
  REQUIRE(rig.ask(loop::SubmitStudy{judged_study()}));
  tell_better_ones(rig);
  const loop::Held last = rig.lease_of_next("jets");
  WHEN("nothing told it to stop") {
    tell_steps_and_end(rig, last, 0, 8, completed_here);
    CHECK(rig.reader()->trial("jets", last.trial)->trial.state == TrialState::pruned);
    const auto incidents = *rig.reader()->doubts("jets", last.trial);
    REQUIRE(incidents.size() == 2);
    CHECK(incidents[1].data.find(R"("remark":"from_zero")") != std::string::npos);
  }
  WHEN("it may have stopped there for it was told to") {
    REQUIRE(rig.ask(loop::RenewLease{"jets", last, {{last, 1, {{"loss", 0.9}}}}}));
    REQUIRE(rig.ask(loop::RenewLease{"jets", last, {{last, 0, {{"loss", 0.9}}}}}));
    tell_steps_and_end(rig, last, 8, 8, completed_here);
    CHECK(rig.reader()->doubts("jets", last.trial)->empty());
  }
}

SCENARIO("the last step of a long training is kept, and it is seen as whole", "[loop]") {
  test::Rig rig;
  REQUIRE(rig.ask(loop::SubmitStudy{judged_study(5001)}));  // 5,000 is near 4,996
  tell_better_ones(rig);
  const loop::Held last = rig.lease_of_next("jets");
  const auto [first, end, state] = GENERATE(table<std::int64_t, std::int64_t, TrialState>({
      {1, 5001, TrialState::completed}, {0, 5000, TrialState::pruned}}));
  tell_steps_and_end(rig, last, first, end, completed_here);
  CHECK(rig.reader()->trial("jets", last.trial)->trial.state == state);
  const auto incidents = *rig.reader()->doubts("jets", last.trial);
  CHECK(incidents.size() == (first == 0 ? 2 : 1));  // of the verdict, and of steps from 0
}
