// Random histories of studies: invariants hold at each step, and every drawn transition fires.
#include <catch2/catch.hpp>
#include <iostream>

#include "tests/daemon/engine/walk.hpp"

namespace hpo::engine {
namespace {

void add(std::set<std::string>& lines, const std::string& kind, const std::string& from,
         const Lines& states) {
  for (const std::string& to : states) lines.insert(kind + " " + from + ">" + to);
}

// The drawing at the top of daemon/engine/study.hpp, line by line.
std::set<std::string> drawn_transitions() {
  std::set<std::string> lines;
  add(lines, "study", "running", {"paused", "cancelling", "finished", "failed"});
  add(lines, "study", "paused", {"running", "cancelling"});
  add(lines, "study", "cancelling", {"cancelled"});
  for (const char* ended : {"finished", "failed", "cancelled"}) {
    add(lines, "study", ended, {"running"});
  }
  const Lines results = {"completed", "pruned", "infeasible"};
  add(lines, "trial", "", {"waiting"});
  add(lines, "trial", "waiting", {"running", "cancelled"});
  add(lines, "trial", "running", {"waiting", "paused", "failed", "cancelled"});
  add(lines, "trial", "paused", {"waiting", "pruned", "cancelled", "completed", "infeasible"});
  for (const char* from : {"waiting", "running"}) add(lines, "trial", from, results);

  add(lines, "attempt", "", {"submitting", "running"});
  add(lines, "attempt", "submitting", {"unknown"});
  for (const char* doubtful : {"submitting", "unknown"}) {
    add(lines, "attempt", doubtful, {"submitted", "running", "rejected", "absent"});
  }
  add(lines, "attempt", "absent", {"submitting"});
  add(lines, "attempt", "submitted", {"running"});
  for (const char* live : {"submitting", "unknown", "submitted", "running"}) {
    add(lines, "attempt", live, {"succeeded", "failed", "lost", "cancelled"});
  }
  add(lines, "attempt", "lost", {"late"});

  add(lines, "worker", "", {"submitting"});
  add(lines, "worker", "submitting", {"unknown"});
  for (const char* doubtful : {"submitting", "unknown"}) {
    add(lines, "worker", doubtful, {"submitted", "running", "rejected", "absent"});
  }
  add(lines, "worker", "absent", {"submitting", "cancelled"});
  add(lines, "worker", "submitted", {"running"});
  for (const char* live : {"submitting", "unknown", "submitted", "running"}) {
    add(lines, "worker", live, {"succeeded", "failed", "lost", "cancelled"});
  }
  return lines;
}

std::set<std::string> transitions(const Fired& fired) {
  std::set<std::string> lines;
  for (const auto& [line, count] : fired) {
    if (line.find('>') != std::string::npos) lines.insert(line);
  }
  return lines;
}

Lines lines(const std::set<std::string>& set) { return {set.begin(), set.end()}; }

void print(const char* title, const Fired& fired) {
  std::cout << title << ":";
  for (const auto& [line, count] : fired) std::cout << "  " << line << " " << count << ",";
  std::cout << "\n";
}

}  // namespace

TEST_CASE("random lives keep the invariants, end, and use every transition", "[engine][walk]") {
  Fired fired;
  for (std::uint64_t seed = 0; seed < 3000; ++seed) {
    INFO("seed " << seed);
    Walk walk(seed, fired);
    for (int step = 0; step < 150; ++step) walk.live();
    walk.finish();
  }
  print("fired in lives", fired);
  CHECK(transitions(fired) == drawn_transitions());
  for (const char* reason : {"trials", "time", "patience", "max_failures", "space_exhausted",
                             "node_hours", "user"}) {
    INFO("a study never ended for the reason " << reason);
    CHECK(fired[std::string("end ") + reason] > 0);
  }
  CHECK(fired["pause failures_alike"] > 0);
  CHECK(fired["pause workers"] > 0);
}

TEST_CASE("a refused event leaves the state as it was, and an accepted one is drawn",
          "[engine][walk]") {
  Fired fired;
  for (std::uint64_t seed = 0; seed < 1000; ++seed) {
    INFO("seed " << seed);
    Walk walk(seed, fired);
    for (int step = 0; step < 150; ++step) {
      walk.live();
      for (int i = 0; i < 3; ++i) walk.try_anything();
    }
  }
  print("fired at random", fired);
  CHECK_THAT(lines(drawn_transitions()), Catch::Matchers::Contains(lines(transitions(fired))));
  for (std::size_t kind = 0; kind < event_kinds.size(); ++kind) {
    const bool is_always_legal = std::string(event_kinds[kind]) == "time_passed" ||
                                 std::string(event_kinds[kind]) == "space_exhausted";
    INFO(event_kinds[kind]);
    CHECK((fired["refused " + std::string(event_kinds[kind])] > 0) != is_always_legal);
    CHECK(fired["event " + std::string(event_kinds[kind])] > 0);
  }
}

}  // namespace hpo::engine
