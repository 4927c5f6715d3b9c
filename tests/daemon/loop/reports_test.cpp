// What trainings tell while they run: kept once, judged in the same COMMIT, judged alike after a
// restart, and never more than a curve needs.
#include <algorithm>
#include <catch2/catch.hpp>
#include <cmath>
#include <condition_variable>
#include <mutex>

#include "schema/decode/decode.hpp"
#include "schema/json/node.hpp"
#include "tests/daemon/loop/rig.hpp"

using namespace hpo;
using loop::Held;
using test::Rig;

namespace {

StudySpec halved(const std::string& pruner, int parallel = 8) {
  auto decoded = decode_study(
      R"({"name":"jets","space":{"x":{"float":[0,1]}},"workdir":"/","strategy":"sobol",)"
      R"("objective":{"minimize":"loss"},"executor":{"type":"external","lease":"1h"},)"
      R"("fidelity":{"name":"epochs","min":1,"max":9,"eta":3,"checkpoint":true},"pruner":)" +
      pruner + R"(,"parallel":)" + std::to_string(parallel) + R"(,"budget":{"trials":12}})");
  for (const auto& problem : decoded.problems) UNSCOPED_INFO(problem.message);
  REQUIRE(decoded.spec);
  return *std::move(decoded.spec);
}

json::Node said(const Result<loop::Reply>& reply) {
  REQUIRE(reply);
  return *json::parse_own(reply->body, "reply");
}

std::vector<Held> begin(Rig& rig, std::size_t count) {
  loop::Exchange wish{.study = "jets", .worker = "w", .slots = static_cast<int>(count),
                      .holds = std::vector<Held>{}, .wait = std::chrono::seconds(20)};
  while (wish.holds->size() < count) {
    wish.start = static_cast<int>(count - wish.holds->size());
    const json::Node reply = said(rig.ask(wish));
    for (const json::Node& item : reply.find("trials")->items) {
      CHECK(item.find("fidelity_max")->integer == 9);
      wish.holds->push_back({static_cast<int>(item.find("trial")->integer),
                             item.find("fence")->integer});
    }
  }
  return *wish.holds;
}

json::Node tells(Rig& rig, Held lease, std::int64_t step, double loss,
                 const std::string& metric = "loss") {
  return said(rig.ask(loop::RenewLease{"jets", lease, {{lease, step, {{metric, loss}}}}}));
}

bool stops(const json::Node& reply) { return reply.find("stop")->boolean; }

// What a strategy knew when it was asked last: "trial/rung=value" of each, in their order.
class Known {
 public:
  void set(const History& history) {
    std::string text;
    for (std::size_t i = 0; i < history.rung_value_count(); ++i) {
      const RungValue& each = history.rung_value(i);
      text += std::to_string(each.trial) + "/" + std::to_string(each.rung) + "=" +
              std::to_string(std::lround(each.value)) + " ";
    }
    const std::lock_guard held(mutex_);
    rungs_ = std::move(text);
    finished_ = history.finished_count();
    changed_.notify_all();
  }

  // What it knew of rungs at the first ask from now on that knew so many finished trials.
  std::string rungs_with(std::size_t finished) {
    std::unique_lock held(mutex_);
    REQUIRE(changed_.wait_for(held, test::limit, [&] { return finished_ == finished; }));
    return rungs_;
  }

 private:
  std::mutex mutex_{};
  std::condition_variable changed_{};
  std::string rungs_{};
  std::size_t finished_ = 0;
};

class Noting final : public Strategy {
 public:
  Noting(const StudySpec& spec, Known& known)
      : inner_(*make_strategy(with_strategy(spec, "sobol"))), known_(known) {}

  Result<Proposals> ask(const History& history, int first_number, int count) override {
    known_.set(history);
    return inner_->ask(history, first_number, count);
  }

 private:
  std::unique_ptr<Strategy> inner_;
  Known& known_;
};

test::Seams noting(Known& known, bool learns_from_reports) {
  return {.strategies = [&known, learns_from_reports](const StudySpec&) -> Result<StrategyEntry> {
    return StrategyEntry{.name = "noting", .make = [&known](const StudySpec& spec) {
      return Result<std::unique_ptr<Strategy>>(std::make_unique<Noting>(spec, known));
    }, .learns_from_reports = learns_from_reports};
  }};
}

void complete(Rig& rig, Held lease) {
  REQUIRE(rig.ask(loop::TellTrial{
      "jets", {lease, {.status = OutcomeStatus::completed, .value = 0.5}}}));
}

std::vector<JudgedReport> curve(Rig& rig, int trial) {
  return *rig.reader()->reports({.study = "jets", .trial = trial});
}

}  // namespace

