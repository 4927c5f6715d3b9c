// A retry that the batch system refuses: what the trial and the study say of it.
#include <catch2/catch.hpp>

#include "tests/daemon/engine/build.hpp"

namespace hpo::engine {

TEST_CASE("a retry that is refused hides neither the first failure nor that all fail alike",
          "[engine]") {
  StudySpec spec = spec_of(5, 1);
  spec.retry.on = {FailureClass::timeout};
  Study study = study_of(spec);
  for (int trial = 0; trial < failures_alike_max; ++trial) {
    add_trials(study, 1);
    start(study, trial);
    Outcome timeout = failed(FailureClass::timeout);
    timeout.message = "its time was over";
    ends(study, trial, timeout);
    if (trial + 1 == failures_alike_max) break;
    happens(study, AttemptSubmitting{.trial = trial, .attempt = 2, .job = "r"});
    const Changes changes =
        happens(study, AttemptRejected{trial, 2, FailureClass::rejected, "no such time"});
    CHECK(changes.trial->failure == FailureClass::rejected);
    CHECK(changes.trial->message ==
          "no such time\nattempt 1 had ended as timeout: its time was over");
  }
  CHECK(study.progress.failures_alike == failures_alike_max);
  CHECK_THAT(due(study).front(), Catch::Contains("pause"));
}

TEST_CASE("a trial that waits for its retry says what the first attempt failed of", "[engine]") {
  Study study = study_with(spec_of(1, 1), 1);
  Outcome outcome = lost();
  outcome.message = "it is gone";
  CHECK(ends(study, 0, outcome).trial->message == "attempt 1 had ended as lost: it is gone");
  start(study, 0);
  CHECK(ends(study, 0, completed(1.0)).trial->message.empty());
}

}  // namespace hpo::engine
