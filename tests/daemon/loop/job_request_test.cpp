// What a job is given: names legal everywhere, seeds of 31 bits, an environment of known origin.
#include "daemon/loop/job_request.hpp"

#include <catch2/catch.hpp>
#include <set>

using namespace hpo;

namespace {

engine::Study study_of_one_trial(StudySpec spec) {
  engine::Study study{.id = 1, .spec = std::make_shared<const StudySpec>(std::move(spec))};
  study.open[4].trial = Trial{.number = 4, .state = TrialState::running};
  study.open[4].attempt = Attempt{.trial = 4, .number = 2, .job = "hpoabcd12345678", .slot = 3};
  engine::index(study);
  return study;
}

}  // namespace

TEST_CASE("a job name is 15 characters of base32, and another for other bits", "[loop]") {
  std::set<std::string> names;
  for (std::uint64_t bits = 0; bits < 1000; ++bits) {
    names.insert(loop::job_name("ab7q", bits * 0x9e3779b97f4a7c15U));
  }
  CHECK(names.size() == 1000);
  for (const std::string& name : names) {
    CHECK(name.size() == 15);
    CHECK(name.substr(0, 7) == "hpoab7q");
    CHECK(name.find_first_not_of("abcdefghijklmnopqrstuvwxyz234567") == std::string::npos);
  }
}

TEST_CASE("a trial's seed has 31 bits and depends on study seed and number alone", "[loop]") {
  std::set<std::uint64_t> seeds;
  for (int trial = 0; trial < 1000; ++trial) {
    const std::uint64_t seed = loop::trial_seed(7, trial);
    CHECK(seed < (std::uint64_t{1} << 31U));
    CHECK(seed == loop::trial_seed(7, trial));
    seeds.insert(seed);
  }
  CHECK(seeds.size() == 1000);
  CHECK(loop::trial_seed(8, 0) != loop::trial_seed(7, 0));
}

TEST_CASE("a training is told how far to go where the study says it", "[loop]") {
  StudySpec spec;
  CHECK_FALSE(attempt_spec_of(spec).fidelity_max);
  spec.fidelity = FidelitySpec{.name = "epochs", .min = 1, .max = 81};
  const auto request = loop::job_request({}, "abcd", study_of_one_trial(spec), 4, {});
  CHECK(request.spec.fidelity_max == 81);
}

TEST_CASE("vars win over what submit captured, and cores set the usual threads", "[loop]") {
  StudySpec spec;
  spec.name = "s";
  spec.executor.cpus = 4;
  spec.environment.captured = {{"PATH", "/bin"}, {"LANG", "C"}, {"OMP_NUM_THREADS", "64"}};
  spec.environment.vars = {{"LANG", "de_DE"}};
  const auto request =
      loop::job_request({.state_directory = "/s"}, "abcd", study_of_one_trial(spec), 4, {"old"});
  CHECK(request.spec.environment == std::map<std::string, std::string>{
      {"PATH", "/bin"}, {"LANG", "de_DE"}, {"OMP_NUM_THREADS", "4"}});
  CHECK(request.job.directory == "/s/studies/s/trials/4/2");
  CHECK(request.spec.slot == 3);
  CHECK(request.spec.ended_directory == "/s/ended");
  CHECK(request.predecessors == std::vector<std::string>{"old"});
}

TEST_CASE("a job gets what its attempt asks for, or else what the study does", "[loop]") {
  StudySpec spec;
  spec.name = "s";
  spec.executor = {.type = "slurm", .time = std::chrono::hours(1), .batch = {.memory_bytes = 7}};
  engine::Study study = study_of_one_trial(spec);
  auto request = loop::job_request({}, "abcd", study, 4, {});
  CHECK(request.spec.time == std::chrono::hours(1));
  CHECK(request.executor == spec.executor);
  study.open[4].attempt->asked = {.time = std::chrono::hours(2), .memory_bytes = 9};
  request = loop::job_request({}, "abcd", study, 4, {});
  CHECK(request.spec.time == std::chrono::hours(2));
  CHECK(request.executor.time == std::chrono::hours(2));
  CHECK(request.executor.batch.memory_bytes == 9);
}

TEST_CASE("an attempt's identity is the same for a resubmission and for nothing else", "[loop]") {
  engine::Study study = study_of_one_trial({});
  Attempt attempt = *study.open[4].attempt;
  const std::string identity = loop::attempt_identity("abcd", study, attempt);
  CHECK(loop::job_request({}, "abcd", study, 4, {}).spec.identity == identity);
  CHECK(loop::job_request({}, "abcd", study, 4, {}).job.identity == identity);
  attempt.job = "hpoabcdzzzzzzzz";
  CHECK(loop::attempt_identity("abcd", study, attempt) == identity);
  CHECK(loop::attempt_identity("zzzz", study, attempt) != identity);  // of another database
  ++study.open[4].trial.created_ns;  // of a restored copy that went another way
  CHECK(loop::attempt_identity("abcd", study, attempt) != identity);
  --study.open[4].trial.created_ns;
  ++study.progress.created_ns;
  CHECK(loop::attempt_identity("abcd", study, attempt) != identity);
  --study.progress.created_ns;
  ++attempt.number;
  CHECK(loop::attempt_identity("abcd", study, attempt) != identity);
}
