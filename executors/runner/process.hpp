// Processes by identity: a pid alone may already belong to somebody else.
//
// pid + start time + boot id is unique for ever on one machine. Linux only (/proc). Any thread.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace hpo::runner {

struct Process {
  int pid = 0;
  int parent = 0;
  char state = 'R';        // as in /proc/PID/stat; Z and X are dead
  std::uint64_t start = 0; // clock ticks since the boot
  int session = 0;         // the pid of its leader, which may be gone
  bool is_alive() const { return pid > 0 && state != 'Z' && state != 'X'; }
};

// What a job is known by on this machine: "4711:161464:0f3c…".
struct ProcessId {
  int pid = 0;
  std::uint64_t start = 0;
  std::string boot_id{};
  friend bool operator==(const ProcessId&, const ProcessId&) = default;
};

std::string to_text(const ProcessId& id);
std::optional<ProcessId> process_id_from(std::string_view text);

std::string boot_id();
std::string host_name();
ProcessId own_process_id();

// nullopt: there is no such process.
std::optional<Process> find_process(int pid);
std::vector<Process> all_processes();

// Those of the calling thread, dead ones too until they are waited for; none is missed. nullopt:
// this kernel does not tell.
std::optional<std::vector<int>> own_children();

// True if this very process runs, on this boot of the machine; a zombie does not.
bool is_alive(const ProcessId& id);

// Signals this very process, never another one that has its pid by now. False: it is gone.
bool send_signal(int pid, std::uint64_t start, int signal);

// Everything below `root` in the tree, not `root` itself, nor `spared` and what is below these.
std::vector<Process> descendants(const std::vector<Process>& all, int root,
                                 const std::vector<int>& spared = {});

}  // namespace hpo::runner
