// How one attempt ended: what the runner writes to exit.json and the daemon stores.
//
// A failure is a state with a class, never a number: no sentinel value ever reaches a strategy.
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>

#include "schema/words.hpp"

namespace hpo {

// `retry.on` of study.json takes exactly these words.
enum class FailureClass {
  exit_code, signal, timeout, out_of_memory, no_result, bad_result, non_finite, spawn_failed,
  rejected, lost, node_fail, preempted, infrastructure
};
template <>
inline constexpr auto words<FailureClass> = word_table("exit_code", "signal", "timeout",
    "out_of_memory", "no_result", "bad_result", "non_finite", "spawn_failed", "rejected", "lost",
    "node_fail", "preempted", "infrastructure");

enum class OutcomeStatus { completed, pruned, infeasible, failed, lost, cancelled };
template <>
inline constexpr auto words<OutcomeStatus> = word_table("completed", "pruned", "infeasible",
    "failed", "lost", "cancelled");

struct Outcome {
  OutcomeStatus status = OutcomeStatus::failed;
  std::optional<FailureClass> failure{};  // set if and only if failed or lost
  bool retry_asked = false;               // exit code 75: "please try again"
  bool is_unwanted = false;               // cancelled in the batch system, by a person: no retry
  std::optional<int> exit_code{};
  std::optional<int> signal{};
  std::optional<double> value{};          // the objective; set if and only if completed, finite
  std::map<std::string, double> metrics{};  // every finite number of the result, by name
  std::string message{};                  // what happened and how to mend it, for people
  std::string place{};                    // "host:/directory" of its files, if a worker keeps them
                                          // elsewhere; empty: in the attempt's directory, or none
  std::int64_t started_ns = 0;            // UTC, ns since 1970; for display only
  std::int64_t ended_ns = 0;
  friend bool operator==(const Outcome&, const Outcome&) = default;
};

}  // namespace hpo
