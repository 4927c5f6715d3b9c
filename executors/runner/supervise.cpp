// See supervise.hpp.
#include "executors/runner/supervise.hpp"

#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <sys/signalfd.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>

#include "executors/runner/files.hpp"
#include "executors/runner/process.hpp"

namespace hpo::runner {
namespace {

using Clock = std::chrono::steady_clock;
using namespace std::chrono_literals;

constexpr auto kill_patience = 10s;   // after SIGKILL; longer means that it hangs in the kernel
constexpr auto sweep_interval = 5ms;  // between two looks at what is left
constexpr std::size_t read_bytes = 64 * 1024;
constexpr int poll_ms_max = 60'000;
constexpr auto hearing = 200ms;       // between signals to processes of one job
constexpr auto look_interval = 10s;   // at a file, on a file system that many share

class Supervisor {
 public:
  Supervisor(Spawned training, const Fd& signals, const SupervisePlan& plan, Capture& output,
             Capture& error, ResultLine& line);
  Ended watch();

 private:
  bool is_over() const;
  void wait();
  void pump(Fd& pipe, Capture& capture, ResultLine* line);
  void take_signals();
  void hear_the_batch_system();
  void reap();
  void check_deadline();
  void look_for_successor();
  void stop(StopCause cause);
  void kill_all();
  void sweep();
  void ask_to_end();
  void signal_tree(int signal);
  bool has_only_spared() const;
  std::vector<Process> tree() const;

