// One random life of a study: what the plan asks for, what the world answers, what users do, and,
// on request, events that cannot have happened. After each step the rows are checked.
#pragma once

#include <chrono>
#include <cstdint>
#include <random>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "tests/daemon/engine/build.hpp"
#include "tests/daemon/engine/rows.hpp"

namespace hpo::engine {

inline constexpr std::chrono::minutes job_time{30};  // of studies on a batch system

class Walk {
 public:
  Walk(std::uint64_t seed, Fired& fired);

  // One step of a life in which everybody keeps to the rules: all must be accepted.
  void live();

  // Any event at all: refused with the state unchanged, or one of the legal ones.
  void try_anything();

  void finish();  // everybody behaves; the study must come to its end

 private:
  int below(std::size_t n) { return static_cast<int>(bits_() % n); }
  template <class T>
  const T& any_of(const std::vector<T>& list) { return list[bits_() % list.size()]; }
  bool chance(int percent) { return below(100) < percent; }
  std::string new_job() { return "job" + std::to_string(++jobs_); }

  void must(Body body) { tell(std::move(body), true); }
  void tell(Body body, bool is_legal);

  void carry_out(const Action& action);
  void carry(const Ask& a);
  void carry(const Start& a);
  void carry(const Locate& a);
  void carry(const Cancel& a);
  void carry(const Drop& a);
  void carry(const Pause& a);
  void carry(const End& a);
  void carry(const Recommend& a);
  void carry(const TakeUpPaused& a);
  void carry(const Prune& a);
  void carry(const StartWorker& a);
  void carry(const LocateWorker& a);
  void carry(const CancelWorker& a);
  void carry(const DropWorker& a);

  Outcome any_outcome();
  Outcome any_end();
  void submission_news(const LiveTrial& live);
  void job_news();
  void pruner_acts();

  void worker_acts();
  void worker_job_news();
  void submission_news(const WorkerJob& worker);
  std::string any_worker();
  void begin(int trial);
  void lease_or_begin(int trial);

  void user_acts();
  void toggle_pause();
  void enqueue();
  void cancel_trial();
  void retry();
  Body anything();
  Body anything_of_workers();

  std::mt19937_64 bits_;
  Fired& fired_;
  Rows rows_;
  Study study_;
  bool is_broken_;  // the training never works
  std::int64_t clock_ = 0;
  int jobs_ = 0;
  std::set<int> retried_{};
};

}  // namespace hpo::engine
