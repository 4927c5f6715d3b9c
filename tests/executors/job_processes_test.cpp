// Processes of a job are known by the HPO_JOB of their environment, wherever they hide.
#include <signal.h>
#include <unistd.h>

#include <array>
#include <catch2/catch.hpp>
#include <chrono>
#include <string>

#include "executors/job_processes.hpp"
#include "tests/executors/support.hpp"

using namespace hpo;
using test::wait_until;
using namespace std::chrono_literals;

namespace {

// Of this run alone: another one on the machine must not count, or end, ours.
std::string own_name(const std::string& suffix) {
  return "hpot" + std::to_string(::getpid()) + "p" + suffix;
}

// Returns as soon as execve has let go of our memory.
pid_t start_sleep(const char* const* environment) {
  const pid_t pid = ::vfork();
  if (pid == 0) {
    ::execle("/bin/sleep", "sleep", "1000", nullptr, environment);
    ::_exit(1);
  }
  return pid;
}

}  // namespace

TEST_CASE("job processes: only those with the very name are found", "[job_processes]") {
  const std::string name = own_name("a1");
  const std::string variable = "HPO_JOB=" + name;
  const std::array<const char*, 3> environment{"X=HPO_JOB=inside", variable.c_str(), nullptr};
  const pid_t pid = ::fork();
  if (pid == 0) {
    ::execle("/bin/sleep", "sleep", "1000", nullptr, environment.data());
    ::_exit(1);
  }
  const auto found = [](const std::string& wanted) {
    return processes_of_jobs({.names = {wanted}}).size();
  };
  CHECK(wait_until([&] { return found(name) == 1; }));
  CHECK(found(own_name("a")) == 0);
  CHECK(found(name + "2") == 0);
  CHECK(found("inside") == 0);
  CHECK(found("") == 0);
  CHECK(end_processes_of_jobs({.names = {name}}, 10s).has_value());
  CHECK(test::wait_for(pid) == 128 + SIGKILL);
}

TEST_CASE("job processes: a process in the middle of its start is not missed", "[job_processes]") {
  const std::string name = own_name("b");
  const std::string variable = "HPO_JOB=" + name;
  const std::array<const char*, 2> environment{variable.c_str(), nullptr};
  for (int round = 0; round < 100; ++round) {
    const pid_t pid = start_sleep(environment.data());
    CHECK(processes_of_jobs({.names = {name}}).size() == 1);
    ::kill(pid, SIGKILL);
    test::wait_for(pid);
  }
}

TEST_CASE("job processes: no names, no processes", "[job_processes]") {
  CHECK(processes_of_jobs(JobTraces{}).empty());
  CHECK(end_processes_of_jobs(JobTraces{}, 0ms).has_value());
}