  Spawned training_{};
  const Fd& signals_;
  const SupervisePlan& plan_;
  Capture& output_;
  Capture& error_;
  ResultLine& line_;
  Ended ended_{};
  std::vector<int> spared_{};  // that live
  bool is_main_gone_ = false;
  bool is_alone_ = false;  // no child is left, zombies included
  bool is_killing_ = false;
  std::optional<Clock::time_point> deadline_{};
  Clock::time_point next_look_ = Clock::now() + look_interval;
};

Supervisor::Supervisor(Spawned training, const Fd& signals, const SupervisePlan& plan,
                       Capture& output, Capture& error, ResultLine& line)
    : training_(std::move(training)), signals_(signals), plan_(plan), output_(output),
      error_(error), line_(line), spared_(plan.spared) {
  if (plan.time_limit) deadline_ = Clock::now() + *plan.time_limit;
  for (const Fd* pipe : {&training_.standard_output, &training_.standard_error}) {
    ::fcntl(pipe->get(), F_SETFL, O_NONBLOCK);
  }
}

Ended Supervisor::watch() {
  reap();
  while (!is_over()) {
    wait();
    take_signals();
    reap();
    check_deadline();
    look_for_successor();
  }
  const int signal = signal_told(ended_);
  const bool was_taken = signal == SIGTERM || signal == SIGKILL;
  if (was_taken && ended_.stop == StopCause::none) hear_the_batch_system();
  if (!is_alone_) sweep();
  pump(training_.standard_output, output_, &line_);
  pump(training_.standard_error, error_, nullptr);
  output_.finish();
  error_.finish();
  line_.finish();
  return ended_;
}

bool Supervisor::is_over() const {
  if (ended_.is_stuck) return true;
  const bool waits_for_all = ended_.stop != StopCause::none && !is_killing_;
  return is_main_gone_ && (is_alone_ || !waits_for_all);
}

void Supervisor::wait() {
  const Clock::time_point next = std::min(deadline_.value_or(next_look_), next_look_);
  const auto left = std::chrono::ceil<std::chrono::milliseconds>(next - Clock::now());
  const auto timeout_ms = static_cast<int>(std::clamp<std::int64_t>(left.count(), 0, poll_ms_max));
  const auto watched = [](const Fd& fd) {  // a closed pipe has fd -1, which poll leaves out
    return pollfd{.fd = fd.get(), .events = POLLIN, .revents = 0};
  };
  std::array fds{watched(signals_), watched(training_.standard_output),
                 watched(training_.standard_error)};
  if (::poll(fds.data(), fds.size(), timeout_ms) <= 0) return;
  if (fds[1].revents != 0) pump(training_.standard_output, output_, &line_);
  if (fds[2].revents != 0) pump(training_.standard_error, error_, nullptr);
}

// Bounded by what a pipe holds, roughly: a training that never stops printing must not keep us
// from its signals.
void Supervisor::pump(Fd& pipe, Capture& capture, ResultLine* line) {
  static std::array<char, read_bytes> buffer;
  for (std::size_t taken = 0; pipe && taken < 16 * read_bytes;) {
    const ssize_t count = ::read(pipe.get(), buffer.data(), buffer.size());
    if (count < 0 && errno == EINTR) continue;
    if (count < 0 && errno == EAGAIN) return;
    if (count <= 0) return pipe.reset();
    const std::string_view text(buffer.data(), static_cast<std::size_t>(count));
    capture.write(text);
    if (line != nullptr) line->feed(text);
    taken += text.size();
  }
}

void Supervisor::take_signals() {
  signalfd_siginfo info{};
  while (::read(signals_.get(), &info, sizeof info) == sizeof info) {
    if (info.ssi_signo != SIGCHLD) stop(StopCause::cancelled);
  }
}

// Where a job is taken away, all its processes are told or killed at once, and the training may be
// gone before we are: then it did not end of its own accord, and who was killed says nothing of it.
void Supervisor::hear_the_batch_system() {
  const auto until = Clock::now() + hearing;
  while (ended_.stop == StopCause::none && Clock::now() < until) {
    pollfd waited{.fd = signals_.get(), .events = POLLIN, .revents = 0};
    const auto left = std::chrono::ceil<std::chrono::milliseconds>(until - Clock::now());
    if (::poll(&waited, 1, static_cast<int>(left.count())) <= 0) return;
    signalfd_siginfo info{};
    while (::read(signals_.get(), &info, sizeof info) == sizeof info) {
      if (info.ssi_signo != SIGCHLD) ended_.stop = StopCause::cancelled;
    }
  }
}

void Supervisor::reap() {
  int status = 0;
  for (;;) {
    const pid_t pid = ::waitpid(-1, &status, WNOHANG);
    if (pid < 0 && errno == ECHILD) is_alone_ = true;
    if (pid == 0 && !spared_.empty() && is_main_gone_) is_alone_ = has_only_spared();
    if (pid <= 0) return;
    std::erase(spared_, pid);
    if (pid != training_.pid) continue;
    is_main_gone_ = true;
    if (WIFEXITED(status)) ended_.exit_code = WEXITSTATUS(status);
    if (WIFSIGNALED(status)) ended_.signal = WTERMSIG(status);
  }
}

// Then nothing of the training's is left: what is below the spared is not. tree() looks at each
// process of the machine, which takes milliseconds where there are many.
bool Supervisor::has_only_spared() const {
  const auto children = own_children();
  if (!children) return tree().empty();
  return std::ranges::all_of(*children, [this](int pid) {
    return std::ranges::count(spared_, pid) != 0;
  });
}

void Supervisor::check_deadline() {
  if (!deadline_ || is_over() || Clock::now() < *deadline_) return;
  if (is_killing_) {
    ended_.is_stuck = true;
  } else if (ended_.stop == StopCause::none) {
    stop(StopCause::time_limit);
  } else {
    kill_all();
  }
}

// The scheduler may have given up a node that lives on: nobody but this file tells us then.
void Supervisor::look_for_successor() {
  if (Clock::now() < next_look_) return;
  next_look_ = Clock::now() + look_interval;
  if (::access(plan_.superseded_file.c_str(), F_OK) == 0) stop(StopCause::superseded);
}

const char* words_of(StopCause cause) {
  if (cause == StopCause::superseded) return "superseded\n";
  return cause == StopCause::cancelled ? "cancelled\n" : "time limit\n";
}

void Supervisor::stop(StopCause cause) {
  if (is_main_gone_ || ended_.stop != StopCause::none) return;
  ended_.stop = cause;
  deadline_ = Clock::now() + plan_.grace;
  // The training may poll this file; that it cannot be written does not keep us from SIGTERM.
  const bool told = write_file(plan_.stop_file, words_of(cause)).has_value();
  if (!told) error_.write("hpo: the stop file could not be written\n");
  ask_to_end();
}

void Supervisor::ask_to_end() {
  const std::vector<Process> told = tree();
  const auto is_spared = [this](const Process& process) {
    return is_launcher(plan_.ranks, process.pid);
  };
  if (std::ranges::none_of(told, is_spared) || !tell_ranks(plan_.ranks)) {
    return signal_tree(SIGTERM);
  }
  for (const Process& process : told) {
    if (is_spared(process)) continue;
    send_signal(process.pid, process.start, SIGTERM);
    send_signal(process.pid, process.start, SIGCONT);
  }
}

void Supervisor::kill_all() {
  is_killing_ = true;
  ended_.was_killed = !is_main_gone_;
  deadline_ = Clock::now() + kill_patience;
  signal_tree(SIGKILL);
}

void Supervisor::sweep() {
  is_killing_ = true;
  const auto deadline = Clock::now() + kill_patience;
  ended_.leftovers = static_cast<int>(tree().size());
  while (!is_alone_ && !ended_.is_stuck) {
    signal_tree(SIGKILL);
    deadline_ = Clock::now() + sweep_interval;
    wait();
    take_signals();
    reap();
    ended_.is_stuck = Clock::now() > deadline;
  }
}

// The group first, in one call; then whatever left it. SIGCONT: a stopped process would not hear.
void Supervisor::signal_tree(int signal) {
  if (!is_main_gone_) {
    ::kill(-training_.pid, signal);
    ::kill(-training_.pid, SIGCONT);
  }
  for (const Process& process : tree()) {
    const bool was_told = !is_main_gone_ && ::getpgid(process.pid) == training_.pid;
    if (!was_told) send_signal(process.pid, process.start, signal);
  }
}

// What is the training's of all below us: a trial of a warm script is our own child, and the
// server is one of the trial's until that ends.
std::vector<Process> Supervisor::tree() const {
  return descendants(all_processes(), ::getpid(), spared_);
}

}  // namespace

int signal_told(const Ended& ended) {
  constexpr int exit_shell_signal = 128;  // a shell tells its child's signal as 128 + number
  if (ended.signal) return *ended.signal;
  return std::max(ended.exit_code.value_or(0) - exit_shell_signal, 0);
}

Result<Fd> take_over_signals() {
  sigset_t set;
  ::sigemptyset(&set);
  for (const int number : {SIGTERM, SIGINT, SIGHUP, SIGCHLD}) {
    ::signal(number, SIG_DFL);  // an ignored one would never arrive
    ::sigaddset(&set, number);
  }
  ::sigprocmask(SIG_BLOCK, &set, nullptr);
  Fd signals(::signalfd(-1, &set, SFD_CLOEXEC | SFD_NONBLOCK));
  if (!signals) return file_error("cannot listen to signals", "signalfd", errno);
  return signals;
}

Ended supervise(Spawned training, const Fd& signals, const SupervisePlan& plan, Capture& output,
                Capture& error, ResultLine& line) {
  return Supervisor(std::move(training), signals, plan, output, error, line).watch();
}

}  // namespace hpo::runner
