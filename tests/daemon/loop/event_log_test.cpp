// What hpod.log says of studies, and of jobs on batch systems.
#include "daemon/loop/event_log.hpp"

#include <catch2/catch.hpp>

#include <algorithm>

#include "tests/daemon/loop/rig.hpp"

using namespace hpo;
using loop::log_line;

namespace {

std::string line_of(decltype(Event::body) body) {
  const auto line = log_line("jets", {.body = std::move(body)});
  return line ? std::string(line->level) + " " + line->text : "";
}

std::string here(decltype(Event::body) body, std::set<FailureClass>& told) {
  const auto line = loop::log_line_here("jets", {.body = std::move(body)}, told);
  return line ? std::string(line->level) + " " + line->text : "";
}

AttemptEnded failed_by(int trial, FailureClass failure) {
  return {trial, 1, {.status = OutcomeStatus::failed, .failure = failure, .message = "no"}};
}

int count_of(const std::vector<std::string>& lines, const std::string& words) {
  return static_cast<int>(std::ranges::count_if(lines, [&](const std::string& line) {
    return line.find(words) != std::string::npos;
  }));
}

}  // namespace

TEST_CASE("a study begins, pauses and ends in the log, wherever it trains", "[loop]") {
  std::set<FailureClass> told;
  const auto [body, expected] = GENERATE(table<decltype(Event::body), std::string>({
      {StudyCreated{}, "info study begins study=jets"},
      {StudyPaused{StudyReason::user, ""}, "info study paused study=jets reason=user"},
      {StudyPaused{StudyReason::strategy_error, "it said \"no\""},
       "warn study paused study=jets reason=strategy_error detail=\"it said 'no'\""},
      {StudyResumed{}, "info study resumed study=jets"},
      {StudyReopened{}, "info study reopened study=jets"},
      {StudyCancelling{}, "info study cancelling study=jets"},
      {StudyEnded{StudyState::finished, StudyReason::trials},
       "info study ended study=jets state=finished reason=trials"}}));
  CHECK(line_of(body) == expected);
  CHECK(here(body, told) == expected);
}

TEST_CASE("of trials on this node the first failure of each class is logged", "[loop]") {
  std::set<FailureClass> told;
  CHECK(here(AttemptEnded{1, 1, {.status = OutcomeStatus::completed}}, told) == "");
  CHECK(here(AttemptSubmitted{2, 1, "hpoaa1", "4711"}, told) == "");
  CHECK(here(failed_by(2, FailureClass::timeout), told) ==
        "warn ended study=jets trial=2 attempt=1 status=failed failure=timeout message=\"no\" "
        "more=\"'hpo logs jets --failed': the next ones of this class have no line\"");
  CHECK(here(failed_by(3, FailureClass::timeout), told) == "");
  CHECK(here(failed_by(4, FailureClass::exit_code), told) != "");
  CHECK(here(AttemptRejected{5, 1, FailureClass::spawn_failed, "no"}, told) != "");
  CHECK(here(AttemptRejected{6, 1, FailureClass::spawn_failed, "no"}, told) == "");
}

TEST_CASE("what a training printed is not in the log's line", "[loop]") {
  const auto [message, expected] = GENERATE(table<std::string, std::string>({
      {"exit code 1\nlast lines of stderr:\nTraceback\nValueError",
       "message=\"exit code 1\" lines_more=3"},
      {"not ready\nit printed last:\njunk", "message=\"not ready\" lines_more=2"},
      {"gone\n" + std::string(300, 'x') + "\ny", "message=\"gone\" lines_more=2"},
      {"gone\nwhere: /tmp", "message=\"gone\nwhere: /tmp\""}}));
  std::set<FailureClass> told;
  AttemptEnded ended = failed_by(2, FailureClass::timeout);
  ended.outcome.message = message;
  CHECK_THAT(here(ended, told), Catch::Contains(" " + expected + " more="));
}

SCENARIO("a study on this node has few lines, however many trials it has", "[loop]") {
  test::Rig rig;
  REQUIRE(rig.ask(loop::SubmitStudy{
      test::study("s", 200, R"(,"retry":{"max":0})", R"(,"failures":0.3)")}));
  rig.wait_for_end("s");
  CHECK_FALSE(rig.ask(loop::PauseStudy{"s"}));  // answered when the lines of the end are written
  const auto log = rig.log();
  CHECK(count_of(log, "study begins study=s") == 1);
  CHECK(count_of(log, "failure=exit_code") == 1);
  CHECK(count_of(log, "study ended study=s") == 1);
  CHECK(count_of(log, "study=s") == 3);
}

TEST_CASE("each step of a submission is a line of facts with keys", "[loop]") {
  CHECK(line_of(AttemptSubmitted{3, 1, "hpoaa1", "4711"}) ==
        "info submitted study=jets trial=3 attempt=1 job=hpoaa1 native_id=4711");
  CHECK(line_of(AttemptUnknown{3, 1, "sbatch: timed out", "hpoaa1"}) ==
        "warn in doubt study=jets trial=3 attempt=1 job=hpoaa1 message=\"sbatch: timed out\"");
  CHECK(line_of(AttemptAbsent{3, 1, "", "hpoaa1"}) ==
        "warn put off study=jets trial=3 attempt=1 job=hpoaa1");
  CHECK(line_of(AttemptRejected{3, 1, FailureClass::rejected, "no account"}) ==
        "warn rejected study=jets trial=3 attempt=1 message=\"no account\"");
}

TEST_CASE("an end is logged with its failure", "[loop]") {
  CHECK(line_of(AttemptEnded{3, 2, {.status = OutcomeStatus::completed, .message = "fine"}}) ==
        "info ended study=jets trial=3 attempt=2 status=completed");
  CHECK(line_of(AttemptEnded{3, 2, {.status = OutcomeStatus::failed,
                                    .failure = FailureClass::timeout,
                                    .message = "a \"b\" c"}}) ==
        "warn ended study=jets trial=3 attempt=2 status=failed failure=timeout "
        "message=\"a 'b' c\"");
}

TEST_CASE("what the tables show anyhow is not logged", "[loop]") {
  CHECK(line_of(TrialCreated{}) == "");
  CHECK(line_of(AttemptRunning{3, 1}) == "");
  CHECK(line_of(AttemptIncident{3, 1, "twice", "hpoaa1"}) == "");  // by its executor, already
}

TEST_CASE("what is wrong with a training's reports is logged wherever it runs", "[loop]") {
  const AttemptIncident incident{3, 1, "step 2 was told twice", "hpoaa1", Remark::told_twice};
  const std::string line = line_of(incident);
  CHECK(line.find("warn reports study=jets trial=3 attempt=1 remark=told_twice "
                  "message=\"step 2 was told twice\"") == 0);
  std::set<FailureClass> told;
  CHECK(loop::log_line_here("jets", {.body = incident}, told)->text == line.substr(5));
}
