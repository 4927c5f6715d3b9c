// What every executor of the registry must keep to, whatever it starts its jobs with.
//
// `slurm` starts them with commands that are a script or, if HPO_TEST_CLUSTER is set, with those of
// the cluster in PATH: as an ordinary user, with TMPDIR and this program where its nodes see them.
#include <catch2/catch.hpp>
#include <chrono>
#include <filesystem>

#include "tests/executors/slurm/commands.hpp"
#include "tests/executors/support.hpp"

using namespace hpo;
using test::Scene;
using test::wait_until;

namespace {

struct Subject {
  std::string name{};
  ExecutorFactory make = nullptr;
  std::unique_ptr<Executor> executor{};

  void restart() {
    ExecutorConfig config = test::config_of("/tmp", [] { return clock_ns(); });
    config.utc_ns = [] { return std::int64_t{0}; };
    config.batch = {.poll_interval = std::chrono::milliseconds(100),
                    .result_grace = std::chrono::seconds(2), .lost_after = std::chrono::seconds(2)};
    executor = *make(config);
  }
  static std::int64_t clock_ns() {
    return std::chrono::steady_clock::now().time_since_epoch().count();
  }
};

// Forever is long enough for any test, and short enough to go away by itself.
constexpr double forever_s = 300.0;

JobRequest short_job(const Scene& scene) {
  JobRequest request{.job = scene.job, .spec = scene.spec};
  request.spec.command = test::shell("echo 'hpo-result {\"auc\": 1}'");
  return request;
}

JobRequest long_job(const Scene& scene) {
  JobRequest request{.job = scene.job, .spec = scene.spec};
  request.spec.command = {"sleep", std::to_string(static_cast<int>(forever_s))};
  request.executor.simulated = {.seconds_min = forever_s, .seconds_max = forever_s};
  return request;
}

Job submitted(Executor& executor, const JobRequest& request) {
  const auto answer = executor.submit(request);
  if (!answer) FAIL(answer.error().what);
  CHECK_FALSE(answer->native_id.empty());
  Job job = request.job;
  job.native_id = answer->native_id;
  return job;
}

JobStatus poll(Executor& executor, const Job& job) {
  auto statuses = executor.poll(std::span(&job, 1));
  REQUIRE(statuses.has_value());
  REQUIRE(statuses->size() == 1);
  CHECK((statuses->front().state == JobState::ended) == statuses->front().outcome.has_value());
  return statuses->front();
}

JobStatus poll_until_over(Executor& executor, const Job& job) {
  JobStatus status;
  REQUIRE(wait_until([&] {
    status = poll(executor, job);
    return status.state == JobState::ended || status.state == JobState::gone;
  }));
  return status;
}

JobStatus poll_until_running(Executor& executor, const Job& job) {
  JobStatus status;
  REQUIRE(wait_until([&] { return (status = poll(executor, job)).state == JobState::running; }));
  return status;
}

// Slurm's commands, played by a script.
struct Double {
  test::Commands commands{};
  Double() {
    for (const char* name : {"sbatch", "squeue", "scancel", "sacct"}) {
      std::filesystem::create_symlink(HPO_SLURM_DOUBLE, commands.path() + "/" + name);
    }
  }
};

template <class Test>
void for_every_executor(Test test) {
  REQUIRE(executors().size() >= 3);
  std::optional<Double> slurm;
  if (::getenv("HPO_TEST_CLUSTER") == nullptr) slurm.emplace();
  for (const ExecutorEntry& entry : executors()) {
    INFO("executor " << entry.name);
    Subject subject{.name = std::string(entry.name), .make = entry.make};
    subject.restart();
    test(subject);
  }
}

}  // namespace

TEST_CASE("every executor: a job ends completed, and stays so", "[conformance]") {
  for_every_executor([](Subject& subject) {
    Scene scene({});
    const Job job = submitted(*subject.executor, short_job(scene));
    const JobStatus status = poll_until_over(*subject.executor, job);
    REQUIRE(status.state == JobState::ended);
    CHECK(status.outcome->status == OutcomeStatus::completed);
    CHECK(status.outcome->value.has_value());
    CHECK(poll(*subject.executor, job).outcome == status.outcome);
  });
}

