// See queue.hpp.
#include "executors/slurm/queue.hpp"

#include "executors/slurm/rows.hpp"
#include "executors/slurm/times.hpp"

namespace hpo::slurm {
namespace {

// The closing mark tells a whole row from a cut one; the name stands twice (see rows.hpp).
constexpr std::string_view queue_format = "%i|%T|%V|%S|%e|%N|%j|%r|%j|.";
constexpr std::string_view queue_end = "|.";

std::vector<std::string> arguments(const std::string& which) {
  return {"squeue", "--noheader", "--array", "--states=all", which,
          "--format=" + std::string(queue_format)};
}

QueueRow queue_row(const Row& row) {
  const auto& [id, state, submit, start, end, node_list] = row.fields;
  return {.id = std::string(id), .name = std::string(row.name), .state = std::string(state),
          .reason = std::string(row.reason), .node_list = std::string(node_list),
          .submit_s = time_of(submit), .start_s = time_of(start), .end_s = time_of(end)};
}

}  // namespace

std::vector<std::string> queue_arguments(const std::string& user) {
  return arguments("--user=" + user);
}

std::vector<std::string> queue_arguments_for(const std::string& id) {
  return arguments("--jobs=" + id);
}

bool is_unknown_id(std::string_view standard_error) {
  return standard_error.find("Invalid job id specified") != std::string_view::npos;
}

Result<std::vector<QueueRow>> parse_queue(std::string_view text) {
  return own_jobs<QueueRow>(text, queue_end, "squeue", queue_row);
}

}  // namespace hpo::slurm
