// See bench.hpp.
#include "tests/executors/batch/bench.hpp"

#include <catch2/catch.hpp>
#include <filesystem>

#include "executors/runner/exit_file.hpp"

namespace hpo::test {

Bench::Bench() {
  config = config_of(root.path(), [this] { return world.now_ns; });
  config.installation = "abcd";
  config.log = [this](std::string_view, const std::string& line) { world.log.push_back(line); };
  restart();
}

void Bench::restart() {
  executor = std::make_unique<batch::BatchExecutor>(config,
                                                    std::make_unique<FakeScheduler>(world));
}

JobRequest Bench::request(char letter, int attempt) const {
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

Job Bench::submitted(char letter, int attempt) {
  JobRequest asked = request(letter, attempt);
  const auto answer = executor->submit(asked);
  if (!answer) FAIL(answer.error().what);
  asked.job.native_id = answer->native_id;
  return asked.job;
}

Job Bench::known(char letter, const std::string& id, int attempt) const {
  Job job = request(letter, attempt).job;
  job.native_id = id;
  std::filesystem::create_directories(job.directory);
  return job;
}

JobStatus Bench::poll(const Job& job) {
  auto statuses = executor->poll({&job, 1});
  REQUIRE(statuses);
  return statuses->front();
}

JobStatus Bench::poll_after_grace(const Job& job) {
  poll(job);
  pass(std::chrono::seconds(61));
  return poll(job);
}

JobStatus Bench::find(const Job& job) {
  const auto status = executor->find(job);
  if (!status) FAIL(status.error().what);
  return *status;
}

void Bench::claim(const Job& job, const std::string& name, const std::string& id) {
  std::filesystem::create_directories(job.directory);
  write(job.directory + "/claim", R"({"job":")" + name + R"(","identity":")" + job.identity +
                                      R"(","native_id":")" + id + "\"}\n");
}

void Bench::write_exit(const Job& job, OutcomeStatus status, std::optional<int> signal,
                       std::optional<int> exit_code) {
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

}  // namespace hpo::test
