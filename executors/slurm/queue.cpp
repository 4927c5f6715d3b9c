// See queue.hpp.
#include "executors/slurm/queue.hpp"

#include "executors/slurm/rows.hpp"
#include "executors/slurm/times.hpp"

namespace hpo::slurm {
namespace {

// The closing mark tells a whole row from a cut one; the name stands twice (see rows.hpp).
constexpr std::string_view queue_format = "%i|%T|%V|%S|%e|%N|%j|%r|%j|.";
constexpr std::string_view queue_end = "|.";

QueueRow queue_row(const Row& row) {
  const auto& [id, state, submit, start, end, node_list] = row.fields;
  return {.id = std::string(id), .name = std::string(row.name), .state = std::string(state),
          .reason = std::string(row.reason), .node_list = std::string(node_list),
          .submit_s = time_of(submit), .start_s = time_of(start), .end_s = time_of(end)};
}

}  // namespace

std::vector<std::string> queue_arguments(const std::string& user) {
  return {"squeue", "--noheader", "--array", "--states=all", "--user=" + user,
          "--format=" + std::string(queue_format)};
}

Result<std::vector<QueueRow>> parse_queue(std::string_view text) {
  return own_jobs<QueueRow>(text, queue_end, "squeue", queue_row);
}

}  // namespace hpo::slurm