TEST_CASE("every executor: poll answers for many jobs in their order", "[conformance]") {
  for_every_executor([](Subject& subject) {
    Scene first({});
    Scene second({});
    Scene third({});
    const std::vector<Job> jobs{submitted(*subject.executor, long_job(first)),
                                submitted(*subject.executor, short_job(second)), third.job};
    poll_until_over(*subject.executor, jobs[1]);
    poll_until_running(*subject.executor, jobs[0]);
    const auto statuses = subject.executor->poll(jobs);
    REQUIRE(statuses.has_value());
    REQUIRE(statuses->size() == 3);
    CHECK((*statuses)[0].state == JobState::running);
    CHECK((*statuses)[1].state == JobState::ended);
    CHECK((*statuses)[2].state == JobState::absent);
    REQUIRE(subject.executor->cancel({&jobs[0], 1}).has_value());
    poll_until_over(*subject.executor, jobs[0]);
    CHECK(subject.executor->poll({})->empty());
  });
}

TEST_CASE("every executor: a job is found by name and directory alone", "[conformance]") {
  for_every_executor([](Subject& subject) {
    Scene scene({});
    const Job job = submitted(*subject.executor, long_job(scene));
    const auto found = subject.executor->find(scene.job);
    REQUIRE(found.has_value());
    CHECK((found->state == JobState::running || found->state == JobState::queued));
    CHECK(found->native_id == job.native_id);
    REQUIRE(subject.executor->cancel({&job, 1}).has_value());
    poll_until_over(*subject.executor, job);
  });
}

TEST_CASE("every executor: cancel ends a job, may be repeated, and is no error afterwards",
          "[conformance]") {
  for_every_executor([](Subject& subject) {
    Scene scene({});
    const Job job = submitted(*subject.executor, long_job(scene));
    REQUIRE(subject.executor->cancel({&job, 1}).has_value());
    REQUIRE(subject.executor->cancel({&job, 1}).has_value());
    const JobStatus status = poll_until_over(*subject.executor, job);
    REQUIRE(status.state == JobState::ended);
    CHECK(status.outcome->status == OutcomeStatus::cancelled);
    CHECK(subject.executor->cancel({&job, 1}).has_value());
    CHECK(poll(*subject.executor, job).outcome == status.outcome);
  });
}

TEST_CASE("every executor: a job outlives the daemon that submitted it", "[conformance]") {
  for_every_executor([](Subject& subject) {
    Scene scene({});
    const Job job = submitted(*subject.executor, long_job(scene));
    subject.restart();
    poll_until_running(*subject.executor, job);
    REQUIRE(subject.executor->cancel({&job, 1}).has_value());
    CHECK(poll_until_over(*subject.executor, job).outcome->status == OutcomeStatus::cancelled);
  });
}

TEST_CASE("every executor: a job nobody submitted is absent, and cancelling it is no error",
          "[conformance]") {
  for_every_executor([](Subject& subject) {
    Scene scene({});
    CHECK(subject.executor->find(scene.job)->state == JobState::absent);
    CHECK(subject.executor->cancel({&scene.job, 1}).has_value());
  });
}

TEST_CASE("every executor: a garbled id is not fatal and never somebody else's job",
          "[conformance]") {
  for_every_executor([](Subject& subject) {
    for (const char* id : {"x", "0", "-1:0:", "::::", "1:1:nonsense", "\xff"}) {
      Scene scene({});
      Job job = scene.job;
      job.native_id = id;
      const JobState state = poll(*subject.executor, job).state;
      CHECK((state == JobState::gone || state == JobState::absent || state == JobState::unknown));
      CHECK(subject.executor->cancel({&job, 1}).has_value());
    }
  });
}
