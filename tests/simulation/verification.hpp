// What the parts of the checker share: the events folded anew, and plain SQL.
//
// Included by verify*.cpp alone.
#pragma once

#include <sqlite3.h>

#include <memory>
#include <set>
#include <utility>

#include "daemon/engine/study.hpp"
#include "tests/simulation/verify.hpp"

namespace hpo::sim {

using Rows = std::vector<std::vector<std::string>>;

struct FoldedWorkers {
  std::map<int, WorkerJob> jobs{};
  int in_vain = 0;             // in a row, that ended before they asked for a trial
  bool has_lost_one = false;   // since one last asked
  std::set<int> have_run{};
};

struct Folded {
  std::shared_ptr<const StudySpec> spec{};
  engine::Study study{};
  std::map<int, Trial> trials{};       // as the events say
  std::map<std::pair<int, int>, Attempt> attempts{};  // by trial and number
  FoldedWorkers workers{};
  std::set<std::pair<int, int>> have_run{};           // of them: were seen to run
  std::vector<std::pair<std::int64_t, StudyState>> states{};  // from this seq on
};

struct Facts {
  std::shared_ptr<sqlite3> db{};
  const Evidence& evidence;
  std::vector<std::string>& violations;
  std::map<std::string, int>& counts;
  std::map<std::int64_t, Folded> studies{};

  void broken(const std::string& what) { violations.push_back(what); }
  // Plain SQL beside the store, so that the checker does not trust the code it checks.
  Rows query(const std::string& sql) const;
  // For each row that the query finds: "what: " and its first column.
  void must_be_empty(const std::string& what, const std::string& sql);
  std::int64_t number(const std::string& sql) const;
  Folded* study(const std::string& name);
};

// Node-time of an attempt in ns, counted without the engine: asked for if it may have run for all
// that is known, else what it took.
std::int64_t node_ns(const Folded& folded, const Attempt& attempt);
std::int64_t node_ns(const Folded& folded, const WorkerJob& worker);
std::int64_t node_ns(const Folded& folded);  // of them all

// I7, I8, I11, and I10's limits of time and node-hours: the events, one by one.
void fold_events(Facts& facts);
// I10, I14: worker jobs as each event finds them; then what the event has made of one.
void check_workers_before(Facts& facts, Folded& folded, const Event& event);
void note_worker(Facts& facts, Folded& folded, const WorkerJob& worker);
// I2, I6, I14: of their tables.
void check_worker_tables(Facts& facts);
// I2, I6, I8, I10: the tables against the events and against each other.
void check_tables(Facts& facts);
// I1, I2, I13: what the clients were told, and nothing else, is there.
void check_promises(Facts& facts);
// I2, I5, I6: what happened in the world is what is known about it.
void check_world(Facts& facts);
// I9: what the strategy proposed is what it proposes again.
void check_suggestions(Facts& facts);
// I1, I9: reports that were acknowledged, and what was decided on them.
void check_reports(Facts& facts);

}  // namespace hpo::sim
