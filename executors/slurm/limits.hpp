// The hundred reasons that name a limit, as QOSMaxCpuPerUserLimit, read as the sentences that they
// are: whose limit, of what, for whom. Pure functions, any thread.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace hpo::slurm {

struct LimitReason {
  std::string_view owner{};     // "your QOS", "your account"
  std::string_view resource{};  // "CPUs"
  std::string_view scope{};     // "you", "your account", "all its users", "a job", "a node"
  bool is_of_minutes = false;   // of the resource times its time
  bool is_used_up = false;      // a budget that earlier jobs have spent
  bool is_of_running = false;   // of what running jobs may still take
  bool is_minimum = false;      // it asks for too little
  bool is_of_job = false;       // the job alone is too large: waiting does not help
};

// nullopt: names no limit.
std::optional<LimitReason> limit_reason(std::string_view reason);

// "your QOS runs 2 jobs at a time".
std::string limit_sentence(const LimitReason& reason, std::optional<std::int64_t> limit);

}  // namespace hpo::slurm