SCENARIO("the answer to a report is the pruner's decision, stored with its reason", "[loop]") {
  Rig rig;
  REQUIRE(rig.ask(loop::SubmitStudy{halved(R"("asha")")}));
  const auto leases = begin(rig, 4);
  for (std::size_t i = 3; i-- > 0;) {
    CHECK_FALSE(stops(tells(rig, leases[i], 1, 0.1 + 0.1 * static_cast<double>(i))));
  }
  const json::Node reply = tells(rig, leases[3], 1, 0.9);
  CHECK(stops(reply));
  CHECK_FALSE(reply.find("pause")->boolean);
  const auto rows = curve(rig, leases[3].trial);
  REQUIRE(rows.size() == 1);
  CHECK(rows[0].decision.verdict == Verdict::stop);
  CHECK(rows[0].decision.reason == reply.find("reason")->string);
  CHECK_FALSE(rows[0].decision.reason.empty());
  THEN("a worker is told by its next exchange, and the trial ends as pruned") {
    const json::Node next = said(rig.ask(
        loop::Exchange{.study = "jets", .worker = "w", .holds = leases}));
    REQUIRE(next.find("stop")->items.size() == 1);
    CHECK(next.find("stop")->items[0].find("reason")->string == rows[0].decision.reason);
    REQUIRE(rig.ask(loop::TellTrial{"jets", {leases[3], {.status = OutcomeStatus::cancelled}}}));
    const auto row = rig.reader()->trial("jets", leases[3].trial);
    CHECK(row->trial.state == TrialState::pruned);
    CHECK(row->trial.message == rows[0].decision.reason);
    CHECK(row->step == 1);
    CHECK(row->rung == 0);
  }
}

SCENARIO("a report is kept once, and what cannot be kept is said", "[loop]") {
  Rig rig;
  REQUIRE(rig.ask(loop::SubmitStudy{halved(R"("none")")}));
  const Held lease = begin(rig, 1).front();
  tells(rig, lease, 2, 0.5);
  CHECK(tells(rig, lease, 2, 0.5).find("ignored")->string.empty());  // a repeated word
  tells(rig, lease, 1, 0.25);  // late, and new
  const auto rows = curve(rig, lease.trial);
  REQUIRE(rows.size() == 2);
  CHECK(rows[0].report.value == 0.25);
  CHECK(rows[1].report.value == 0.5);
  CHECK(tells(rig, lease, 3, 0.5, "lose").find("ignored")->string ==
        "it has no 'loss', the study's objective");
  tells(rig, lease, 4, 0.5, "lose");
  const auto incidents = rig.reader()->doubts("jets", lease.trial);
  REQUIRE(incidents->size() == 1);  // once in its history
  CHECK(incidents->front().data.find("has no 'loss'") != std::string::npos);
  CHECK(stops(tells(rig, {lease.trial, lease.fence + 1}, 3, 0.5)));
  CHECK(curve(rig, lease.trial).size() == 2);
}

SCENARIO("a second value of a step does not count, and its trial says so once", "[loop]") {
  Rig rig;
  REQUIRE(rig.ask(loop::SubmitStudy{halved(R"("none")")}));
  const auto leases = begin(rig, 2);
  tells(rig, leases[0], 2, 0.5);
  for (const double second : {0.75, 0.25, std::nan("")}) {
    CHECK(tells(rig, leases[0], 2, second).find("ignored")->string ==
          "step 2 was told before, with 0.5: the first value counts");
  }
  CHECK(curve(rig, leases[0].trial).front().report.value == 0.5);
  const auto remarks = *rig.reader()->doubts("jets", leases[0].trial);
  REQUIRE(remarks.size() == 1);
  CHECK(remarks.front().data.find("step 2 was told twice, with 0.5 and then with 0.75") !=
        std::string::npos);
  CHECK(remarks.front().data.find(R"("remark":"told_twice")") != std::string::npos);
  THEN("what is not a number twice is the same word") {
    tells(rig, leases[1], 1, std::nan(""));
    CHECK(tells(rig, leases[1], 1, INFINITY).find("ignored")->string.empty());
    CHECK(rig.reader()->doubts("jets", leases[1].trial)->empty());
  }
  THEN("another attempt may tell it anew, for it went on from a checkpoint") {
    REQUIRE(rig.ask(loop::TellTrial{"jets", {leases[1], {.status = OutcomeStatus::failed,
        .failure = FailureClass::preempted}}}));
    REQUIRE(rig.ask(loop::TellTrial{"jets", {leases[0], {.status = OutcomeStatus::failed,
        .failure = FailureClass::preempted}}}));
    const auto again = begin(rig, 2);
    const Held same = again[0].trial == leases[0].trial ? again[0] : again[1];
    REQUIRE(same.trial == leases[0].trial);
    CHECK(tells(rig, same, 2, 0.125).find("ignored")->string.empty());
    CHECK(rig.reader()->doubts("jets", same.trial)->size() == 1);
  }
  THEN("hpod.log has it of the first trial of the study alone") {
    tells(rig, leases[1], 2, 0.5);
    tells(rig, leases[1], 2, 0.75);
    CHECK(rig.reader()->doubts("jets", leases[1].trial)->size() == 1);
    const auto log = rig.log();
    CHECK(std::ranges::count_if(log, [](const std::string& line) {
      return line.find("warn reports study=jets") == 0;
    }) == 1);
  }
}

