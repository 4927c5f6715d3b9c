// Trials that are pulled, as workers see it: asking again is safe, and nothing counts twice.
#include <atomic>
#include <catch2/catch.hpp>

#include "schema/decode/decode.hpp"
#include "schema/json/node.hpp"
#include "tests/daemon/loop/held_strategy.hpp"
#include "tests/daemon/loop/rig.hpp"

using namespace hpo;
using loop::Held;
using test::Rig;

namespace {

StudySpec pulled(int trials, int parallel, const std::string& lease = "1h",
                 const std::string& more = "") {
  return *decode_study(R"({"name":"jets","space":{"x":{"float":[0,1]}},"workdir":"/",)"
                       R"("objective":{"minimize":"loss"},"strategy":"sobol",)"
                       R"("executor":{"type":"external","lease":")" + lease + R"("},"parallel":)" +
                       std::to_string(parallel) + R"(,"budget":{"trials":)" +
                       std::to_string(trials) + "}" + more + "}").spec;
}

json::Node said(const Result<loop::Reply>& reply) {
  REQUIRE(reply);
  return *json::parse_own(reply->body, "reply");
}

std::vector<Held> trials(const json::Node& reply, const char* key = "trials") {
  std::vector<Held> all;
  for (const json::Node& item : reply.find(key)->items) {
    all.push_back({static_cast<int>(item.find("trial")->integer), item.find("fence")->integer});
  }
  return all;
}

std::vector<int> numbers(const json::Node& reply, const char* key = "trials") {
  std::vector<int> all;
  for (const Held& each : trials(reply, key)) all.push_back(each.trial);
  return all;
}

loop::Exchange wish(const std::string& worker, int start, int ahead = 0) {
  return {.study = "jets", .worker = worker, .slots = std::max(1, start),
          .holds = std::vector<Held>{}, .start = start, .ahead = ahead,
          .wait = std::chrono::seconds(20)};
}

loop::Told completed(Held lease, double value) {
  return {lease, {.status = OutcomeStatus::completed, .value = value}};
}

TrialState state_of(Rig& rig, int trial) { return rig.reader()->trial("jets", trial)->trial.state; }

using Numbers = std::vector<int>;

}  // namespace

// Asks until the worker holds so many, as a worker does.
std::vector<Held> pull(Rig& rig, loop::Exchange wish, std::size_t count) {
  const int start = wish.start;
  while (wish.holds->size() < count) {
    wish.start = std::max(0, start - static_cast<int>(wish.holds->size()));
    for (const Held& each : trials(said(rig.ask(wish)))) wish.holds->push_back(each);
  }
  return *wish.holds;
}

SCENARIO("a worker gets trials to begin, and holds one ahead", "[loop]") {
  Rig rig;
  REQUIRE(rig.ask(loop::SubmitStudy{pulled(9, 2)}));
  const auto begun = pull(rig, wish("w", 2), 2);
  CHECK(rig.reader()->study("jets")->running == 2);
  loop::Exchange more = wish("w", 0, 9);
  more.slots = 2;
  more.holds = begun;
  const Held ahead = pull(rig, more, 3).back();
  CHECK(state_of(rig, ahead.trial) == TrialState::waiting);
  loop::Exchange again{.study = "jets", .worker = "w", .slots = 2, .holds = begun, .ahead = 9};
  again.holds->push_back(ahead);
  CHECK(numbers(said(rig.ask(again))).empty());  // a quarter of its slots
  THEN("another one gets none to begin beyond `parallel`, and none ahead for its free slots") {
    const loop::Exchange other{.study = "jets", .worker = "v", .start = 1, .ahead = 1};
    CHECK(numbers(said(rig.ask(other))).empty());
  }
  THEN("with the end of one, that which it holds begins, in one request") {
    const loop::Exchange turn{.study = "jets", .worker = "w",
                              .holds = std::vector<Held>{begun[1], ahead},
                              .ended = {completed(begun[0], 0.5)}, .started = {ahead}};
    CHECK(numbers(said(rig.ask(turn)), "dropped").empty());
    CHECK(state_of(rig, begun[0].trial) == TrialState::completed);
    CHECK(state_of(rig, ahead.trial) == TrialState::running);
    CHECK(rig.reader()->study("jets")->running == 2);
  }
}

SCENARIO("what is trained of a trial that was cancelled is told to stop", "[loop]") {
  Rig rig;
  REQUIRE(rig.ask(loop::SubmitStudy{pulled(9, 2)}));
  const auto begun = pull(rig, wish("w", 2), 2);
  loop::Exchange more = wish("w", 0, 1);
  more.slots = 2;
  more.holds = begun;
  const Held ahead = pull(rig, more, 3).back();
  REQUIRE(rig.ask(loop::CancelTrial{"jets", ahead.trial}));
  CHECK(state_of(rig, ahead.trial) == TrialState::cancelled);
  const loop::Exchange late{.study = "jets", .worker = "w", .slots = 2, .holds = begun,
                            .started = {ahead}};
  const json::Node reply = said(rig.ask(late));
  CHECK(numbers(reply, "dropped") == Numbers{ahead.trial});
  CHECK(numbers(reply, "stop") == Numbers{ahead.trial});
}

