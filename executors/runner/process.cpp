// See process.hpp.
#include "executors/runner/process.hpp"

#include <dirent.h>
#include <signal.h>
#include <unistd.h>

#include <algorithm>
#include <charconv>
#include <cstdlib>
#include <memory>
#include <set>

#include "executors/runner/fd.hpp"
#include "executors/runner/files.hpp"

namespace hpo::runner {
namespace {

constexpr std::size_t proc_bytes_max = 64 * 1024;
constexpr int start_field = 22;  // of /proc/PID/stat, counted from 1, see proc(5)

template <class T>
bool parse_number(std::string_view text, T& out) {
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), out);
  return error == std::errc() && end == text.data() + text.size();
}

std::string_view next_word(std::string_view& text) {
  const std::size_t end = text.find(' ');
  const std::string_view word = text.substr(0, end);
  text.remove_prefix(end == std::string_view::npos ? text.size() : end + 1);
  return word;
}

// The program's name, in parentheses, may hold anything: fields are counted after the last one.
std::optional<Process> parse_stat(int pid, std::string_view text) {
  const std::size_t name_end = text.rfind(')');
  if (name_end == std::string_view::npos || name_end + 2 >= text.size()) return std::nullopt;
  text.remove_prefix(name_end + 2);
  Process process{.pid = pid, .parent = 0, .state = next_word(text).front(), .start = 0,
                  .session = 0};
  if (!parse_number(next_word(text), process.parent)) return std::nullopt;
  next_word(text);  // its process group
  if (!parse_number(next_word(text), process.session)) return std::nullopt;
  for (int field = 7; field < start_field; ++field) next_word(text);
  if (!parse_number(next_word(text), process.start)) return std::nullopt;
  return process;
}

std::string trimmed(std::string text) {
  while (!text.empty() && text.back() == '\n') text.pop_back();
  return text;
}

// The numbers are the same on all architectures; older headers lack the names.
constexpr long pidfd_send_signal_call = 424;
constexpr long pidfd_open_call = 434;

int pidfd_send(int fd, int signal) {
  return static_cast<int>(::syscall(pidfd_send_signal_call, fd, signal, nullptr, 0));
}

int pidfd_of(int pid) { return static_cast<int>(::syscall(pidfd_open_call, pid, 0)); }

}  // namespace

std::string to_text(const ProcessId& id) {
  return std::to_string(id.pid) + ":" + std::to_string(id.start) + ":" + id.boot_id;
}

std::optional<ProcessId> process_id_from(std::string_view text) {
  const std::size_t first = text.find(':');
  const std::size_t second = text.find(':', first == std::string_view::npos ? first : first + 1);
  if (second == std::string_view::npos) return std::nullopt;
  ProcessId id;
  if (!parse_number(text.substr(0, first), id.pid)) return std::nullopt;
  if (!parse_number(text.substr(first + 1, second - first - 1), id.start)) return std::nullopt;
  id.boot_id = text.substr(second + 1);
  return id.pid > 0 ? std::optional(id) : std::nullopt;
}

// Kept once it is known: it is asked for at every look at a job, and lasts longer than we do.
std::string boot_id() {
  thread_local std::string known;
  if (known.empty()) {
    if (auto text = read_file("/proc/sys/kernel/random/boot_id", proc_bytes_max); text) {
      known = trimmed(*std::move(text));
    }
  }
  return known.empty() ? "unknown" : known;
}

std::string host_name() {
  char name[256] = {};
  return ::gethostname(name, sizeof name - 1) == 0 ? std::string(name) : std::string("unknown");
}

ProcessId own_process_id() {
  const auto self = find_process(::getpid());
  return {.pid = ::getpid(), .start = self ? self->start : 0, .boot_id = boot_id()};
}

std::optional<Process> find_process(int pid) {
  const auto text = read_file("/proc/" + std::to_string(pid) + "/stat", proc_bytes_max);
  return text ? parse_stat(pid, *text) : std::nullopt;
}

std::vector<Process> all_processes() {
  std::vector<Process> all;
  const std::unique_ptr<DIR, int (*)(DIR*)> proc(::opendir("/proc"), ::closedir);
  if (!proc) return all;
  while (const dirent* entry = ::readdir(proc.get())) {
    int pid = 0;
    if (!parse_number(std::string_view(entry->d_name), pid)) continue;
    if (const auto process = find_process(pid)) all.push_back(*process);
  }
  return all;
}

// The kernel's list may lack a process only where another one was taken out of it meanwhile, which
// nobody but this thread does here, by waitpid.
std::optional<std::vector<int>> own_children() {
  auto text = read_file("/proc/thread-self/children", proc_bytes_max);
  if (!text) return std::nullopt;
  std::vector<int> children;
  std::string_view left = *text;
  for (int pid = 0; parse_number(next_word(left), pid);) children.push_back(pid);
  return children;
}

bool is_alive(const ProcessId& id) {
  const auto process = find_process(id.pid);
  return process && process->is_alive() && process->start == id.start && id.boot_id == boot_id();
}

bool send_signal(int pid, std::uint64_t start, int signal) {
  const Fd handle(pidfd_of(pid));  // holds the pid; old kernels: a tiny race is left
  const auto process = find_process(pid);
  if (!process || !process->is_alive() || process->start != start) return false;
  return (handle ? pidfd_send(handle.get(), signal) : ::kill(pid, signal)) == 0;
}

std::vector<Process> descendants(const std::vector<Process>& all, int root,
                                 const std::vector<int>& spared) {
  std::set<int> tree{root};
  std::vector<Process> found;
  for (bool grew = true; grew;) {
    grew = false;
    for (const Process& process : all) {
      if (!tree.contains(process.parent) || std::ranges::count(spared, process.pid) != 0) continue;
      if (!tree.insert(process.pid).second) continue;
      found.push_back(process);
      grew = true;
    }
  }
  return found;
}

}  // namespace hpo::runner
