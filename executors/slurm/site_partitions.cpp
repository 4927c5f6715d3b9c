// What partitions and their nodes do not give: see site_view.hpp.
#include "executors/slurm/site_nodes.hpp"
#include "executors/slurm/site_view.hpp"

namespace hpo::slurm {
namespace {

std::vector<std::string> shown_partitions(const SiteView& view) {
  std::vector<std::string> names;
  for (const Partition& each : *view.site.partitions) {
    if (each.is_hidden) continue;
    names.push_back(each.name + (each.state == "UP" ? "" : " (" + each.state + ")"));
  }
  return names;
}

std::string partitions_with(const SiteView& view, std::chrono::seconds time) {
  std::vector<std::string> names;
  for (const Partition& each : *view.site.partitions) {
    const bool is_short = each.time_max && *each.time_max < time;
    if (each.is_hidden || each.state != "UP" || is_short) continue;
    names.push_back(each.name + (each.time_max ? " (" + limit_text(*each.time_max) + ")" : ""));
  }
  return joined(names);
}

std::string set_by(const char* key, const Partition& partition) {
  return std::string(key) + " in slurm.conf; scontrol show partition " + partition.name;
}

SiteProblem no_partition(const SiteView& view, const std::string& name) {
  const std::string those = "choose of these: " + joined(shown_partitions(view));
  if (name.empty()) {
    return {Weight::error, "the study names no \"partition\", and the site has no default one",
            "Default in slurm.conf; scontrol show partition", "set \"partition\"; " + those};
  }
  return {Weight::error, "there is no partition " + quoted(name), "scontrol show partition", those};
}

// A QOS may set aside the partition's limit of time.
bool is_too_long(const SiteView& view, const Partition& partition) {
  const TimeLimit asked = view.asked_time();
  if (!asked || !partition.time_max || *asked <= *partition.time_max) return false;
  const Qos* qos = view.qos_of(view.effective_qos());
  return qos == nullptr || !qos->overrides_partition_time;
}

std::vector<SiteProblem> check_partition(const SiteView& view, const Partition& partition) {
  std::vector<SiteProblem> found;
  const std::string which = "partition " + quoted(partition.name);
  if (partition.state != "UP") {
    found.push_back({Weight::error, which + " is not up: " + partition.state,
                     set_by("State", partition),
                     "wait until it is, or choose of these: " +
                         partitions_with(view, std::chrono::seconds(0))});
  }
  if (is_too_long(view, partition)) {
    const auto time = *view.asked_time();
    found.push_back({Weight::error, "a job asks for " + limit_text(time) + ", and " + which +
                     " allows " + limit_text(*partition.time_max), set_by("MaxTime", partition),
                     "lower \"time\", or choose of these: " + partitions_with(view, time)});
  }
  const int nodes = view.batch.nodes;
  if (partition.nodes_max && nodes > *partition.nodes_max && !view.sets({"--nodes", "-N"})) {
    found.push_back({Weight::error, "a job asks for " + std::to_string(nodes) + " nodes, and " +
                     which + " allows " + std::to_string(*partition.nodes_max),
                     set_by("MaxNodes", partition),
                     "lower \"nodes\", or choose another \"partition\""});
  }
  const bool sets_size = view.sets({"--nodes", "-N", "--ntasks", "-n", "--ntasks-", "--cpus-",
                                    "-c", "--mem", "--mem-", "--gres", "--gpus", "--gpus-", "-G",
                                    "--constraint", "-C", "--nodelist", "-w", "--overcommit",
                                    "-O"});
  if (view.site.nodes && !sets_size) {
    const auto more = check_nodes(node_wish(view.spec.job_executor()), partition, *view.site.nodes);
    found.insert(found.end(), more.begin(), more.end());
  }
  return found;
}

}  // namespace

// "a,b" asks for whichever is free first: a limit is in the way if each of them has one.
void check_partitions(const SiteView& view, std::vector<SiteProblem>& problems) {
  if (view.site.nodes && !view.sets({"--constraint", "-C"})) {
    const auto found = check_features(node_wish(view.spec.job_executor()), *view.site.nodes);
    problems.insert(problems.end(), found.begin(), found.end());
  }
  if (!view.site.partitions || view.sets({"--partition", "-p"})) return;
  std::vector<SiteProblem> all;
  bool one_is_good = false;
  const bool has_features = problems.empty();  // else no node fits anyhow, and that is said
  std::string rest = view.batch.partition + ",";
  for (std::size_t comma = 0; (comma = rest.find(',')) != std::string::npos;
       rest.erase(0, comma + 1)) {
    const std::string name = rest.substr(0, comma);
    const Partition* partition = view.partition_of(name);
    if (partition == nullptr) {
      problems.push_back(no_partition(view, name));
      continue;
    }
    const auto found = check_partition(view, *partition);
    one_is_good = one_is_good || found.empty();
    all.insert(all.end(), found.begin(), found.end());
  }
  if (!one_is_good && has_features) problems.insert(problems.end(), all.begin(), all.end());
}

}  // namespace hpo::slurm
