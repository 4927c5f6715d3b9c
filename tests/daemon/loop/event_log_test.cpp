// What hpod.log says of jobs on batch systems.
#include "daemon/loop/event_log.hpp"

#include <catch2/catch.hpp>

using namespace hpo;
using loop::log_line;

namespace {

std::string line_of(decltype(Event::body) body) {
  const auto line = log_line("jets", {.body = std::move(body)});
  return line ? std::string(line->level) + " " + line->text : "";
}

}  // namespace

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
