// See site_nodes.hpp.
#include "executors/slurm/site_nodes.hpp"

#include <algorithm>
#include <functional>
#include <set>

#include "executors/slurm/site_view.hpp"
#include "schema/memory_text.hpp"

namespace hpo::slurm {
namespace {

constexpr std::int64_t mebibyte = 1 << 20;

std::string memory_of(std::int64_t mb) { return memory_text(mb * mebibyte); }

std::string named(const Partition& partition) { return "partition \"" + partition.name + '"'; }

// One kind of what nodes have: what is asked, what the partition's best node has.
struct Resource {
  std::string asked{};   // "40 CPUs"
  std::string most{};    // "16"
  std::string key{};     // of the study
  std::string set_by{};  // of slurm.conf
  bool is_enough = true;
};

std::int64_t most(const std::vector<const Node*>& nodes,
                  const std::function<std::int64_t(const Node&)>& amount) {
  std::int64_t best = 0;
  for (const Node* node : nodes) best = std::max(best, amount(*node));
  return best;
}

std::vector<Resource> resources(const NodeWish& wish, const Partition& partition,
                                const std::vector<const Node*>& nodes) {
  std::int64_t cpus = most(nodes, [](const Node& node) { return node.cpus; });
  std::int64_t memory_mb = most(nodes, [](const Node& node) { return node.memory_mb; });
  const std::int64_t gpus = most(nodes, [](const Node& node) { return node.gpus; });
  const bool caps_cpus = partition.cpus_max && *partition.cpus_max < cpus;
  const bool caps_memory = partition.memory_max_mb && *partition.memory_max_mb > 0 &&
                           *partition.memory_max_mb < memory_mb;
  if (caps_cpus) cpus = *partition.cpus_max;
  if (caps_memory) memory_mb = *partition.memory_max_mb;
  return {{wish.cpus_text, std::to_string(cpus), "\"cpus\" or \"tasks_per_node\"",
           caps_cpus ? "MaxCPUsPerNode" : "CPUs", wish.cpus <= cpus},
          {std::to_string(wish.gpus) + (wish.gpus == 1 ? " GPU" : " GPUs"), std::to_string(gpus),
           "\"gpus\"", "Gres", wish.gpus <= gpus},
          {memory_of(wish.memory_mb) + " of memory", memory_of(memory_mb), "\"memory\"",
           caps_memory ? "MaxMemPerNode" : "RealMemory", wish.memory_mb <= memory_mb}};
}

// Where any of several features would do, or a count of nodes, Slurm alone decides.
bool may_have_features(const Node& node, const std::string& constraint) {
  if (constraint.find_first_of("|[]()*!") != std::string::npos) return true;
  const auto wanted = features_in(constraint);
  return std::all_of(wanted.begin(), wanted.end(),
                     [&](const std::string& each) { return has(node.features, each); });
}

bool fits(const NodeWish& wish, const Node& node) {
  return wish.cpus <= node.cpus && wish.gpus <= node.gpus && wish.memory_mb <= node.memory_mb &&
         may_have_features(node, wish.constraint);
}

std::string all_of(const NodeWish& wish) {
  std::string text = wish.cpus_text;
  if (wish.gpus > 0) text += ", " + std::to_string(wish.gpus) + " GPUs";
  if (wish.memory_mb > 0) text += ", " + memory_of(wish.memory_mb);
  if (!wish.constraint.empty()) text += ", \"" + wish.constraint + '"';
  return text;
}

std::string show_nodes(const std::string& key) {
  return key + " in slurm.conf; scontrol show node";
}

}  // namespace

NodeWish node_wish(const ExecutorSpec& executor) {
  const BatchSpec& batch = executor.batch;
  NodeWish wish{.nodes = batch.nodes,
                .cpus = std::int64_t{batch.tasks_per_node} * executor.cpus,
                .gpus = executor.gpus,
                .memory_mb = (batch.memory_bytes.value_or(0) + mebibyte - 1) / mebibyte,
                .cpus_text = {},
                .constraint = batch.constraint};
  wish.cpus_text = std::to_string(wish.cpus) + (wish.cpus == 1 ? " CPU" : " CPUs");
  if (batch.tasks_per_node > 1) {
    wish.cpus_text += " (" + std::to_string(batch.tasks_per_node) + " × " +
                      std::to_string(executor.cpus) + ")";
  }
  return wish;
}

std::vector<std::string> features_in(const std::string& constraint) {
  std::vector<std::string> features;
  std::string word;
  bool is_count = false;
  for (const char c : constraint + "&") {
    if (std::string_view("&|,[]()*!").find(c) == std::string_view::npos) {
      word += c;
      continue;
    }
    if (!word.empty() && !is_count && !has(features, word)) features.push_back(word);
    is_count = c == '*';
    word.clear();
  }
  return features;
}

std::vector<SiteProblem> check_nodes(const NodeWish& wish, const Partition& partition,
                                     const std::vector<Node>& nodes) {
  std::vector<const Node*> own;
  for (const Node& node : nodes) {
    if (has(node.partitions, partition.name)) own.push_back(&node);
  }
  std::vector<SiteProblem> problems;
  if (own.empty()) return problems;
  for (const Resource& each : resources(wish, partition, own)) {
    if (each.is_enough) continue;
    problems.push_back({Weight::error, "a job asks for " + each.asked + " on each node, and no "
                        "node of " + named(partition) + " gives more than " + each.most,
                        show_nodes(each.set_by), "lower " + each.key +
                        ", or choose another \"partition\""});
  }
  if (!problems.empty()) return problems;
  const auto count = std::count_if(own.begin(), own.end(),
                                   [&](const Node* node) { return fits(wish, *node); });
  if (count == 0) {
    problems.push_back({Weight::error, "no node of " + named(partition) + " has all of this: " +
                        all_of(wish), show_nodes("NodeName"),
                        "ask for less, or choose another \"partition\""});
  } else if (count < wish.nodes) {
    problems.push_back({Weight::error, "a job asks for " + std::to_string(wish.nodes) +
                        " nodes, and " + named(partition) + " has " + std::to_string(count) +
                        " with " + all_of(wish), show_nodes("NodeName"),
                        "lower \"nodes\", or choose another \"partition\""});
  }
  return problems;
}

std::vector<SiteProblem> check_features(const NodeWish& wish, const std::vector<Node>& nodes) {
  std::set<std::string> known;
  for (const Node& node : nodes) known.insert(node.features.begin(), node.features.end());
  std::string list;
  for (const std::string& each : known) list += (list.empty() ? "" : ", ") + each;
  std::vector<SiteProblem> problems;
  if (nodes.empty()) return problems;
  for (const std::string& feature : features_in(wish.constraint)) {
    if (known.contains(feature)) continue;
    problems.push_back({Weight::error, "no node has the feature \"" + feature + "\" of "
                        "\"constraint\"", show_nodes("Feature"),
                        list.empty() ? "leave out \"constraint\": no node has features"
                                     : "choose of these: " + list});
  }
  return problems;
}

}  // namespace hpo::slurm
