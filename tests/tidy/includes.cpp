// The include table of the house, and a walk over the include graph.
#include "tests/tidy/includes.hpp"

#include <algorithm>
#include <map>
#include <set>

namespace hpo::tidy {
namespace {

// The longest matching folder decides. A folder may always include itself.
struct Room {
  std::string_view folder{};
  std::vector<std::string_view> may_include{};  // folders with a slash, or single headers
};

const std::vector<Room>& rooms() {
  static const std::vector<Room> table{
      {"schema/", {}},
      {"strategies/", {"schema/"}},
      {"executors/", {"schema/"}},
      {"executors/runner/", {"schema/"}},
      // Batch systems of all kinds share it, so it knows none.
      {"executors/batch/", {"schema/", "executors/runner/", "executors/executor.hpp",
                            "executors/attempt_directory.hpp", "executors/stale_attempt.hpp"}},
      {"executors/slurm/", {"schema/", "executors/runner/", "executors/executor.hpp",
                            "executors/batch/"}},
      {"daemon/engine/", {"schema/"}},
      {"daemon/store/", {"schema/", "daemon/engine/"}},
      {"daemon/loop/", {"schema/", "strategies/", "executors/", "daemon/engine/", "daemon/store/"}},
      {"daemon/http/", {"schema/", "daemon/store/reader.hpp", "daemon/loop/commands.hpp",
                        "daemon/loop/sha256.hpp"}},
      {"daemon/spool/", {"schema/", "executors/runner/"}},
      {"daemon/replay/", {"schema/", "strategies/"}},
      {"daemon/conformance/", {"schema/", "strategies/"}},
      {"daemon/external/", {"schema/", "strategies/", "executors/runner/"}},
      {"daemon/", {"schema/", "strategies/", "executors/"}},
      // What a login node is asked by hand: pure parts, and how a command is run.
      {"cli/", {"schema/", "executors/runner/", "executors/batch/command.hpp",
                "executors/batch/job_files.hpp", "executors/slurm/arguments.hpp",
                "executors/slurm/site.hpp", "executors/slurm/site_check.hpp",
                "executors/slurm/submission.hpp", "executors/slurm/queue.hpp",
                "executors/slurm/reasons.hpp", "executors/slurm/states.hpp",
                "executors/slurm/job_end.hpp", "executors/slurm/times.hpp",
                "executors/job_mark.hpp", "cli/worker/"}},
      // It carries out attempts as executors do: their directories, and what is left of dead ones.
      {"cli/worker/", {"schema/", "executors/runner/", "executors/executor.hpp",
                       "executors/attempt_directory.hpp", "executors/stale_attempt.hpp",
                       "executors/job_processes.hpp", "cli/"}},
      {"tests/", {"schema/", "strategies/", "executors/", "daemon/", "cli/"}},
      {"examples/", {}}};
  return table;
}

struct Library {
  std::string_view prefix{};
  std::vector<std::string_view> places{};
  std::string_view instead{};
};

// Daemon's own files are main and its neighbours: "daemon/" would allow all of its rooms.
const std::vector<Library>& libraries() {
  static const std::vector<Library> table{
      {"nlohmann/", {"schema/json/parse.cpp"}, "read JSON with schema/json/node.hpp"},
      {"sqlite3.h", {"daemon/store/", "tests/"}, "ask daemon/store/reader.hpp or store.hpp"},
      {"boost/beast", {"daemon/http/", "cli/", "tests/"}, "keep HTTP in daemon/http and cli"},
      {"boost/", {"daemon/loop/", "daemon/http/", "daemon/spool/", "cli/", "daemon/*", "tests/"},
       "keep Asio in the loop, http, spool and cli"},
      {"spdlog/", {"daemon/loop/", "daemon/http/", "daemon/*", "tests/"},
       "hand the error up; it is logged once, at the edge"},
      {"Eigen/", {"strategies/", "tests/"}, "use std::vector outside strategies/"},
      {"CLI/", {"cli/", "daemon/*"}, "read options in cli or daemon/main.cpp"},
      {"openssl/", {"daemon/loop/", "daemon/http/", "daemon/*", "executors/", "cli/tls.cpp",
                    "tests/"},
       "hash where the daemon or the executor needs it; hpo speaks TLS in cli/tls.cpp"},
      {"curl/", {"executors/"}, "talk to remote services in executors/"},
      {"catch2/", {"tests/"}, "tests live in tests/"}};
  return table;
}

struct Include {
  std::string name{};
  bool is_ours = false;  // in quotes
  int line = 0;
};

std::vector<Include> includes_of(const Source& source) {
  std::vector<Include> includes;
  int number = 0;
  for (std::string_view line : lines_of(source.text)) {
    ++number;
    if (!line.starts_with("#include ")) continue;
    const std::size_t open = line.find_first_of("<\"");
    if (open == std::string_view::npos) continue;
    const std::size_t close = line.find_first_of(">\"", open + 1);
    includes.push_back({.name = std::string(line.substr(open + 1, close - open - 1)),
                        .is_ours = line[open] == '"', .line = number});
  }
  return includes;
}

const Room* room_of(std::string_view path) {
  const Room* best = nullptr;
  for (const Room& room : rooms()) {
    const bool is_longer = best == nullptr || room.folder.size() > best->folder.size();
    if (is_below(path, room.folder) && is_longer) best = &room;
  }
  return best;
}

bool is_allowed(const Room& room, std::string_view header) {
  const Room* target = room_of(header);
  if (target == &room) return true;
  const bool is_main = room.folder == "daemon/";  // main wires all rooms of the daemon
  if (is_main && is_below(header, "daemon/")) return true;
  if (room.folder == "executors/" && is_below(header, "executors/")) return true;
  return is_listed(header, room.may_include);
}

bool is_at_home(std::string_view path, const Library& library) {
  const bool is_of_daemon = is_below(path, "daemon") && path.find('/', 7) == std::string::npos;
  const auto& places = library.places;
  const bool may_main = std::find(places.begin(), places.end(), "daemon/*") != places.end();
  return (is_of_daemon && may_main) || is_listed(path, places);
}

const Library* library_of(std::string_view header) {
  for (const Library& library : libraries()) {
    if (header.starts_with(library.prefix)) return &library;
  }
  return nullptr;
}

// The includes of all sources by path.
using Graph = std::map<std::string, std::vector<Include>, std::less<>>;

Graph graph_of(const std::vector<Source>& sources) {
  Graph graph;
  for (const Source& source : sources) graph[source.path] = includes_of(source);
  return graph;
}

// Depth first from one file: what libraries it reaches, and through which header.
class LibraryWalk {
 public:
  LibraryWalk(const Graph& graph, std::string start) : graph_(graph), start_(std::move(start)) {}

