// What a free slot gets when the strategy is late, and what becomes of the late answer.
#include <catch2/catch.hpp>

#include "tests/daemon/loop/held_strategy.hpp"
#include "tests/daemon/loop/rig.hpp"

using namespace hpo;
using test::Hold;
using test::Rig;
using test::study;
using namespace std::chrono_literals;

namespace {

// A study whose budget does not end it.
StudySpec endless(const std::string& name) {
  StudySpec spec = study(name, 100'000);
  spec.parallel = 1;
  spec.executor.slots = 1;
  return spec;
}

Suggestion suggestion(Rig& rig, const std::string& name, int trial) {
  const auto row = rig.reader()->trial(name, trial);
  REQUIRE(row);
  return row->trial.suggestion;
}

auto created(int count) {
  return [count](const store::StudyRow& row) { return row.progress.created >= count; };
}

}  // namespace

SCENARIO("a slot that waits past the deadline gets what a stand-in proposes", "[loop]") {
  Hold hold;
  hold.hold();
  Rig rig({.strategies = hold.finder("late")});
  REQUIRE(rig.ask(loop::SubmitStudy{endless("late")}));
  hold.wait_until_held();
  rig.pass_ask_deadline();
  rig.wait_for("late", created(1));
  THEN("the trial says who answered, and for whom") {
    const Suggestion told = suggestion(rig, "late", 0);
    CHECK(told.strategy == "sobol");
    CHECK(told.instead_of == "held");
    CHECK(told.deadline_ms == 29'000);
    CHECK(told.first_number == 0);
    hold.let_go();
  }
  WHEN("the strategy answers after all") {
    hold.let_go();
    THEN("that answer is void, and the next ones are its own") {
      const auto row = rig.wait_for("late", created(5));
      CHECK(row.progress.stand_ins == 1);
      CHECK(suggestion(rig, "late", 1).strategy == "held");
      CHECK(suggestion(rig, "late", 1).first_number == 1);
      CHECK(suggestion(rig, "late", 1).instead_of.empty());
    }
  }
  WHEN("it is late for the next slot too") {
    rig.wait_for("late", [](const store::StudyRow& row) { return row.progress.completed == 1; });
    rig.pass_ask_deadline();
    rig.wait_for("late", created(2));
    CHECK(suggestion(rig, "late", 1).instead_of == "held");
    hold.let_go();
  }
  REQUIRE(rig.ask(loop::CancelStudy{"late"}));
  CHECK_FALSE(hold.is_shared);
  rig.wait_for("late", [&](const store::StudyRow&) { return rig.asks("late").waits.count > 0; });
  CHECK(rig.asks("late").waits.p99_ms > 0.0);
}

SCENARIO("the slot that waits longest has the deadline, and all that wait get theirs", "[loop]") {
  Hold hold;
  hold.hold();
  Rig rig({.strategies = hold.finder("late")});
  StudySpec spec = study("late", 100'000);
  spec.parallel = 4;
  spec.executor.slots = 4;
  REQUIRE(rig.ask(loop::SubmitStudy{spec}));
  hold.wait_until_held();
  rig.pass_ask_deadline();
  rig.wait_for("late", created(4));
  for (int trial = 0; trial < 4; ++trial) {
    CHECK(suggestion(rig, "late", trial).instead_of == "held");
    CHECK(suggestion(rig, "late", trial).count == 4);
  }
  hold.let_go();
}

SCENARIO("nobody stands in for a user's own program", "[loop]") {
  Hold hold;
  hold.hold();
  Rig rig({.strategies = hold.finder("own", Pace::elsewhere)});
  REQUIRE(rig.ask(loop::SubmitStudy{endless("own")}));
  hold.wait_until_held();
  rig.pass_ask_deadline();
  hold.let_go();
  CHECK(rig.wait_for("own", created(3)).progress.stand_ins == 0);
  CHECK(suggestion(rig, "own", 0).strategy == "held");
}

SCENARIO("a deadline that passes after the answer changes nothing", "[loop]") {
  Hold hold;
  Rig rig({.strategies = hold.finder("good")});
  REQUIRE(rig.ask(loop::SubmitStudy{endless("good")}));
  rig.wait_for("good", created(3));
  rig.pass_ask_deadline();
  CHECK(rig.wait_for("good", created(9)).progress.stand_ins == 0);
  REQUIRE(rig.ask(loop::CancelStudy{"good"}));
  const int trials = rig.wait_for_end("good").progress.created;
  rig.wait_for("good", [&](const store::StudyRow&) {
    return rig.asks("good").waits.count == trials;
  });
  CHECK(rig.asks("good").waits.count == trials);
  CHECK(rig.asks("good").strategy.count >= trials);
}

SCENARIO("a strategy is never asked two things at once", "[loop]") {
  Hold hold;
  hold.hold();
  Rig rig({.strategies = hold.finder("s")});
  REQUIRE(rig.ask(loop::SubmitStudy{endless("s")}));
  hold.wait_until_held();
  const json::Node params = json::parse(R"({"x": 0.5})").root;
  REQUIRE(rig.ask(loop::EnqueueTrials{.study = "s", .params = {params}}));  // voids the question
  rig.wait_for("s", [](const store::StudyRow& row) { return row.progress.completed == 1; });
  hold.let_go();
  rig.wait_for("s", created(4));
  CHECK(suggestion(rig, "s", 1).strategy == "held");
  CHECK_FALSE(hold.is_shared);
}

SCENARIO("where trials are short a slot takes the proposal that is ready", "[loop]") {
  Rig rig;  // its deadline is far longer than a hundredth of a trial
  StudySpec spec = endless("s");
  spec.strategy.type = "tpe";
  REQUIRE(rig.ask(loop::SubmitStudy{spec}));
  rig.wait_for("s", created(6));
  const Suggestion fifth = suggestion(rig, "s", 5);
  CHECK(fifth.history_seq <= 4);  // the fifth result came when it was ready
}

SCENARIO("where trials are long a slot waits for a proposal that knows all results", "[loop]") {
  Rig rig({.ask_deadline = 1us});
  StudySpec spec = endless("s");
  spec.strategy.type = "tpe";
  REQUIRE(rig.ask(loop::SubmitStudy{spec}));
  rig.wait_for("s", created(6));
  for (int trial = 2; trial < 6; ++trial) CHECK(suggestion(rig, "s", trial).history_seq == trial);
}

SCENARIO("past the deadline the outdated proposal is taken, not the stand-in's", "[loop]") {
  Hold hold;
  Rig rig({.strategies = hold.finder("s"), .ask_deadline = 1us});
  REQUIRE(rig.ask(loop::SubmitStudy{endless("s")}));
  rig.wait_for("s", created(3));
  hold.hold(Hold::Which::idle);
  hold.wait_until_held();  // it is asked anew, as a trial has finished; an older answer is ready
  const int before = rig.reader()->study("s")->progress.created;
  rig.pass_ask_deadline();
  const auto row = rig.wait_for("s", created(before + 1));
  CHECK(row.progress.stand_ins == 0);
  CHECK(suggestion(rig, "s", before).history_seq < before);
  hold.let_go();
}

SCENARIO("what strategies keep is bounded: the one used least recently is made anew", "[loop]") {
  Hold hold;
  hold.kept_bytes = 600;
  Rig rig({.strategies = hold.finder("s"), .model_bytes_max = 1000});
  REQUIRE(rig.ask(loop::SubmitStudy{endless("s1")}));
  rig.wait_for("s1", created(3));
  CHECK(hold.made == 1);
  REQUIRE(rig.ask(loop::PauseStudy{"s1"}));
  REQUIRE(rig.ask(loop::SubmitStudy{endless("s2")}));
  rig.wait_for("s2", created(3));
  REQUIRE(rig.ask(loop::PauseStudy{"s2"}));
  const int before = rig.reader()->study("s1")->progress.created;
  REQUIRE(rig.ask(loop::ResumeStudy{"s1"}));
  rig.wait_for("s1", created(before + 3));
  REQUIRE(rig.ask(loop::PauseStudy{"s1"}));
  CHECK(hold.made == 3);
}
