// Where the mirror has a hole on purpose: which test covers the file or the whole room, and why.
#include "tests/tidy/twins.hpp"

#include <algorithm>

namespace hpo::tidy {
namespace {

constexpr std::string_view floors[] = {"schema", "strategies", "executors", "daemon",
                                       "cli"};

struct Exception {
  std::string_view place{};    // a file, or a folder with a slash
  std::string_view covered{};  // by this test, which must exist; empty: by none
  std::string_view reason{};
};
constexpr Exception exceptions[] = {
    {"daemon/main.cpp", "", "wiring only; the system tests start it"},
    {"daemon/wiring.cpp", "", "plain copies of values; the system tests start it"},
    {"daemon/cpu_check.cpp", "", "needs a CPU without AVX2"},
    {"daemon/conformance/", "tests/daemon/conformance/command_test.cpp",
     "a suite is tried as a whole, by strategies that break it"},
    {"daemon/external/spawn.cpp", "tests/daemon/external/program_test.cpp",
     "what it starts shows in what the program then says"},
    {"daemon/loop/", "tests/simulation/simulation_test.cpp",
     "its parts only mean something together; a simulated clock drives all of them"},
    {"daemon/http/", "tests/daemon/http/read_routes_test.cpp",
     "routes are asked as clients do, through a socket"},
    {"daemon/spool/", "tests/daemon/spool/inbox_test.cpp",
     "files in, files out; tests/system/spool_test.py has workers speak by them"},
    {"daemon/store/", "tests/daemon/store/store_test.cpp",
     "rows and statements show in what the store gives back"},
    {"executors/runner/", "tests/executors/runner/exec_test.cpp",
     "hpo exec is run as a whole, with real processes"},
    {"executors/slurm.cpp", "tests/conformance/executors_test.cpp", "wiring only"},
    {"schema/decode/", "tests/schema/decode/golden_test.cpp",
     "one pass over one document: golden documents reach every file"},
    {"schema/codec/archive.cpp", "tests/schema/codec/study_test.cpp",
     "every codec goes through it"},
    {"schema/study.cpp", "tests/schema/codec/study_test.cpp", "only what compilers make"},
    {"schema/json/", "tests/schema/json/parse_test.cpp", "a node exists only when parsed"},
    {"cli/main.cpp", "tests/cli/offline_test.py", "the table of verbs; each is asked for its help"},
    {"cli/", "tests/cli/verbs_test.py",
     "what asks a daemon or a terminal is typed, as users do; what is pure has a test of its own"},
};

bool has(const std::vector<std::string>& paths, std::string_view path) {
  return std::find(paths.begin(), paths.end(), path) != paths.end();
}

bool has_test(const std::vector<std::string>& paths, std::string stem) {
  while (true) {
    const std::string test = "tests/" + stem + "_test";
    if (has(paths, test + ".cpp") || has(paths, test + ".py")) return true;
    const std::size_t cut = stem.rfind('_');
    if (cut == std::string::npos || stem.find('/', cut) != std::string::npos) return false;
    stem.resize(cut);
  }
}

bool is_excepted(const std::vector<std::string>& paths, const std::string& path) {
  return std::any_of(std::begin(exceptions), std::end(exceptions), [&](const Exception& e) {
    return is_listed(path, {e.place}) && (e.covered.empty() || has(paths, e.covered));
  });
}

}  // namespace

Findings check_twins(const std::vector<std::string>& paths) {
  Findings findings;
  for (const std::string& path : paths) {
    const bool is_on_floor = std::any_of(std::begin(floors), std::end(floors),
        [&](std::string_view floor) { return is_below(path, floor); });
    if (!is_on_floor || !path.ends_with(".cpp")) continue;
    const std::string stem = path.substr(0, path.size() - 4);
    if (has_test(paths, stem) || is_excepted(paths, path)) continue;
    findings.push_back({path, 0, "has no test; write tests/" + stem +
                        "_test.cpp, or say in tests/tidy/twins.cpp what covers it, and why"});
  }
  return findings;
}

}  // namespace hpo::tidy
