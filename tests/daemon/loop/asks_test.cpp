// A strategy that misbehaves is an error of its study alone.
#include <atomic>
#include <catch2/catch.hpp>
#include <future>

#include "tests/daemon/loop/rig.hpp"

using namespace hpo;
using Catch::Contains;
using test::Rig;
using test::Seams;
using test::study;

namespace {

using Answer = Result<Proposals> (*)(int first_number, int count);

template <Answer answer>
class Misbehaving final : public Strategy {
 public:
  Result<Proposals> ask(const History&, int first_number, int count) override {
    return answer(first_number, count);
  }
};

template <Answer answer>
Result<std::unique_ptr<Strategy>> make(const StudySpec&) {
  return std::unique_ptr<Strategy>(std::make_unique<Misbehaving<answer>>());
}

Proposals of(std::vector<Proposal> proposals) { return {.proposals = std::move(proposals)}; }
Proposal at(int number, double x) { return {number, Values{ParamValue{x}}}; }

Result<Proposals> throws(int, int) { throw std::runtime_error("no positive definite matrix"); }
Result<Proposals> throws_an_int(int, int) { throw 42; }
Result<Proposals> fails(int, int) {
  return Error{ErrorCode::internal, "it met a singular matrix", "gp", "report it"};
}
Result<Proposals> leaves_the_space(int first, int) { return of({at(first, 1.5)}); }
Result<Proposals> forgets_params(int first, int) { return of({{first, {}}}); }
Result<Proposals> numbers_wrongly(int first, int) { return of({at(first + 1, 0.5)}); }
Result<Proposals> proposes_too_many(int first, int count) {
  std::vector<Proposal> proposals;
  for (int i = 0; i <= count; ++i) proposals.push_back(at(first + i, 0.5));
  return of(std::move(proposals));
}
Result<std::unique_ptr<Strategy>> throws_when_made(const StudySpec&) {
  throw std::bad_alloc();
}

// An answer that keeps its study waiting until it is released.
struct SlowAnswer {
  std::promise<void> begun{};
  std::promise<void> released{};
};
SlowAnswer* g_slow = nullptr;
Result<Proposals> waits(int first, int) {
  g_slow->begun.set_value();
  g_slow->released.get_future().wait_for(test::limit);
  return of({at(first, 0.5)});
}

std::atomic<int> g_questions = 0;
Result<Proposals> counts(int first, int count) {
  ++g_questions;
  std::vector<Proposal> proposals;
  for (int i = 0; i < count; ++i) proposals.push_back(at(first + i, 0.5));
  return of(std::move(proposals));
}

// The study that is called "bad" gets this strategy, all others theirs.
Seams with(StrategyFactory bad) {
  return {.strategies = [bad](const StudySpec& spec) -> Result<StrategyEntry> {
    if (spec.name == "bad") return StrategyEntry{.name = "bad", .make = bad};
    return find_strategy(spec);
  }};
}

void check_pauses_alone(Rig& rig, StudyReason reason, const std::string& word) {
  REQUIRE(rig.ask(loop::SubmitStudy{study("good", 20)}));
  const auto paused = rig.wait_for_pause("bad");
  CHECK(paused.progress.reason == reason);
  CHECK_THAT(paused.progress.detail, Contains(word));
  CHECK(paused.progress.created == 0);
  CHECK(rig.wait_for_end("good").progress.completed == 20);
}

}  // namespace

TEST_CASE("a strategy that throws, fails or answers nonsense pauses its study alone", "[loop]") {
  const auto [bad, word] = GENERATE(table<StrategyFactory, std::string>({
      {make<throws>, "it threw: no positive definite matrix"},
      {make<throws_an_int>, "it threw: something that is no std::exception"},
      {throws_when_made, "it threw"},
      {make<fails>, "singular"},
      {make<leaves_the_space>, "lie outside the space"},
      {make<forgets_params>, "lie outside the space"},
      {make<numbers_wrongly>, "out of turn"},
      {make<proposes_too_many>, "more trials than it was asked for"}}));
  INFO(word);
  Rig rig(with(bad));
  REQUIRE(rig.ask(loop::SubmitStudy{study("bad", 20)}));
  check_pauses_alone(rig, StudyReason::strategy_error, word);
  REQUIRE(rig.ask(loop::ResumeStudy{"bad"}));
  CHECK(rig.wait_for_pause("bad").progress.reason == StudyReason::strategy_error);
}

SCENARIO("a strategy slower than its limit pauses its study alone", "[loop]") {
  SlowAnswer slow;
  g_slow = &slow;
  Rig rig(with(make<waits>));
  REQUIRE(rig.ask(loop::SubmitStudy{study("bad", 20)}));
  REQUIRE(slow.begun.get_future().wait_for(test::limit) == std::future_status::ready);
  rig.pass_strategy_limit();  // for it alone: the other study is yet to come
  check_pauses_alone(rig, StudyReason::strategy_slow, "did not answer within 30 s");
  WHEN("its answer comes after all") {
    slow.released.set_value();
    THEN("it is void, and other studies go on as before") {
      REQUIRE(rig.ask(loop::SubmitStudy{study("later", 20)}));
      CHECK(rig.wait_for_end("later").progress.completed == 20);
      CHECK(rig.reader()->study("bad")->progress.created == 0);
    }
  }
  WHEN("the study is cancelled while it still computes") {
    REQUIRE(rig.ask(loop::CancelStudy{"bad"}));
    CHECK(rig.wait_for_end("bad").progress.state == StudyState::cancelled);
    slow.released.set_value();
  }
}

TEST_CASE("a strategy that learns nothing from results is asked for many trials at once",
          "[loop]") {
  const auto [pace, is_once] =
      GENERATE(table<Pace, bool>({{Pace::instant, true}, {Pace::computing, false}}));
  g_questions = 0;
  Rig rig({.strategies = [pace = pace](const StudySpec&) -> Result<StrategyEntry> {
    return StrategyEntry{.name = "calm", .make = make<counts>, .pace = pace};
  }});
  REQUIRE(rig.ask(loop::SubmitStudy{study("s", 20)}));
  CHECK(rig.wait_for_end("s").progress.completed == 20);
  CHECK((g_questions == 1) == is_once);
}
