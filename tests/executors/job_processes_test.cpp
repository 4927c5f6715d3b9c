// Processes of a job are known by the HPO_JOB of their environment, wherever they hide.
#include <signal.h>
#include <unistd.h>

#include <array>
#include <catch2/catch.hpp>
#include <chrono>

#include "executors/job_processes.hpp"
#include "tests/executors/support.hpp"

using namespace hpo;
using test::wait_until;
using namespace std::chrono_literals;

TEST_CASE("job processes: only those with the very name are found", "[job_processes]") {
  const pid_t pid = ::fork();
  if (pid == 0) {
    ::execle("/bin/sleep", "sleep", "1000", nullptr,
             std::array<const char*, 3>{"X=HPO_JOB=inside", "HPO_JOB=hpoaaaa1", nullptr}.data());
    ::_exit(1);
  }
  const auto found = [](const std::string& name) {
    return processes_of_jobs({.names = {name}}).size();
  };
  CHECK(wait_until([&] { return found("hpoaaaa1") == 1; }));
  CHECK(found("hpoaaaa") == 0);
  CHECK(found("hpoaaaa12") == 0);
  CHECK(found("inside") == 0);
  CHECK(found("") == 0);
  CHECK(end_processes_of_jobs({.names = {"hpoaaaa1"}}, 10s).has_value());
  CHECK(test::wait_for(pid) == 128 + SIGKILL);
}

TEST_CASE("job processes: a process in the middle of its start is not missed", "[job_processes]") {
  for (int round = 0; round < 100; ++round) {
    const pid_t pid = ::vfork();  // returns as soon as execve has let go of our memory
    if (pid == 0) {
      static const char* const environment[] = {"HPO_JOB=hpoaaaa2", nullptr};
      ::execle("/bin/sleep", "sleep", "1000", nullptr, environment);
      ::_exit(1);
    }
    CHECK(processes_of_jobs({.names = {"hpoaaaa2"}}).size() == 1);
    ::kill(pid, SIGKILL);
    test::wait_for(pid);
  }
}

TEST_CASE("job processes: no names, no processes", "[job_processes]") {
  CHECK(processes_of_jobs(JobTraces{}).empty());
  CHECK(end_processes_of_jobs(JobTraces{}, 0ms).has_value());
}