SCENARIO("a trial that was cancelled while it ran has no value, whatever it brings", "[loop]") {
  Rig rig;
  REQUIRE(rig.ask(loop::SubmitStudy{pulled(9, 1)}));
  const Held lease = trials(said(rig.ask(wish("w", 1)))).at(0);
  REQUIRE(rig.ask(loop::CancelTrial{"jets", lease.trial}));
  CHECK(state_of(rig, lease.trial) == TrialState::running);
  for (int i = 0; i < 2; ++i) {
    const json::Node told = said(rig.ask(loop::TellTrial{"jets", completed(lease, 0.001)}));
    CHECK(told.find("state")->string == "cancelled");
    CHECK_FALSE(told.find("counted")->boolean);
  }
  const auto study = rig.reader()->study("jets");
  CHECK(study->progress.best_trial == std::nullopt);
  CHECK(study->progress.cancelled == 1);
  CHECK(rig.reader()->trial("jets", lease.trial)->trial.value == std::nullopt);
  CHECK(rig.reader()->attempts("jets", lease.trial)->at(0).outcome.value == 0.001);
}

SCENARIO("an answer that got lost is in the next one again", "[loop]") {
  Rig rig;
  REQUIRE(rig.ask(loop::SubmitStudy{pulled(9, 4)}));
  const auto lost = trials(said(rig.ask(wish("w", 1))));
  REQUIRE(lost.size() == 1);
  const json::Node again = said(rig.ask(wish("w", 1)));
  CHECK(trials(again).front().trial == lost.front().trial);
  CHECK(trials(again).front().fence == lost.front().fence);
  CHECK(numbers(again).size() == 1);
  CHECK(rig.reader()->study("jets")->running == 1);
  THEN("another worker gets another trial") {
    CHECK(numbers(said(rig.ask(wish("v", 1)))) != numbers(again));
  }
}

SCENARIO("a result counts once, however often it is told", "[loop]") {
  Rig rig;
  REQUIRE(rig.ask(loop::SubmitStudy{pulled(9, 1)}));
  const Held lease = trials(said(rig.ask(wish("w", 1)))).at(0);
  loop::Exchange end{.study = "jets", .worker = "w", .ended = {completed(lease, 0.25)}};
  for (int i = 0; i < 3; ++i) CHECK(numbers(said(rig.ask(end)), "dropped").empty());
  CHECK(rig.reader()->study("jets")->progress.completed == 1);
  WHEN("another result of it is told") {
    end.ended = {completed(lease, 0.125)};
    CHECK(numbers(said(rig.ask(end)), "dropped") == Numbers{lease.trial});
    CHECK(rig.reader()->study("jets")->progress.best_value == 0.25);
  }
}

SCENARIO("a worker that is not heard of loses its trial; what it says later is kept", "[loop]") {
  Rig rig;
  REQUIRE(rig.ask(loop::SubmitStudy{pulled(1, 1, "1s")}));
  const Held lease = trials(said(rig.ask(wish("w", 1)))).at(0);
  int unheard = 0;  // before its lease has run out
  rig.wait_for("jets", [&](const store::StudyRow& row) {
    unheard = std::max(unheard, rig.unheard("jets"));
    return row.waiting == 1;
  });
  CHECK(unheard == 1);
  CHECK(rig.reader()->attempts("jets", 0)->at(0).state == AttemptState::lost);
  loop::TellTrial late{"jets", completed(lease, 0.25)};
  WHEN("nobody else has the trial") {
    CHECK(said(rig.ask(late)).find("counted")->boolean);
    CHECK(state_of(rig, 0) == TrialState::completed);
  }
  WHEN("another worker has it") {
    const Held second = trials(said(rig.ask(wish("v", 1)))).at(0);
    CHECK(second.fence > lease.fence);
    CHECK(said(rig.ask(late)).find("counted")->boolean);
    const json::Node told = said(rig.ask(loop::RenewLease{"jets", second}));
    CHECK(told.find("stop")->boolean);
    REQUIRE(rig.ask(loop::TellTrial{"jets", {second, {.status = OutcomeStatus::cancelled}}}));
    CHECK(rig.wait_for_end("jets").progress.best_value == 0.25);
  }
  WHEN("another worker has finished it") {
    const Held second = trials(said(rig.ask(wish("v", 1)))).at(0);
    const loop::TellTrial first{"jets", completed(second, 0.5)};
    REQUIRE(said(rig.ask(first)).find("counted")->boolean);
    rig.wait_for_end("jets");
    for (int i = 0; i < 2; ++i) CHECK_FALSE(said(rig.ask(late)).find("counted")->boolean);
    CHECK(rig.reader()->study("jets")->progress.best_value == 0.5);
    CHECK(rig.reader()->doubts("jets", 0)->size() == 1);  // kept, once
  }
}

