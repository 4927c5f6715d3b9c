// Every limit and wait of the loop, by name.
#pragma once

#include <chrono>
#include <cstdint>
#include <functional>
#include <map>
#include <string>
#include <string_view>

namespace hpo::loop {

using namespace std::chrono_literals;

// How the loop treats an executor. The defaults are of one that starts processes on this node.
struct ExecutorRules {
  bool is_on_this_node = true;  // its trials take slots and devices of this node
  std::chrono::nanoseconds poll_interval = 1s;
  std::chrono::nanoseconds locate_interval = 500ms;  // between two looks for a job in doubt
  std::chrono::nanoseconds absent_after = 2s;        // local: /proc and the claim are certain soon
  std::chrono::nanoseconds cancel_interval = 5s;     // between two requests to go
  std::chrono::nanoseconds backoff = 2s;             // after it was unavailable; doubles, up to
  std::chrono::nanoseconds backoff_max = 2s;
};

struct LoopConfig {
  std::string state_directory{};
  std::string database{};
  std::string build_id{};
  std::string hpo_program{};          // absolute: what worker jobs are made of
  std::string tcp_address{};          // "10.0.0.5:4711"; empty: workers elsewhere cannot reach us
  std::string tcp_fingerprint{};      // SHA-256 of our certificate
  std::string tcp_job_secret{};       // what the tokens of worker jobs are made from
  int slots_max = 64;                 // trials at once on this node, of all studies
  int devices = 0;                    // GPUs of this node that may be handed out
  int cpus = 1;                       // cores of this node
  std::size_t batch_max = 512;        // commands in one transaction
  std::size_t inbox_max = 16384;      // beyond: "try again"
  std::map<std::string, ExecutorRules, std::less<>> rules{};  // by executor, if not the defaults
  std::chrono::nanoseconds strategy_limit = 30s;     // for one answer; then its study pauses
  std::chrono::nanoseconds ask_deadline = 50ms;      // for a free slot; then another one answers
  // Finished trials and values at rungs from which fits go on beside the asks.
  std::size_t fit_beside_least = 256;
  std::uint64_t model_bytes_max = 1U << 30U;         // that strategies keep, of all studies
  // For a worker that has nothing to do to leave by itself, before its job is told to end.
  std::chrono::nanoseconds leave_patience = 10s;
  std::chrono::nanoseconds space_interval = 1s;      // between two looks for free space
  std::chrono::nanoseconds checkpoint_interval = 1s;
  std::uint64_t space_min_bytes = 64U << 20U;        // ends read-only; see disk_guard.cpp
  std::uint64_t reserve_bytes = 32U << 20U;          // given back when the disk is full

  const ExecutorRules& rules_of(std::string_view executor) const {
    static const ExecutorRules defaults;
    const auto found = rules.find(executor);
    return found == rules.end() ? defaults : found->second;
  }
};

}  // namespace hpo::loop
