// What GET answers, over a socket.
#include <catch2/catch.hpp>

#include "tests/daemon/http/server_fixture.hpp"

namespace hpo::http::test {
namespace {

const json::Node& at(const json::Node& node, std::string_view key) {
  const json::Node* found = node.find(key);
  INFO(key);
  REQUIRE(found != nullptr);
  return *found;
}

}  // namespace

TEST_CASE("a study is shown with its progress and its spec", "[http]") {
  Running running;
  const Answer answer = running.ask(get("/v1/studies/jets"));
  REQUIRE(answer.status == 200);
  CHECK(answer.header("Content-Type") == "application/json");
  const json::Node study = answer.json();
  CHECK(at(study, "name").string == "jets");
  CHECK(at(study, "state").string == "running");
  CHECK(at(study, "reason").string == "none");
  CHECK(at(study, "tags").items.size() == 2);
  CHECK(at(at(study, "objective"), "direction").string == "maximize");
  CHECK(at(study, "strategy").string == "auto");
  CHECK(at(at(study, "strategy_chosen"), "name").string == "gp");
  CHECK_THAT(at(at(study, "strategy_chosen"), "because").string,
             Catch::StartsWith("2 parameters, 60 trials, 2 at a time: "));
  CHECK(at(study, "pruner").string == "none");
  CHECK(at(study, "executor").string == "local");
  CHECK(at(at(study, "budget"), "trials").integer == 60);
  CHECK(at(at(study, "budget"), "time_s").kind == json::Kind::null);
  CHECK(at(at(study, "trials"), "total").integer == 61);
  CHECK(at(at(study, "trials"), "waiting").integer == 1);
  CHECK(at(study, "attempts").integer == 6);
  CHECK(at(at(study, "best"), "value").number == 0.875);
  CHECK(at(at(at(study, "best"), "params"), "layers").integer == 3);
  CHECK(at(study, "spent_s").number == 12.5);
  CHECK(at(at(study, "budget"), "node_hours").kind == json::Kind::null);
  CHECK(at(study, "spent_node_hours").number == 1.5);
  CHECK(at(study, "trial_node_hours").kind == json::Kind::null);
  CHECK(at(study, "created_at").string == "2023-11-14T22:13:20.000Z");
  CHECK(at(study, "ended_at").kind == json::Kind::null);
  CHECK(at(at(study, "spec"), "parallel").integer == 2);
}

TEST_CASE("what a model recommends is told beside the best", "[http]") {
  Running running;
  CHECK(at(running.ask(get("/v1/studies/jets")).json(), "recommended").kind == json::Kind::null);
  store::StudyRow& row = running.tables.studies["jets"];
  row.progress.recommended_trial = 0;
  row.progress.recommended_value = 0.75;
  row.progress.recommended_at = 2;
  row.recommended_params = row.best_params;
  for (const char* path : {"/v1/studies/jets", "/v1/studies/jets/best"}) {
    const json::Node told = at(running.ask(get(path)).json(), "recommended");
    CHECK(at(told, "trial").integer == 0);
    CHECK(at(told, "value").number == 0.75);
    CHECK(at(told, "finished").integer == 2);
    CHECK(at(at(told, "params"), "layers").integer == 3);
  }
}

TEST_CASE("what auto stood for in a study that has ended, its trials tell", "[http]") {
  Running running;
  store::StudyRow& row = running.tables.studies["jets"];
  const auto chosen = [&] {
    return at(at(running.ask(get("/v1/studies/jets")).json(), "strategy_chosen"), "name").string;
  };
  row.strategies = "sobol";  // and goes on
  CHECK(chosen() == "gp");
  row.progress.state = StudyState::finished;
  CHECK(chosen() == "sobol");
  row.strategies = "sobol,gp";  // the one that answers when another is late
  CHECK(chosen() == "gp");
}

TEST_CASE("studies come in pages that miss none and repeat none", "[http]") {
  Running running;
  for (const std::string name : {"a", "b", "c", "d"}) {
    running.tables.studies[name] = study_row(name);
  }
  std::string seen;
  std::string cursor;
  do {
    const json::Node page = running.ask(get("/v1/studies?limit=2&cursor=" + cursor)).json();
    for (const auto& study : at(page, "studies").items) {
      seen += at(study, "name").string + " ";
      CHECK(at(at(study, "waits_for").items.at(0), "text").string == "waits for priority");
    }
    cursor = at(page, "next").string;
  } while (!cursor.empty());
  CHECK(seen == "a b c d jets ");
}

TEST_CASE("a page is 1 to 1000 long", "[http]") {
  Running running;
  const auto [limit, status] = GENERATE(table<std::string, int>(
      {{"0", 422}, {"1", 200}, {"1000", 200}, {"1001", 422}, {"x", 422}}));
  CHECK(running.ask(get("/v1/studies?limit=" + limit)).status == status);
  CHECK(running.ask(get("/v1/studies/jets/trials?limit=" + limit)).status == status);
}

TEST_CASE("trials are listed with null for what is not yet", "[http]") {
  Running running;
  const json::Node page = running.ask(get("/v1/studies/jets/trials")).json();
  REQUIRE(at(page, "trials").items.size() == 3);
  const json::Node& done = at(page, "trials").items[1];
  CHECK(at(done, "value").number == 0.625);
  CHECK(at(done, "wait_s").number == 2.0);
  CHECK(at(done, "run_s").number == 1.25);
  CHECK(at(at(done, "params"), "lr").number == 0.01);
  CHECK(at(done, "slot").integer == 1);
  const json::Node& open = at(page, "trials").items[2];
  CHECK(at(open, "state").string == "running");
  CHECK(at(open, "attempt_state").string == "submitted");
  for (const auto* key : {"value", "failure", "retry_of", "started_at", "ended_at", "wait_s",
                          "run_s"}) {
    CHECK(at(open, key).kind == json::Kind::null);
  }
  CHECK(at(page, "next").kind == json::Kind::null);
}

TEST_CASE("trials are filtered by state words, and only by those", "[http]") {
  Running running;
  const json::Node page = running.ask(get("/v1/studies/jets/trials?state=running")).json();
  CHECK(at(page, "trials").items.size() == 1);
  const Answer refused = running.ask(get("/v1/studies/jets/trials?state=done"));
  CHECK(refused.status == 422);
  CHECK(at(refused.json(), "remedy").string.find("completed") != std::string::npos);
  CHECK(running.ask(get("/v1/studies/jets/trials?sort=age")).status == 422);
  CHECK(running.ask(get("/v1/studies/jets/trials?sort=-value")).status == 200);
}

TEST_CASE("a study tells how long its suggestions took", "[http]") {
  Running running;
  running.tables.studies["jets"].progress.stand_ins = 2;
  const json::Node study = running.ask(get("/v1/studies/jets")).json();
  const json::Node& told = at(study, "suggestions");
  CHECK(at(told, "stand_ins").integer == 2);
  CHECK(at(at(told, "slot_waited_ms"), "p99").number == 1.5);
  CHECK(at(told, "strategy_took_ms").kind == json::Kind::null);
}

TEST_CASE("a trial is shown with its attempts and who proposed it", "[http]") {
  Running running;
  running.tables.trials["jets"][1].trial.suggestion = {.strategy = "sobol",
                                                       .instead_of = "gp", .deadline_ms = 50,
                                                       .version = 2, .history_seq = 7, .count = 4};
  Attempt attempt{.trial = 1, .number = 2, .state = AttemptState::failed, .job = "hpoX"};
  attempt.outcome.failure = FailureClass::exit_code;
  attempt.outcome.exit_code = 3;
  attempt.asked.time = std::chrono::minutes(1);
  running.tables.attempts[{"jets", 1}] = {attempt};
  const json::Node trial = running.ask(get("/v1/studies/jets/trials/1")).json();
  CHECK(at(at(trial, "suggestion"), "strategy").string == "sobol");
  CHECK(at(at(trial, "suggestion"), "instead_of").string == "gp");
  CHECK(at(at(trial, "suggestion"), "deadline_ms").integer == 50);
  CHECK(at(at(trial, "suggestion"), "history_seq").integer == 7);
  CHECK(at(trial, "directory").string == running.state_dir() + "/studies/jets/trials/1");
  REQUIRE(at(trial, "history").items.size() == 1);
  const json::Node& shown = at(trial, "history").items[0];
  CHECK(at(shown, "asked_s").integer == 60);
  CHECK(at(shown, "asked_memory_bytes").kind == json::Kind::null);
  CHECK(at(shown, "failure").string == "exit_code");
  CHECK(at(shown, "exit_code").integer == 3);
  CHECK(at(shown, "signal").kind == json::Kind::null);
  CHECK(at(shown, "directory").string == running.state_dir() + "/studies/jets/trials/1/2");
  const json::Node other = running.ask(get("/v1/studies/jets/trials/0")).json();
  CHECK(at(other, "suggestion").kind == json::Kind::null);
}

TEST_CASE("what was printed where a worker runs is said to be there", "[http]") {
  Running running;
  Attempt attempt{.trial = 1, .number = 1, .native_id = "w1", .fence = 1};
  const auto [place, remedy] = GENERATE(table<std::string, std::string>({
      {"far:/own/1", "look there: /own/1/stderr on far"}, {"", "look where it ran"}}));
  attempt.outcome.place = place;
  running.tables.attempts[{"jets", 1}] = {attempt};
  const Answer told = running.ask(get("/v1/studies/jets/trials/1/logs?stream=stderr"));
  CHECK(told.status == 404);
  CHECK_THAT(at(told.json(), "remedy").string, Catch::StartsWith(remedy));
  CHECK_THAT(at(told.json(), "where").string, Catch::EndsWith("trained by w1"));
}

TEST_CASE("best is the best completed trial, or 404", "[http]") {
  Running running;
  const json::Node best = running.ask(get("/v1/studies/jets/best")).json();
  CHECK(at(best, "trial").integer == 1);
  CHECK(at(at(best, "metrics"), "auc").number == 0.625);
  running.tables.studies["jets"].progress.best_trial.reset();
  const auto told = [&] { return running.ask(get("/v1/studies/jets/best")); };
  running.tables.studies["jets"].progress.state = StudyState::running;
  CHECK(told().status == 404);
  CHECK(at(told().json(), "remedy").string == "wait for one: hpo status jets");
  running.tables.studies["jets"].progress.state = StudyState::failed;
  running.tables.studies["jets"].progress.failed = 1;
  CHECK(told().status == 404);
  CHECK(at(told().json(), "remedy").string == "hpo logs jets --failed");
  running.tables.studies["jets"].progress.failed = 0;
  CHECK(at(told().json(), "remedy").string == "hpo trials jets");
}

TEST_CASE("export hands out study and trials a page at a time", "[http]") {
  Limits limits;
  limits.export_page = 2;
  Running running(limits);
  const json::Node first = running.ask(get("/v1/studies/jets/export")).json();
  CHECK(at(at(first, "study"), "spec").kind == json::Kind::object);
  CHECK(at(first, "trials").items.size() == 2);
  CHECK(at(first, "trials").items[0].find("suggestion") != nullptr);
  const json::Node second =
      running.ask(get("/v1/studies/jets/export?cursor=" + at(first, "next").string)).json();
  CHECK(at(second, "trials").items.size() == 1);
  CHECK(at(second, "next").kind == json::Kind::null);
}

TEST_CASE("what is not there is 404 with a remedy", "[http]") {
  Running running;
  const std::string target = GENERATE(
      "/v1/studies/nope", "/v1/studies/nope/trials", "/v1/studies/jets/trials/77",
      "/v1/studies/nope/best", "/v1/studies/nope/export", "/v1/studies/jets/trials/77/logs");
  const Answer answer = running.ask(get(target));
  INFO(target);
  CHECK(answer.status == 404);
  CHECK_FALSE(at(answer.json(), "remedy").string.empty());
}

TEST_CASE("readyz says why not, version says who", "[http]") {
  Running running;
  CHECK(running.ask(get("/readyz")).status == 200);
  running.sink.set_health({.ready = false, .reason = "the disk is full"});
  const Answer answer = running.ask(get("/readyz"));
  CHECK(answer.status == 503);
  CHECK_FALSE(answer.header("Retry-After").empty());
  CHECK(at(answer.json(), "reason").string == "the disk is full");
  const json::Node version = running.ask(get("/version")).json();
  CHECK(at(version, "version").string == "1.2.3");
  CHECK(at(version, "socket").string == running.socket_path());
  CHECK(at(version, "studies").integer == 1);
}

TEST_CASE("the schema of study.json is served as JSON", "[http]") {
  Running running;
  const Answer answer = running.ask(get("/v1/schema"));
  REQUIRE(answer.status == 200);
  CHECK(answer.json().find("$schema") != nullptr);
}

TEST_CASE("row 25: a read that throws answers 500 with its request, and the daemon lives",
          "[http]") {
  Running running;
  running.tables.throws = true;
  const Answer answer = running.ask(get("/v1/studies/jets"));
  CHECK(answer.status == 500);
  CHECK(at(answer.json(), "instance").string.find("request:") == 0);
  CHECK(at(answer.json(), "detail").string.find("planted bug") != std::string::npos);
  running.tables.throws = false;
  CHECK(running.ask(get("/v1/studies/jets")).status == 200);
}

TEST_CASE("a stored spec that cannot be read is an error, never half an answer", "[http]") {
  Running running;
  running.tables.studies["jets"].spec = "{\"name\": 3}";
  const Answer answer = running.ask(get("/v1/studies"));
  CHECK(answer.status == 500);
  CHECK(at(answer.json(), "where").string == "study jets");
}

}  // namespace hpo::http::test