SCENARIO("a trial that is given back counts no attempt", "[loop]") {
  Rig rig;
  REQUIRE(rig.ask(loop::SubmitStudy{pulled(9, 1)}));
  loop::Exchange more = wish("w", 1, 1);
  const auto held = pull(rig, more, 2);
  const Held lease = held.back();
  CHECK(state_of(rig, lease.trial) == TrialState::waiting);
  loop::Exchange back{.study = "jets", .worker = "w", .returned = {lease}};
  for (int i = 0; i < 2; ++i) CHECK(numbers(said(rig.ask(back)), "dropped").empty());
  REQUIRE(rig.ask(loop::TellTrial{"jets", completed(held.front(), 0.5)}));
  const auto again = trials(said(rig.ask(wish("v", 1)))).at(0);
  CHECK(again.trial == lease.trial);
  CHECK(rig.reader()->attempts("jets", lease.trial)->size() == 1);
  THEN("its former worker cannot begin it any more") {
    loop::Exchange late{.study = "jets", .worker = "w", .started = {lease}};
    CHECK(numbers(said(rig.ask(late)), "dropped") == Numbers{lease.trial});
  }
}

SCENARIO("a request that waits is answered when there is something to say", "[loop]") {
  test::Hold hold;
  Rig rig({.strategies = hold.finder("jets")});
  hold.hold();
  REQUIRE(rig.ask(loop::SubmitStudy{pulled(2, 1)}));
  hold.wait_until_held();
  WHEN("the strategy answers") {
    hold.let_go();
    CHECK(numbers(said(rig.ask(wish("w", 1)))) == Numbers{0});
  }
  WHEN("its time is over") {
    loop::Exchange brief = wish("w", 1);
    brief.wait = std::chrono::milliseconds(50);
    CHECK(numbers(said(rig.ask(brief))).empty());
    hold.let_go();
  }
}

SCENARIO("a worker that speaks again gets nothing by its older request", "[loop]") {
  Rig rig;
  REQUIRE(rig.ask(loop::SubmitStudy{pulled(9, 1)}));
  const Held busy = trials(said(rig.ask(wish("v", 1)))).at(0);
  auto older = rig.post(wish("w", 1));
  const loop::Exchange leaves{.study = "jets", .worker = "w", .holds = std::vector<Held>{}};
  while (older.wait_for(std::chrono::seconds(0)) != std::future_status::ready) {
    CHECK(numbers(said(rig.ask(leaves))).empty());
  }
  CHECK_FALSE(older.get());
  REQUIRE(rig.ask(loop::TellTrial{"jets", completed(busy, 0.5)}));
  CHECK(rig.reader()->study("jets")->running == 0);
}

SCENARIO("a trial that falls free is not leased to who has hung up", "[loop]") {
  Rig rig;
  REQUIRE(rig.ask(loop::SubmitStudy{pulled(9, 1)}));
  const Held busy = trials(said(rig.ask(wish("v", 1)))).at(0);
  std::atomic<bool> has_hung_up{false};
  loop::Exchange gone = wish("w", 1);
  gone.has_hung_up = [&] { return has_hung_up.load(); };
  auto first = rig.post(gone);
  auto second = rig.post(wish("u", 1));
  WHEN("it is gone") {
    has_hung_up = true;
    REQUIRE(rig.ask(loop::TellTrial{"jets", completed(busy, 0.5)}));
    CHECK(numbers(said(second.get())) == Numbers{1});
    CHECK(numbers(said(first.get())).empty());  // it does not wait on
  }
  WHEN("it is still there") {
    REQUIRE(rig.ask(loop::TellTrial{"jets", completed(busy, 0.5)}));
    CHECK(numbers(said(first.get())) == Numbers{1});
    REQUIRE(rig.ask(loop::CancelStudy{"jets"}));  // the other one is told that
  }
}

SCENARIO("what the study becomes is told to its workers", "[loop]") {
  Rig rig;
  REQUIRE(rig.ask(loop::SubmitStudy{pulled(9, 1)}));
  const Held lease = trials(said(rig.ask(wish("w", 1)))).at(0);
  REQUIRE(rig.ask(loop::CancelStudy{"jets"}));
  loop::Exchange hold{.study = "jets", .worker = "w", .holds = std::vector<Held>{lease},
                      .wait = std::chrono::seconds(20)};
  const json::Node told = said(rig.ask(hold));
  CHECK(told.find("state")->string == "cancelling");
  CHECK(numbers(told, "stop") == Numbers{lease.trial});
  REQUIRE(rig.ask(loop::TellTrial{"jets", {lease, {.status = OutcomeStatus::cancelled}}}));
  rig.wait_for_end("jets");
  hold.holds->clear();
  CHECK(said(rig.ask(hold)).find("state")->string == "cancelled");
}

SCENARIO("a study whose trials are jobs has nothing to pull", "[loop]") {
  Rig rig;
  REQUIRE(rig.ask(loop::SubmitStudy{test::study("jets", 1)}));
  const auto reply = rig.ask(wish("w", 1));
  REQUIRE_FALSE(reply);
  CHECK(reply.error().code == ErrorCode::conflict);
  CHECK_FALSE(rig.ask(loop::TellTrial{"none", {{0, 1}, {}}}));
}