SCENARIO("a step beyond the fidelity is kept, and its trial says so once", "[loop]") {
  Rig rig;
  REQUIRE(rig.ask(loop::SubmitStudy{halved(R"("asha")")}));  // up to 9 epochs
  const Held lease = begin(rig, 1).front();
  for (const int step : {9, 10, 11}) {
    CHECK(tells(rig, lease, step, 0.5).find("remark")->string.empty() == (step == 9));
  }
  CHECK(curve(rig, lease.trial).size() == 3);
  const auto remarks = *rig.reader()->doubts("jets", lease.trial);
  REQUIRE(remarks.size() == 1);
  CHECK(remarks.front().data.find("step 10 is beyond 9") != std::string::npos);
}

SCENARIO("a line of a worker's metrics file that is no report is said once", "[loop]") {
  Rig rig;
  REQUIRE(rig.ask(loop::SubmitStudy{halved(R"("none")")}));
  const Held lease = begin(rig, 1).front();
  const loop::Reported unread{lease, 0, {}, "line 3 of its metrics.jsonl is no report: why"};
  for (int i = 0; i < 2; ++i) {
    const json::Node reply = said(rig.ask(loop::Exchange{
        .study = "jets", .worker = "w", .holds = std::vector{lease}, .reports = {unread}}));
    CHECK(reply.find("ignored") == nullptr);
  }
  const auto remarks = *rig.reader()->doubts("jets", lease.trial);
  REQUIRE(remarks.size() == 1);
  CHECK(remarks.front().data.find("line 3 of its metrics.jsonl") != std::string::npos);
  CHECK(curve(rig, lease.trial).empty());
}

SCENARIO("a training that tells each batch keeps a curve, and is told so", "[loop]") {
  Rig rig;
  REQUIRE(rig.ask(loop::SubmitStudy{halved(R"("none")")}));
  const Held lease = begin(rig, 1).front();
  loop::RenewLease flood{"jets", lease, {}};
  std::int64_t step = 0;
  std::string ignored;
  while (step < 50'000) {
    flood.reports.clear();
    for (int i = 0; i < 5000; ++i) flood.reports.push_back({lease, step++, {{"loss", 0.5}}});
    ignored = said(rig.ask(flood)).find("ignored")->string;
  }
  CHECK(ignored.find("1,024") != std::string::npos);
  const auto tail = rig.reader()->reports({.study = "jets", .trial = lease.trial, .after = 49'000});
  CHECK(tail->size() < 30);
  CHECK_FALSE(tail->empty());
}

SCENARIO("a trial that pauses goes on with another attempt before a new one begins", "[loop]") {
  Rig rig;
  const std::string promotes = R"({"type":"asha","options":{"type":"promotion"}})";
  REQUIRE(rig.ask(loop::SubmitStudy{halved(promotes, 1)}));
  std::vector<int> begun;
  for (int i = 0; i < 3; ++i) {
    const Held lease = begin(rig, 1).front();
    begun.push_back(lease.trial);
    CHECK(tells(rig, lease, 1, 0.3 + 0.1 * i).find("pause")->boolean);
    REQUIRE(rig.ask(loop::TellTrial{"jets", {lease, {.status = OutcomeStatus::cancelled}}}));
  }
  const Held again = begin(rig, 1).front();
  CHECK(again.trial == begun.front());  // the best of three
  CHECK(rig.reader()->trial("jets", again.trial)->trial.attempts == 2);
  CHECK(rig.reader()->study("jets")->paused == 2);
}

SCENARIO("a strategy that learns from reports is asked with what trials told at rungs", "[loop]") {
  Known known;
  Rig rig(noting(known, true));
  REQUIRE(rig.ask(loop::SubmitStudy{halved(R"("none")")}));  // rungs at 1 and 3 epochs
  const auto leases = begin(rig, 3);
  tells(rig, leases[0], 1, 7.0);
  tells(rig, leases[1], 4, 8.0);
  tells(rig, leases[0], 2, 9.0);  // reaches nothing
  complete(rig, leases[2]);
  CHECK(known.rungs_with(1) == "0/0=7 1/0=8 1/1=8 ");
  tells(rig, leases[0], 3, 6.0);
  complete(rig, leases[1]);
  CHECK(known.rungs_with(2) == "0/0=7 1/0=8 1/1=8 0/1=6 ");
}

SCENARIO("another strategy is asked without them", "[loop]") {
  Known known;
  Rig rig(noting(known, false));
  REQUIRE(rig.ask(loop::SubmitStudy{halved(R"("none")")}));
  const auto leases = begin(rig, 2);
  tells(rig, leases[1], 1, 7.0);
  complete(rig, leases[0]);
  CHECK(known.rungs_with(1).empty());
}