  Findings findings() {
    visit(start_, start_, 0);
    return std::move(findings_);
  }

 private:
  void visit(const std::string& path, const std::string& through, int line) {
    const auto node = graph_.find(path);
    if (node == graph_.end() || !seen_.insert(path).second) return;
    for (const Include& include : node->second) {
      const int at = line == 0 ? include.line : line;
      if (include.is_ours) visit(include.name, path == start_ ? include.name : through, at);
      else judge(include, through, at);
    }
  }

  void judge(const Include& include, const std::string& through, int line) {
    const Library* library = library_of(include.name);
    if (library == nullptr || is_at_home(start_, *library)) return;
    if (!reported_.insert(library->prefix).second) return;
    const std::string how = through == start_ ? "includes <" : "reaches through " + through + " <";
    findings_.push_back({start_, line, how + include.name + ">; " + std::string(library->instead)});
  }

  const Graph& graph_;
  std::string start_;
  std::set<std::string, std::less<>> seen_{};
  std::set<std::string_view> reported_{};
  Findings findings_{};
};

class CycleWalk {
 public:
  explicit CycleWalk(const Graph& graph) : graph_(graph) {}

  Findings findings() {
    for (const auto& [path, includes] : graph_) visit(path);
    return std::move(findings_);
  }

 private:
  void visit(const std::string& path) {
    const auto node = graph_.find(path);
    if (node == graph_.end() || done_.contains(path)) return;
    trail_.push_back(path);
    for (const Include& include : node->second) {
      if (!include.is_ours) continue;
      const auto back = std::find(trail_.begin(), trail_.end(), include.name);
      if (back == trail_.end()) visit(include.name);
      else report(path, include);
    }
    trail_.pop_back();
    done_.insert(path);
  }

  void report(const std::string& path, const Include& include) {
    findings_.push_back({path, include.line, "includes " + include.name + ", which leads back "
                         "here; move what both need into a header of its own"});
  }

  const Graph& graph_;
  std::vector<std::string> trail_{};
  std::set<std::string> done_{};
  Findings findings_{};
};

}  // namespace

Findings check_folder_includes(const Source& source) {
  Findings findings;
  const Room* room = room_of(source.path);
  for (const Include& include : includes_of(source)) {
    const bool is_generated = include.name.starts_with("generated/");
    if (!include.is_ours || is_generated || room == nullptr) continue;
    // Tests may name their neighbours; a product header is always named by its whole path.
    const bool is_beside = room->folder == "tests/" && include.name.find('/') == std::string::npos;
    if (is_beside) continue;
    if (room_of(include.name) == nullptr) {
      findings.push_back({source.path, include.line, "include \"" + include.name +
                          "\" by its path from the repository's root"});
    } else if (!is_allowed(*room, include.name)) {
      findings.push_back({source.path, include.line, std::string(room->folder) +
                          " must not include " + include.name +
                          "; see the README of its folder for who may"});
    }
  }
  return findings;
}

Findings check_library_includes(const std::vector<Source>& sources) {
  const Graph graph = graph_of(sources);
  Findings findings;
  for (const auto& [path, includes] : graph) {
    for (Finding& finding : LibraryWalk(graph, path).findings()) {
      findings.push_back(std::move(finding));
    }
  }
  return findings;
}

Findings check_include_cycles(const std::vector<Source>& sources) {
  const Graph graph = graph_of(sources);
  return CycleWalk(graph).findings();
}

}  // namespace hpo::tidy
