// Events: every kind reads back equal, every member counts, damage is refused.
#include <catch2/catch.hpp>

#include "schema/codec/codec.hpp"

using namespace hpo;

namespace {

SearchSpace space() {
  return *SearchSpace::make({{.name = "lr"}, {.name = "n", .domain = IntDomain{.high = 9}}});
}

// One of each kind, every member unlike its default.
std::vector<Event> examples() {
  const Suggestion suggestion{.strategy = "sobol", .instead_of = "gp",
                              .deadline_ms = 50, .version = 3, .build = "1.0-abc",
                              .history_seq = 99, .model_seq = 90, .first_number = 4, .count = 2};
  const Outcome outcome{.status = OutcomeStatus::completed, .exit_code = 0, .value = 0.25,
                        .metrics = {{"auc", 0.25}, {"m/x", 1.0}}, .message = "fine \"so\"",
                        .started_ns = 5, .ended_ns = 1'700'000'000'000'000'001};
  return {
      {.body = StudyCreated{}},
      {.body = StudyPaused{.reason = StudyReason::strategy_slow, .detail = "é\n"}},
      {.body = StudyResumed{}},
      {.body = StudyReopened{}},
      {.body = StudyCancelling{}},
      {.body = StudyEnded{.state = StudyState::cancelled, .reason = StudyReason::patience}},
      {.body = SpaceExhausted{}},
      {.body = TimePassed{}},
      {.body = TrialCreated{.trial = 5, .values = {0.1, std::int64_t{3}}, .origin = Origin::retry,
                            .retry_of = 2, .suggestion = suggestion}},
      {.body = TrialCancelling{.trial = 7}},
      {.body = TrialCancelled{.trial = 8}},
      {.body = AttemptSubmitting{.trial = 1, .attempt = 2, .job = "hpoabcd12345678", .slot = 3,
                                 .devices = {0, 2}}},
      {.body = AttemptSubmitted{.trial = 1, .attempt = 2, .job = "hpoabcd12345678",
                                .native_id = "77:123:boot", .is_running = true}},
      {.body = AttemptRejected{.trial = 1, .attempt = 2, .failure = FailureClass::spawn_failed,
                               .message = "no such program"}},
      {.body = AttemptUnknown{.trial = 1, .attempt = 2, .message = "timeout",
                              .job = "hpoabcd12345678"}},
      {.body = AttemptAbsent{.trial = 1, .attempt = 2, .message = "put off",
                             .job = "hpoabcd12345678"}},
      {.body = AttemptRunning{.trial = 1, .attempt = 2}},
      {.body = AttemptEnded{.trial = 1, .attempt = 2, .outcome = outcome}},
      {.body = AttemptIncident{.trial = 1, .attempt = 2, .message = "twice",
                               .job = "hpoabcd12345678", .remark = Remark::told_twice}},
      {.body = TrialRecommended{.trial = 4, .value = 0.1, .finished = 9}},
      {.body = TrialLeased{.trial = 4, .worker = "node-7", .fence = 3}},
      {.body = TrialReturned{.trial = 4, .fence = 3}},
      {.body = AttemptStarted{.trial = 4, .attempt = 2, .worker = "node-7", .fence = 4,
                              .job = "hpoabcd-1-4-4", .slot = 1}},
      {.body = TrialPruning{.trial = 4, .attempt = 2,
                            .decision = {Verdict::pause, 3, "rank 5 of 9"}}},
      {.body = TrialTakenUp{.trial = 4}},
      {.body = TrialPruned{.trial = 4}},
      {.body = WorkerSubmitting{.worker = 2, .name = "hpoabcd-w2", .job = "hpoabcd12345678",
                                .devices = {1, 3}}},
      {.body = WorkerSubmitted{.worker = 2, .job = "hpoabcd12345678", .native_id = "4711",
                               .is_running = true}},
      {.body = WorkerRejected{.worker = 2, .message = "no such account"}},
      {.body = WorkerUnknown{.worker = 2, .message = "timeout", .job = "hpoabcd12345678"}},
      {.body = WorkerAbsent{.worker = 2, .message = "put off", .job = "hpoabcd12345678"}},
      {.body = WorkerRunning{.worker = 2}},
      {.body = WorkerAsked{.worker = 2}},
      {.body = WorkerEnded{.worker = 2, .outcome = outcome}},
  };
}

std::string_view kind_of(const Event& event) { return event_kinds[event.body.index()]; }

}  // namespace

