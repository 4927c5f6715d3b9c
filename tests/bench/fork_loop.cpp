// The peer of starting trials: fork and execve, S at a time, and nothing else.
//
//   fork_loop SLOTS FILE
// FILE holds a command a line, words parted by tabs; each is carried out once, in order, with its
// output thrown away. Prints commands per second, how busy the slots were until the first had
// nothing to do, the CPU time of everything by wait4, and the wall time of a command.
#include <fcntl.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cstdlib>
#include <fstream>
#include <iostream>
#include <map>
#include <string>

#include "tests/bench/stopwatch.hpp"

namespace {

using namespace hpo::bench;

[[noreturn]] void give_up(const std::string& what) {
  std::cerr << "fork_loop: " << what << '\n';
  std::exit(1);
}

using Words = std::vector<std::string>;

std::vector<Words> read_commands(const char* path) {
  std::vector<Words> commands;
  std::ifstream file(path);
  for (std::string line; std::getline(file, line);) {
    Words& words = commands.emplace_back();
    std::size_t from = 0;
    for (std::size_t tab = 0; tab != std::string::npos; from = tab + 1) {
      tab = line.find('\t', from);
      words.push_back(line.substr(from, tab == std::string::npos ? tab : tab - from));
    }
  }
  if (commands.empty()) give_up(std::string("no commands in ") + path);
  return commands;
}

struct Job {
  Clock::time_point start{};
  Clock::time_point end{};
};

class Loop {
 public:
  explicit Loop(std::vector<Words> commands) : commands_(std::move(commands)) {}

  void work(std::size_t slots) {
    const auto start = Clock::now();
    while (open_.size() < slots && next_ < commands_.size()) fork_next();
    while (!open_.empty()) {
      reap();
      if (next_ < commands_.size()) fork_next();
    }
    print(slots, seconds_since(start));
  }

 private:
  void fork_next() {
    std::vector<char*> argv;
    for (std::string& word : commands_[next_]) argv.push_back(word.data());
    argv.push_back(nullptr);
    jobs_.push_back({.start = Clock::now()});
    const pid_t pid = ::fork();
    if (pid < 0) give_up("fork");
    if (pid == 0) {
      const int null = ::open("/dev/null", O_RDWR);
      for (int fd = 0; fd < 3; ++fd) ::dup2(null, fd);
      ::execv(argv[0], argv.data());
      ::_exit(127);
    }
    open_[pid] = next_++;
  }

  void reap() {
    int status = 0;
    rusage usage{};
    const pid_t pid = ::wait4(-1, &status, 0, &usage);
    if (pid < 0) give_up("wait4");
    if (!WIFEXITED(status) || WEXITSTATUS(status) != 0) give_up("a command failed");
    jobs_[open_.at(pid)].end = Clock::now();
    open_.erase(pid);
    cpu_s_ += seconds_of(usage);
  }

  static double seconds_of(const rusage& usage) {
    const auto seconds = [](const timeval& t) {
      return static_cast<double>(t.tv_sec) + 1e-6 * static_cast<double>(t.tv_usec);
    };
    return seconds(usage.ru_utime) + seconds(usage.ru_stime);
  }

  // Until the first slot falls free for good: the first end after the last start.
  double busy(std::size_t slots) const {
    Clock::time_point free = Clock::time_point::max();
    for (const Job& job : jobs_) {
      if (job.end >= jobs_.back().start) free = std::min(free, job.end);
    }
    double worked_s = 0.0;
    for (const Job& job : jobs_) {
      worked_s += std::chrono::duration<double>(std::min(job.end, free) - job.start).count();
    }
    const std::chrono::duration<double> all = free - jobs_.front().start;
    return worked_s / (static_cast<double>(slots) * all.count());
  }

  void print(std::size_t slots, double elapsed_s) const {
    rusage self{};
    ::getrusage(RUSAGE_SELF, &self);
    std::vector<double> milliseconds;
    for (const Job& job : jobs_) {
      const std::chrono::duration<double, std::milli> took = job.end - job.start;
      milliseconds.push_back(took.count());
    }
    const auto count = static_cast<double>(jobs_.size());
    std::printf("{\"busy\":%.5f,\"cpu_ms\":%.4f,\"count\":%zu,\"rate\":%.2f,\"p50_ms\":%.4f,"
                "\"p99_ms\":%.4f}\n",
                busy(slots), 1000.0 * (cpu_s_ + seconds_of(self)) / count, jobs_.size(),
                count / elapsed_s, percentile(milliseconds, 0.5), percentile(milliseconds, 0.99));
  }

  std::vector<Words> commands_;
  std::vector<Job> jobs_{};
  std::map<pid_t, std::size_t> open_{};
  std::size_t next_ = 0;
  double cpu_s_ = 0.0;
};

}  // namespace

int main(int argc, char** argv) {
  if (argc != 3) give_up("SLOTS FILE");
  Loop(read_commands(argv[2])).work(std::strtoul(argv[1], nullptr, 10));
}
