// What does not reach who is to know it: a verdict on a training that has ended by then, and steps
// that a worker left out.
#include <catch2/catch.hpp>

#include "schema/decode/decode.hpp"
#include "schema/json/node.hpp"
#include "tests/daemon/loop/rig.hpp"

using namespace hpo;

namespace {

StudySpec judged_study() {
  auto decoded = decode_study(
      R"({"name":"jets","space":{"x":{"float":[0,1]}},"workdir":"/","strategy":"sobol",)"
      R"("objective":{"minimize":"loss"},"executor":{"type":"external","lease":"1h"},)"
      R"("fidelity":{"name":"epochs","min":1,"max":9,"eta":3},"pruner":"asha","parallel":4,)"
      R"("budget":{"trials":12}})");
  REQUIRE(decoded.spec);
  return *std::move(decoded.spec);
}

loop::Held lease_of_next(test::Rig& rig) {
  const auto reply = rig.ask(loop::Exchange{.study = "jets", .worker = "w", .start = 1,
                                            .wait = std::chrono::seconds(20)});
  REQUIRE(reply);
  const auto root = *json::parse_own(reply->body, "reply");
  const json::Node& item = root.find("trials")->items.at(0);
  return {static_cast<int>(json::integer_at(item, "trial")), json::integer_at(item, "fence")};
}

}  // namespace

SCENARIO("a verdict that comes with the end of its training is noted as told to nobody", "[loop]") {
  test::Rig rig;
  REQUIRE(rig.ask(loop::SubmitStudy{judged_study()}));
  for (const double loss : {0.3, 0.2, 0.1}) {
    const loop::Held lease = lease_of_next(rig);
    REQUIRE(rig.ask(loop::RenewLease{"jets", lease, {{lease, 1, {{"loss", loss}}}}}));
  }
  const loop::Held last = lease_of_next(rig);
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
  const loop::Held lease = lease_of_next(rig);
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
  const loop::Held lease = lease_of_next(rig);
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
