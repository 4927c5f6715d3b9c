// A batch system of our own making, its clock, and an executor on it.
#pragma once

#include <catch2/catch.hpp>
#include <filesystem>
#include <memory>
#include <string>
#include <vector>

#include "executors/batch/batch_executor.hpp"
#include "executors/runner/exit_file.hpp"
#include "tests/executors/support.hpp"

namespace hpo::test {

// What is there, what it answers, and what it was asked.
struct World {
  std::int64_t now_ns = 1'000'000'000'000;
  std::chrono::nanoseconds list_takes{};
  std::vector<batch::Sighting> jobs{};
  std::vector<batch::Sighting> accounting{};
  std::optional<Error> submit_error{};  // the job may be there all the same
  bool is_down = false;
  bool is_accounting_down = false;
  int next_id = 100;
  int listings = 0;
  std::vector<AttemptSpec> submitted{};
  std::vector<std::vector<std::string>> accounted{};
  std::vector<std::string> cancelled{};  // "id name"
  std::vector<std::string> log{};

  batch::Sighting& add(const std::string& id, const std::string& name, batch::Phase phase,
                       const std::string& state = "RUNNING", const std::string& node = "n1") {
    jobs.push_back({.id = id, .name = name, .phase = phase, .state = state, .node_list = node});
    return jobs.back();
  }
};

class FakeScheduler final : public batch::Scheduler {
 public:
  explicit FakeScheduler(World& world) : world_(world) {}

  void prepare(AttemptSpec& spec) override { spec.id_variable = "FAKE_ID"; }
  Result<std::string> submit(const JobRequest& request) override {
    world_.submitted.push_back(request.spec);
    if (world_.submit_error) return *world_.submit_error;
    const std::string id = std::to_string(world_.next_id++);
    world_.add(id, request.job.name, batch::Phase::queued, "PENDING", "");
    return id;
  }
  Result<std::vector<batch::Sighting>> list() override {
    ++world_.listings;
    world_.now_ns += world_.list_takes.count();
    if (world_.is_down) return Error{ErrorCode::unavailable, "it is down", "list", "wait"};
    return world_.jobs;
  }
  Result<std::vector<batch::Sighting>> account(std::span<const std::string> names) override {
    world_.accounted.emplace_back(names.begin(), names.end());
    if (world_.is_accounting_down) return Error{ErrorCode::unavailable, "down", "account", "wait"};
    std::vector<batch::Sighting> found;
    for (const batch::Sighting& row : world_.accounting) {
      if (std::find(names.begin(), names.end(), row.name) != names.end()) found.push_back(row);
    }
    return found;
  }
  Result<void> cancel(std::span<const batch::Sighting> jobs) override {
    for (const auto& job : jobs) world_.cancelled.push_back(job.id + " " + job.name);
    return {};
  }
  std::string wait_text(const batch::Sighting& job) override { return "waits: " + job.reason; }
  bool waits_for_ever(const batch::Sighting& job) override { return job.reason == "Never"; }
  Outcome outcome_of(const batch::Sighting& job, bool has_claimed, const std::string&) override {
    Outcome outcome{.status = OutcomeStatus::failed, .failure = FailureClass::infrastructure};
    outcome.message = job.state + (has_claimed ? ", claimed" : "");
    outcome.exit_code = job.exit_code;
    if (job.state == "PREEMPTED") outcome.failure = FailureClass::preempted;
    if (job.state == "TIMEOUT") outcome.failure = FailureClass::timeout;
    if (job.state == "CANCELLED") {
      outcome.status = OutcomeStatus::cancelled;
      outcome.failure.reset();
    }
    return outcome;
  }

 private:
  World& world_;
};

struct Bench {
  World world{};
  FreshDirectory root{};
  ExecutorConfig config{};
  std::unique_ptr<batch::BatchExecutor> executor{};

  Bench() {
    config = config_of(root.path(), [this] { return world.now_ns; });
    config.installation = "abcd";
    config.log = [this](std::string_view, const std::string& line) { world.log.push_back(line); };
    restart();
  }
  Bench(const Bench&) = delete;
  Bench& operator=(const Bench&) = delete;

  void restart() {
    executor = std::make_unique<batch::BatchExecutor>(config,
                                                      std::make_unique<FakeScheduler>(world));
  }
  void pass(std::chrono::nanoseconds time) { world.now_ns += time.count(); }

  // Of the trial's attempt of that number; `letter` tells submissions apart.
  JobRequest request(char letter, int attempt = 1) const {
    JobRequest request;
    request.job = {.name = std::string("hpoabcd1234567") + letter,
                   .directory = root.path() + "/trials/3/" + std::to_string(attempt),
                   .native_id = {}, .identity = "attempt " + std::to_string(attempt)};
    request.spec.job = request.job.name;
    request.spec.identity = request.job.identity;
    request.spec.attempt = attempt;
    request.spec.params = "{}";
    return request;
  }
  Job submitted(char letter, int attempt = 1) {
    JobRequest asked = request(letter, attempt);
    const auto answer = executor->submit(asked);
    if (!answer) FAIL(answer.error().what);
    asked.job.native_id = answer->native_id;
    return asked.job;
  }
  // One that an earlier life of the daemon has submitted.
  Job known(char letter, const std::string& id = "7", int attempt = 1) const {
    Job job = request(letter, attempt).job;
    job.native_id = id;
    std::filesystem::create_directories(job.directory);
    return job;
  }
  JobStatus poll(const Job& job) {
    auto statuses = executor->poll({&job, 1});
    REQUIRE(statuses);
    return statuses->front();
  }
  // Until result_grace has passed since the end was seen.
  JobStatus poll_after_grace(const Job& job) {
    poll(job);
    pass(std::chrono::seconds(61));
    return poll(job);
  }
  JobStatus find(const Job& job) {
    const auto status = executor->find(job);
    if (!status) FAIL(status.error().what);
    return *status;
  }
  void cancel_strays(const std::vector<std::string>& live) { executor->cancel_strays(live); }

  static void claim(const Job& job, const std::string& name, const std::string& id) {
    std::filesystem::create_directories(job.directory);
    write(job.directory + "/claim", R"({"job":")" + name + R"(","identity":")" + job.identity +
                                        R"(","native_id":")" + id + "\"}\n");
  }
  static void write_exit(const Job& job, OutcomeStatus status, std::optional<int> signal = {},
                         std::optional<int> exit_code = {}) {
    std::filesystem::create_directories(job.directory);
    runner::Attempt attempt{.job = job.name, .paths = runner::paths_in(job.directory, 1)};
    attempt.spec.identity = job.identity;
    Outcome outcome{.status = status, .exit_code = exit_code, .signal = signal,
                    .message = "of the runner"};
    if (signal) outcome.failure = FailureClass::signal;
    if (exit_code) outcome.failure = FailureClass::exit_code;
    if (status == OutcomeStatus::completed) outcome.value = 0.5;
    REQUIRE(runner::write_exit(attempt, outcome));
  }
};

}  // namespace hpo::test
