// A study as the daemon tells it, in fields; and in words: how far it is and why it waits.
//
// Pure: JSON in, text out.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "cli/exit_code.hpp"
#include "cli/json_view.hpp"
#include "schema/study.hpp"

namespace hpo::cli {

struct TrialCounts {
  std::int64_t total = 0;  // the budget, retries included
  std::int64_t created = 0;
  std::int64_t waiting = 0;
  std::int64_t paused = 0;   // by a pruner, which may go on with them
  std::int64_t running = 0;
  std::int64_t queued = 0;   // of those that are running: their job has not started yet
  std::int64_t unheard = 0;  // likewise: their worker was silent for half a lease, or since a start
  std::int64_t loading = 0;  // likewise: their warm script has not called hpo.serve() for long
  std::int64_t completed = 0;
  std::int64_t pruned = 0;
  std::int64_t infeasible = 0;
  std::int64_t failed = 0;
  std::int64_t cancelled = 0;

  std::int64_t started() const { return running - queued; }
  std::int64_t finished() const { return completed + pruned + infeasible + failed + cancelled; }
};

struct Best {
  std::int64_t trial = 0;
  double value = 0;
  json::Node params{};
};

struct NodeHours {
  double budget = 0;
  double spent = 0;  // by attempts that have ended
  double trial = 0;  // that a trial's first attempt asks for
};

// Worker jobs that the daemon starts.
struct WorkerJobs {
  std::int64_t jobs = 0;   // at once, at most
  std::int64_t slots = 0;  // of each
  std::int64_t running = 0;
  std::int64_t queued = 0;
  std::int64_t ended = 0;
  std::int64_t lost = 0;
};

struct Quantiles {
  double p50_ms = 0;
  double p99_ms = 0;
};

// Since the daemon started, but for the trials of stand-ins.
struct Suggestions {
  std::int64_t stand_ins = 0;  // trials that another strategy proposed, as the own one was late
  std::optional<Quantiles> waited{};  // a free slot, for a proposal
  std::optional<Quantiles> took{};    // the strategy, for an answer
};

struct StudyView {
  std::string name{};
  StudyState state = StudyState::running;
  StudyReason reason = StudyReason::none;
  std::string detail{};
  std::string description{};
  std::string metric{};
  Direction direction = Direction::minimize;
  std::string strategy{};    // that proposes; where the study says auto, the one that it chose
  std::string chosen_for{};  // why auto chose it; empty if the study names it
  std::string pruner{};
  std::string executor{};
  std::int64_t parallel = 1;
  std::int64_t slots = 1;
  std::int64_t max_failures = 0;
  TrialCounts trials{};
  std::int64_t attempts = 0;
  std::optional<Best> best{};
  std::optional<Best> recommended{};  // with much noise; its value is what a model expects
  std::optional<NodeHours> node_hours{};  // nullopt: they are not bounded
  std::optional<WorkerJobs> workers{};    // nullopt: there are none
  Suggestions suggestions{};
  double spent_s = 0;  // while it was running
  double lasted_s = 0;  // from its first start to its end; 0 before that
  std::string waits_for{};  // why its jobs wait in a batch system: the most frequent reason first
  std::string unready{};  // why the daemon starts nothing at present; not in the study's own JSON
};

StudyView study_view(const json::Node& study);

std::string state_word(const StudyView& study);

// Trials that finish in a second; nullopt until one has, and of too short a time to tell.
std::optional<double> rate_per_s(const StudyView& study);
// Seconds until the budget is used; nullopt if unknown, or if the study does not go on.
std::optional<double> time_left_s(const StudyView& study);
std::string rate_text(double per_s);  // "3.2/min"

// What the study is doing or waiting for, in plain words; the daemon's `detail` says more.
std::string why_text(const StudyView& study);

// "2 running, 1 queued, 1 lost, of 4 slots each"; empty: there are none.
std::string workers_text(const StudyView& study);

// How long proposals took, and how many came from a stand-in; empty: nothing is known.
std::string suggestions_text(const StudyView& study);

// True if it stopped by itself and waits for its user.
bool is_paused_by_itself(const StudyView& study);

// ok, no_success or failures for an ended study; pending before.
ExitCode exit_code_of(const StudyView& study);

}  // namespace hpo::cli
