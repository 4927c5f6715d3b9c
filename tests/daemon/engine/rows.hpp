// A store in memory for random walks: the rows as apply() reports them, each one's transitions,
// and what must be true of them whatever happened.
#pragma once

#include <map>
#include <set>
#include <string>
#include <string_view>
#include <utility>

#include "daemon/engine/study.hpp"

namespace hpo::engine {

// How often each transition fired: "trial waiting>running".
using Fired = std::map<std::string, int>;

class Rows {
 public:
  explicit Rows(Fired& fired) : fired_(fired) {}

  void write(const Study& study, const Changes& changes);

  const std::map<int, Trial>& trials() const { return trials_; }
  const Attempt* attempt(int trial, int number) const;  // nullptr if there is none

  Study load(const Study& study) const;  // what a restart would read

  void check(const Study& study) const;

 private:
  void note(std::string kind, std::string_view from, std::string_view to);
  void write(const Attempt& attempt);
  void write(const Trial& trial);
  void write(const WorkerJob& worker);
  void check_workers(const Study& study) const;

  void check_finished(const Trial& trial) const;
  void check_jobs(const Study& study) const;
  void check_counts(const Study& study) const;
  void check_node_hours(const Study& study) const;
  void check_best(const Study& study) const;

  Fired& fired_;
  StudyState study_state_ = StudyState::running;
  std::map<int, Trial> trials_{};
  std::map<int, WorkerJob> workers_{};
  std::map<std::pair<int, int>, Attempt> attempts_{};
  std::set<std::pair<int, int>> have_run_{};  // seen to run, each by trial and number
  std::set<int> workers_have_run_{};
};

}  // namespace hpo::engine
