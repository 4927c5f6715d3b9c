// squeue: the one status query for the jobs of all studies. Pure functions, any thread.
//
// Text, not JSON: 22.05 ignores every filter with --json and prints all users' jobs.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "schema/result.hpp"

namespace hpo::slurm {

struct QueueRow {
  std::string id{};
  std::string name{};
  std::string state{};          // as squeue's %T: "PENDING"
  std::string reason{};         // why it waits, or how it ended; "None" if neither
  std::string node_list{};
  std::int64_t submit_s = 0;    // since 1970; 0: unknown
  std::int64_t start_s = 0;     // expected, while it waits
  std::int64_t end_s = 0;       // expected, until it has ended
  friend bool operator==(const QueueRow&, const QueueRow&) = default;
};

// argv of the query. The environment must hold SLURM_TIME_FORMAT=%s and TZ=UTC0 (see times.hpp)
// and no SQUEUE_*: SQUEUE_STATES alone filters everything out.
std::vector<std::string> queue_arguments(const std::string& user);
std::vector<std::string> queue_arguments_for(const std::string& id);  // of one job

// What squeue complained of is that there is no job of the id it was asked about.
bool is_unknown_id(std::string_view standard_error);

// The rows of our jobs, of a command that ended with 0 and was read to its end. Rows of others are
// skipped, whatever they hold. corrupt: the listing was cut, absence from it means nothing.
Result<std::vector<QueueRow>> parse_queue(std::string_view text);

}  // namespace hpo::slurm
