// See support.hpp.
#include "tests/executors/support.hpp"

#include <spawn.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include <catch2/catch.hpp>
#include <filesystem>
#include <fstream>
#include <sstream>
#include <thread>

#include "executors/attempt_directory.hpp"
#include "executors/job_processes.hpp"
#include "executors/runner/exit_file.hpp"
#include "executors/runner/process.hpp"

extern char** environ;

namespace hpo::test {

std::string read(const std::string& path) {
  std::ifstream file(path, std::ios::binary);
  std::ostringstream text;
  text << file.rdbuf();
  return text.str();
}

void write(const std::string& path, const std::string& text) {
  std::ofstream file(path, std::ios::binary);
  file << text;
  REQUIRE(file.good());
}

bool exists(const std::string& path) {
  struct stat found{};
  return ::lstat(path.c_str(), &found) == 0;
}

std::int64_t size_of(const std::string& path) {
  struct stat found{};
  return ::stat(path.c_str(), &found) == 0 ? found.st_size : -1;
}

bool wait_until(const std::function<bool()>& condition) {
  const auto deadline = std::chrono::steady_clock::now() + std::chrono::seconds(20);
  while (!condition()) {
    if (std::chrono::steady_clock::now() > deadline) return false;
    std::this_thread::yield();
  }
  return true;
}

std::vector<std::string> shell(const std::string& script) { return {"/bin/sh", "-c", script}; }

std::string runner_program() { return HPO_EXEC_PROGRAM; }

namespace {

std::string digits(int number, std::size_t width) {
  const std::string text = std::to_string(number);
  return std::string(width - std::min(width, text.size()), '0') + text;
}

}  // namespace

Scene::Scene(std::vector<std::string> command) {
  static int scenes = 0;
  job.name = "hpot" + digits(::getpid(), 7) + digits(++scenes, 4);  // 15 letters, as all names
  job.identity = spec.identity = "identity of " + job.name;
  job.directory = root_.path() + "/studies/jets/trials/3/1";
  REQUIRE(std::filesystem::create_directories(workdir()));
  REQUIRE(std::filesystem::create_directories(ended()));
  spec.study = "jets";
  spec.trial = 3;
  spec.attempt = 1;
  spec.job = job.name;
  spec.metric = "auc";
  spec.command = std::move(command);
  spec.workdir = workdir();
  spec.environment = {{"PATH", "/usr/local/bin:/usr/bin:/bin"}};
  spec.params = R"({"lr": 0.001, "width": 64, "bias": true, "act": "relu"})";
  spec.seed = 42;
  spec.ended_directory = ended();
}

// A test that failed half-way must not leave processes on the machine.
Scene::~Scene() {
  const auto ended = end_processes_of_jobs({.names = {job.name}}, std::chrono::seconds(10));
  if (!ended) WARN(ended.error().what);
}

void Scene::prepare() const {
  const auto written = write_attempt_directory(job, spec);
  REQUIRE(written.has_value());
}

pid_t Scene::start(const std::vector<std::string>& arguments) const {
  std::vector<std::string> words{HPO_EXEC_PROGRAM, "exec", job.directory};
  words.insert(words.end(), arguments.begin(), arguments.end());
  std::vector<char*> argv;
  for (std::string& word : words) argv.push_back(word.data());
  argv.push_back(nullptr);
  pid_t pid = 0;
  REQUIRE(::posix_spawn(&pid, HPO_EXEC_PROGRAM, nullptr, nullptr, argv.data(), environ) == 0);
  return pid;
}

Outcome Scene::carry_out() {
  prepare();
  REQUIRE(wait_for(start()) == 0);
  return outcome();
}

Outcome Scene::outcome() const {
  const auto outcome = read_exit(job.directory, job.name, job.identity);
  if (!outcome) FAIL(outcome.error().what);
  REQUIRE(outcome->has_value());
  return **outcome;
}

int wait_for(pid_t pid) {
  int status = 0;
  REQUIRE(::waitpid(pid, &status, 0) == pid);
  return WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
}

bool is_gone(int pid) {
  const auto process = runner::find_process(pid);
  return !process || !process->is_alive();
}

int number_in(const std::string& path) {
  REQUIRE(wait_until([&] { return read(path).ends_with('\n'); }));
  return std::stoi(read(path));
}

ExecutorConfig config_of(const std::string& ended_directory,
                         std::function<std::int64_t()> clock) {
  return {.hpo_program = HPO_EXEC_PROGRAM, .ended_directory = ended_directory,
          .monotonic_ns = std::move(clock)};
}

std::unique_ptr<Executor> make(const std::string& name, std::function<std::int64_t()> clock) {
  for (const ExecutorEntry& entry : executors()) {
    if (entry.name == name) return *entry.make(config_of("/tmp", std::move(clock)));
  }
  FAIL("no executor " << name);
  return nullptr;
}

}  // namespace hpo::test