TEST_CASE("an event of every kind reads back equal", "[codec]") {
  const std::vector<Event> events = examples();
  REQUIRE(events.size() == event_kinds.size());
  for (std::size_t i = 0; i < events.size(); ++i) {
    INFO(event_kinds[i]);
    REQUIRE(events[i].body.index() == i);
    const std::string text = event_to_json(events[i], space());
    INFO(text);
    const Result<Event> back = event_from_json(event_kinds[i], text, space());
    REQUIRE(back);
    CHECK(*back == events[i]);
  }
}

TEST_CASE("bodies at their defaults read back equal too", "[codec]") {
  const Values values{0.0, std::int64_t{0}};
  const std::vector<Event> events{{.body = StudyPaused{}}, {.body = StudyEnded{}},
                                  {.body = TrialCreated{.values = values}},
                                  {.body = AttemptSubmitting{}}, {.body = AttemptSubmitted{}},
                                  {.body = AttemptRejected{}}, {.body = AttemptUnknown{}},
                                  {.body = AttemptEnded{}}};
  for (const Event& event : events) {
    const std::string text = event_to_json(event, space());
    INFO(text);
    const Result<Event> back = event_from_json(kind_of(event), text, space());
    REQUIRE(back);
    CHECK(*back == event);
  }
}

TEST_CASE("the text of an event is the one that stored rows have", "[codec]") {
  CHECK(event_to_json({.body = StudyCreated{}}, space()) == "{}");
  CHECK(event_to_json({.body = AttemptRunning{.trial = 3, .attempt = 1}}, space()) ==
        R"({"trial":3,"attempt":1})");
  CHECK(event_to_json({.body = TrialCreated{.trial = 5, .values = {0.5, std::int64_t{3}}}},
                      space()) ==
        R"({"trial":5,"params":{"lr":0.5,"n":3},"origin":"strategy"})");
}

TEST_CASE("events that cannot be ours are corrupt, and the error says where", "[codec]") {
  struct Case {
    std::string_view kind{}, text{}, where{};
  };
  const Case cases[] = {
      {"trial_cancelled", "{}", "/trial"},
      {"trial_cancelled", R"({"trial":"1"})", "/trial"},
      {"trial_cancelled", R"({"trial":3000000000})", "/trial"},
      {"trial_cancelled", "[]", ""},
      {"trial_cancelled", "{\"trial\":", "byte 9"},
      {"study_paused", R"({"reason":"tired"})", "/reason"},
      {"trial_created", R"({"trial":1,"params":{"lr":0.5},"origin":"strategy"})", "/params"},
      {"attempt_ended", R"({"trial":1,"attempt":1,"outcome":{"status":"completed","value":"x"}})",
       "/outcome/value"},
      {"attempt_submitting", R"({"trial":1,"attempt":1,"job":"j","slot":0,"devices":[0,null]})",
       "/devices/1"},
      {"study_vanished", "{}", "events"},
  };
  for (const Case& c : cases) {
    INFO(c.kind << " " << c.text);
    const Result<Event> event = event_from_json(c.kind, c.text, space());
    REQUIRE_FALSE(event);
    CHECK(event.error().code == ErrorCode::corrupt);
    INFO(event.error().where);
    CHECK(event.error().where.find(c.where) != std::string::npos);
    CHECK_FALSE(event.error().remedy.empty());
  }
}

TEST_CASE("a member that a newer build added is ignored", "[codec]") {
  const auto event = event_from_json("trial_cancelled", R"({"trial":1,"colour":[{}]})", space());
  REQUIRE(event);
  CHECK(event->body == decltype(Event::body)(TrialCancelled{.trial = 1}));
}
