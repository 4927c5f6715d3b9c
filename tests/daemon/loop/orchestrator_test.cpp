// The loop on real threads, with a real store: what the simulation cannot show is whether two
// threads ever touch the same thing. The thread sanitiser watches this test.
#include <catch2/catch.hpp>

#include "tests/daemon/loop/rig.hpp"

using namespace hpo;
using test::Rig;
using test::study;

SCENARIO("studies side by side finish on real threads", "[loop]") {
  Rig rig;
  for (const char* name : {"a", "b", "c"}) REQUIRE(rig.ask(loop::SubmitStudy{study(name, 60)}));
  for (const char* name : {"a", "b", "c"}) {
    const auto row = rig.wait_for_end(name);
    CHECK(row.progress.completed == 60);
    CHECK(row.progress.attempts == 60);
    CHECK(row.progress.best_value.has_value());
  }
}

SCENARIO("submitting the same study twice gives one; another of its name is renamed", "[loop]") {
  Rig rig;
  const std::string slow = R"(,"description":"waits")";
  REQUIRE(rig.ask(loop::SubmitStudy{study("s", 1000)})->created);
  CHECK_FALSE(rig.ask(loop::SubmitStudy{study("s", 1000)})->created);
  const auto other = rig.ask(loop::SubmitStudy{study("s", 1001, slow)});
  REQUIRE(other);
  CHECK(other->created);
  CHECK(other->body.find("\"s-2\"") != std::string::npos);
}

SCENARIO("a study submitted again after its end is a new one, and says so", "[loop]") {
  Rig rig;
  REQUIRE(rig.ask(loop::SubmitStudy{study("s", 3)})->created);
  rig.wait_for_end("s");
  const auto again = rig.ask(loop::SubmitStudy{study("s", 3)});
  REQUIRE(again);
  CHECK(again->created);
  CHECK(again->body.find("'s' has ended; this is a new one, 's-2'") != std::string::npos);
}

SCENARIO("how to go on after the end depends on how it ended", "[loop]") {
  Rig rig;
  REQUIRE(rig.ask(loop::SubmitStudy{study("s", 3)}));
  rig.wait_for_end("s");
  const auto finished = rig.ask(loop::PauseStudy{"s"});
  REQUIRE_FALSE(finished);
  CHECK(finished.error().remedy == "to go on searching, raise budget.trials in the study file and "
        "type 'hpo submit FILE': another study, which begins anew; its \"initial\" can list params "
        "of this one ('hpo best s')");
  CHECK(rig.ask(loop::CancelStudy{"s"}).error().remedy ==
        "nothing of it is left to cancel: 'hpo status s' shows it");
  REQUIRE(rig.ask(loop::SubmitStudy{study("c", 100000)}));
  REQUIRE(rig.ask(loop::CancelStudy{"c"}));
  rig.wait_for_end("c");
  const auto cancelled = rig.ask(loop::ResumeStudy{"c"});
  REQUIRE_FALSE(cancelled);
  CHECK(cancelled.error().remedy.starts_with("to go on searching, type 'hpo submit FILE': anot"));
}

SCENARIO("commands are refused with a reason and a remedy", "[loop]") {
  Rig rig;
  REQUIRE(rig.ask(loop::SubmitStudy{study("s", 3)}));
  rig.wait_for_end("s");
  const auto check = [&](decltype(loop::Command::body) body, ErrorCode code) {
    const auto answer = rig.ask(std::move(body));
    REQUIRE_FALSE(answer);
    CHECK(answer.error().code == code);
    CHECK_FALSE(answer.error().remedy.empty());
  };
  check(loop::PauseStudy{"nobody"}, ErrorCode::not_found);
  check(loop::PauseStudy{"s"}, ErrorCode::conflict);
  check(loop::CancelStudy{"s"}, ErrorCode::conflict);
  check(loop::CancelTrial{"s", 0}, ErrorCode::conflict);
  check(loop::CancelTrial{"s", 99}, ErrorCode::not_found);
  check(loop::RetryTrials{"s", {}}, ErrorCode::conflict);
  check(loop::EnqueueTrials{"s", {json::Node{}}}, ErrorCode::conflict);
}

SCENARIO("pause stops starts, resume goes on, cancel ends", "[loop]") {
  Rig rig;
  REQUIRE(rig.ask(loop::SubmitStudy{study("s", 100000)}));
  rig.wait_for("s", [](const store::StudyRow& r) { return r.progress.completed > 20; });
  REQUIRE(rig.ask(loop::PauseStudy{"s"}));
  const auto paused = rig.wait_for("s", [](const store::StudyRow& r) { return r.running == 0; });
  CHECK(paused.progress.state == StudyState::paused);
  REQUIRE(rig.ask(loop::ResumeStudy{"s"}));
  rig.wait_for("s", [&](const store::StudyRow& r) {
    return r.progress.completed > paused.progress.completed;
  });
  REQUIRE(rig.ask(loop::CancelStudy{"s"}));
  CHECK(rig.wait_for_end("s").progress.state == StudyState::cancelled);
}

SCENARIO("a request enqueues 1000 trials and not one more", "[loop]") {
  Rig rig;
  REQUIRE(rig.ask(loop::SubmitStudy{study("s", 3000)}));
  const json::Node params = json::parse(R"({"x": 0.5})").root;
  const auto enqueue = [&](std::size_t count) {
    return rig.ask(loop::EnqueueTrials{.study = "s",
                                       .params = std::vector<json::Node>(count, params)});
  };
  CHECK(enqueue(1000));
  const auto refused = enqueue(1001);
  REQUIRE_FALSE(refused);
  CHECK(refused.error().code == ErrorCode::too_large);
}
