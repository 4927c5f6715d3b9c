// A study with much noise ends with a recommendation of all of its trials, others without one.
#include <catch2/catch.hpp>

#include "tests/daemon/loop/rig.hpp"

using namespace hpo;
using test::Rig;
using test::study;

namespace {

StudySpec noisy(const std::string& name, int trials) {
  StudySpec spec = test::study(name, trials, R"(,"strategy":"sobol")");
  spec.objective.noise = Noise::high;
  return spec;
}

}  // namespace

SCENARIO("with much noise a study ends when a trial is recommended of all that it has", "[loop]") {
  Rig rig;
  REQUIRE(rig.ask(loop::SubmitStudy{noisy("noisy", 40)}));
  REQUIRE(rig.ask(loop::SubmitStudy{study("calm", 40)}));
  const auto row = rig.wait_for_end("noisy");
  CHECK(row.progress.recommended_at == 40);
  REQUIRE(row.progress.recommended_trial);
  REQUIRE(row.progress.recommended_value);
  const auto trial = rig.reader()->trial("noisy", *row.progress.recommended_trial);
  REQUIRE(trial);
  CHECK(trial->trial.state == TrialState::completed);
  CHECK(row.recommended_params == trial->params);
  CHECK(rig.wait_for_end("calm").progress.recommended_at == 0);
}

SCENARIO("a study in which no trial completes ends without a recommendation", "[loop]") {
  Rig rig;
  StudySpec spec = noisy("fails", 10);
  spec.executor.simulated.failures = 1.0;
  spec.budget.max_failures = 1;
  REQUIRE(rig.ask(loop::SubmitStudy{spec}));
  const auto row = rig.wait_for("fails", [](const store::StudyRow& r) {
    return r.progress.state != StudyState::running;
  });
  CHECK(row.progress.recommended_at == 0);
}
