// What the tests of executors share: a fresh directory, an attempt in it, the runner as a process.
#pragma once

#include <sys/types.h>

#include <chrono>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "executors/executor.hpp"
#include "schema/attempt_spec.hpp"
#include "schema/outcome.hpp"
#include "tests/fresh_directory.hpp"

namespace hpo::test {

std::string read(const std::string& path);  // "" if there is no such file
void write(const std::string& path, const std::string& text);
bool exists(const std::string& path);
std::int64_t size_of(const std::string& path);

// True as soon as the condition is; false after 20 s.
bool wait_until(const std::function<bool()>& condition);

// The only place where tests name a shell: as the user's own program.
std::vector<std::string> shell(const std::string& script);

// The program of exec_main.cpp.
std::string runner_program();

// One attempt below a fresh state directory, as the daemon would lay it out.
class Scene {
 public:
  explicit Scene(std::vector<std::string> command);
  ~Scene();
  Scene(const Scene&) = delete;
  Scene& operator=(const Scene&) = delete;

  AttemptSpec spec{};
  Job job{};
  std::string workdir() const { return root_.path() + "/training"; }
  std::string directory() const { return job.directory; }
  std::string ended() const { return root_.path() + "/ended"; }
  std::string file(const std::string& name) const { return job.directory + "/" + name; }

  void prepare() const;   // writes attempt.json and params.json
  Outcome carry_out();    // prepare, start, wait, read exit.json
  // Starts the runner and does not wait. The caller waits for, or ends, the process.
  pid_t start(const std::vector<std::string>& arguments = {}) const;
  Outcome outcome() const;  // of exit.json, which must be there

 private:
  FreshDirectory root_{};
};

int wait_for(pid_t pid);  // its exit code; 128 + signal
bool is_gone(int pid);    // or a zombie
int number_in(const std::string& path);  // waits for its line

ExecutorConfig config_of(const std::string& ended_directory, std::function<std::int64_t()> clock);
// One of the registry, by its name.
std::unique_ptr<Executor> make(const std::string& name, std::function<std::int64_t()> clock);

}  // namespace hpo::test
