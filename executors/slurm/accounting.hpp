// sacct: what became of jobs that squeue has forgotten. Pure functions, any thread.
//
// It runs late (a second when idle, tens of seconds after a burst), shows PENDING for ever for a
// job that the controller lost, and PREEMPTED for one that waits again: only its final states
// count, and only of jobs that squeue does not list.
#pragma once

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "schema/result.hpp"

namespace hpo::slurm {

struct AccountingRow {
  std::string id{};
  std::string name{};
  std::string state{};          // "COMPLETED", "CANCELLED by 1001"
  std::string reason{};
  std::string node_list{};
  std::optional<int> exit_code{};  // of the job script; codes from 128 on come as code - 128
  std::optional<int> signal{};     // that ended it; set if and only if not 0
  std::int64_t start_s = 0;     // since 1970; 0: unknown
  std::int64_t end_s = 0;
  friend bool operator==(const AccountingRow&, const AccountingRow&) = default;
};

// argv of the query for these job names, submitted at most `back` ago: sacct's own default is
// today, and its absolute times are of a time zone. Names, not ids: Slurm hands ids out again.
std::vector<std::string> accounting_arguments(const std::vector<std::string>& names,
                                              std::chrono::seconds back);

// As parse_queue.
Result<std::vector<AccountingRow>> parse_accounting(std::string_view text);

// This cluster has no accounting, so sacct will never know anything.
bool is_accounting_absent(std::string_view standard_error);

}  // namespace hpo::slurm
