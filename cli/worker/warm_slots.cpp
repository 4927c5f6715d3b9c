// See warm_slots.hpp.
#include "cli/worker/warm_slots.hpp"

#include <poll.h>
#include <signal.h>
#include <sys/prctl.h>
#include <sys/stat.h>
#include <sys/wait.h>

#include <algorithm>
#include <cerrno>
#include <cstdlib>
#include <optional>

#include "executors/runner/attempt.hpp"
#include "executors/runner/exec.hpp"
#include "executors/runner/files.hpp"
#include "executors/runner/process.hpp"
#include "executors/runner/supervise.hpp"

namespace hpo::cli::worker {
namespace {

constexpr int orders_fd = 3;
constexpr int notes_fd = 4;
constexpr int first_free_fd = 5;
constexpr int end_patience_ms = 5'000;
constexpr int end_interval_ms = 5;

// What a slot says; a pipe takes it whole. Both ends are one program.
struct Record {
  int pid = 0;
  int trial = 0;
  WarmSlots::Said said = WarmSlots::Said::begins;
};

bool write_whole(int fd, const void* bytes, std::size_t count) {
  ssize_t written = 0;
  do { written = ::write(fd, bytes, count); } while (written < 0 && errno == EINTR);
  return written == static_cast<ssize_t>(count);
}

// An order is "TRIAL DIRECTORY" and a zero. nullopt: there will be no more.
std::optional<std::string> next_order(std::string& received) {
  for (;;) {
    const std::size_t end = received.find('\0');
    if (end != std::string::npos) {
      std::string order = received.substr(0, end);
      received.erase(0, end + 1);
      return order;
    }
    char buffer[4096];
    const ssize_t count = ::read(orders_fd, buffer, sizeof buffer);
    if (count < 0 && errno == EINTR) continue;
    if (count <= 0) return std::nullopt;
    received.append(buffer, static_cast<std::size_t>(count));
  }
}

// Those that meant the trial before: the worker sends none between its end and the next begin.
void drop_signals() {
  sigset_t set;
  ::sigemptyset(&set);
  for (const int number : {SIGTERM, SIGINT, SIGHUP}) ::sigaddset(&set, number);
  const timespec at_once{};
  while (::sigtimedwait(&set, nullptr, &at_once) > 0) {}
}

Result<runner::SpawnRequest> command_of(const std::string& directory) {
  const auto attempt = runner::load_attempt(directory);
  if (!attempt) return attempt.error();
  return runner::warm_command(*attempt);
}

// The life of a slot. Returns when the worker has no more trials for it, or is gone.
int serve(int worker, const std::string& log) {
  std::optional<runner::WarmServer> server;
  std::string received;
  while (const auto order = next_order(received)) {
    const int trial = std::atoi(order->c_str());
    const std::string directory = order->substr(order->find(' ') + 1);
    drop_signals();
    if (::getppid() != worker) return 0;  // its death was the signal
    const auto say = [trial](WarmSlots::Said said) {
      const Record record{.pid = ::getpid(), .trial = trial, .said = said};
      return write_whole(notes_fd, &record, sizeof record);
    };
    if (!server) server.emplace(command_of(directory), log);
    if (!say(WarmSlots::Said::begins)) return 0;
    const auto slow = [&](const std::string& text) {
      say(text.empty() ? WarmSlots::Said::ready : WarmSlots::Said::waits);
    };
    if (exec_attempt(directory, *server, slow) != 0) return 1;
    if (!say(WarmSlots::Said::over)) return 0;
  }
  return 0;
}

[[noreturn]] void become_slot(int orders, int notes, int worker, const std::string& log) {
  ::setsid();
  ::prctl(PR_SET_PDEATHSIG, SIGTERM);
  if (::getppid() != worker) ::_exit(1);
  orders = ::fcntl(orders, F_DUPFD, first_free_fd);  // neither lies where the other one goes
  notes = ::fcntl(notes, F_DUPFD, first_free_fd);
  if (::dup3(orders, orders_fd, O_CLOEXEC) < 0 || ::dup3(notes, notes_fd, O_CLOEXEC) < 0) {
    ::_exit(1);
  }
  runner::close_from(first_free_fd);
  ::_exit(serve(worker, log));
}

Error cannot(const std::string& what, const std::string& where) {
  return Error{ErrorCode::unavailable, what + ": " + runner::errno_text(errno), where,
               "look at the limits of this machine: ulimit -u -n"};
}

void remove_if_empty(const std::string& path) {
  struct stat status{};
  if (::stat(path.c_str(), &status) == 0 && status.st_size == 0) ::unlink(path.c_str());
}

}  // namespace

WarmSlots::~WarmSlots() {
  for (auto& [number, slot] : slots_) slot.orders.reset();
  for (int waited_ms = 0; waited_ms < end_patience_ms; waited_ms += end_interval_ms) {
    bool is_one_left = false;
    for (auto& [number, slot] : slots_) {
      if (slot.pid != 0 && ::waitpid(slot.pid, nullptr, WNOHANG) != 0) slot.pid = 0;
      is_one_left = is_one_left || slot.pid != 0;
    }
    if (!is_one_left) break;
    ::poll(nullptr, 0, end_interval_ms);
  }
  for (const auto& [number, slot] : slots_) remove_if_empty(log_of(number));
}

Result<void> WarmSlots::start(int number, Slot& slot) {
  const std::string log = log_of(number);
  if (auto made = runner::make_directories(runner::parent_of(log)); !made) return made;
  if (!notes_.read && !notes_.open()) return cannot("no pipe can be made", log);
  ::fcntl(notes_.read.get(), F_SETFL, O_NONBLOCK);
  runner::Pipe orders;
  if (!orders.open()) return cannot("no pipe can be made", log);
  runner::boot_id();  // known before the fork, it is read once for all slots
  const int worker = ::getpid();
  const pid_t pid = ::fork();
  if (pid == 0) become_slot(orders.read.get(), notes_.write.get(), worker, log);
  if (pid < 0) return cannot("no process can be forked", log);
  slot.pid = pid;
  slot.orders = std::move(orders.write);
  return {};
}

Result<int> WarmSlots::launch(int number, const std::string& directory) {
  Slot& slot = slots_[number];
  slot.trial = ++trials_;
  const std::string order = std::to_string(slot.trial) + " " + directory + '\0';
  const bool is_handed = slot.pid != 0 &&
                         write_whole(slot.orders.get(), order.data(), order.size());
  if (is_handed) return slot.pid;
  if (auto started = start(number, slot); !started) return started.error();
  if (write_whole(slot.orders.get(), order.data(), order.size())) return slot.pid;
  return cannot("the slot's process took no trial", log_of(number));
}

std::vector<WarmSlots::Note> WarmSlots::take_notes() {
  std::vector<Note> notes;
  Record record;
  while (::read(fd(), &record, sizeof record) == static_cast<ssize_t>(sizeof record)) {
    const bool is_known = std::ranges::any_of(slots_, [&](const auto& each) {
      return each.second.pid == record.pid && each.second.trial == record.trial;
    });
    if (is_known) notes.push_back({.pid = record.pid, .said = record.said});
  }
  return notes;
}

void WarmSlots::forget(int pid) {
  for (auto& [number, slot] : slots_) {
    if (slot.pid == pid) slot.pid = 0;
  }
}

bool WarmSlots::has(int pid) const {
  return std::ranges::any_of(slots_, [&](const auto& each) { return each.second.pid == pid; });
}

}  // namespace hpo::cli::worker
