// Whether the nodes of a partition have what a job asks of each. Pure functions, any thread.
#pragma once

#include <vector>

#include "executors/slurm/site_check.hpp"

namespace hpo::slurm {

struct NodeWish {
  std::int64_t nodes = 1;
  std::int64_t cpus = 1;        // of each node; likewise below
  std::int64_t gpus = 0;
  std::int64_t memory_mb = 0;
  std::string cpus_text{};      // "8 CPUs (2 × 4)"
  std::string constraint{};
};

NodeWish node_wish(const ExecutorSpec& executor);

// The names in an expression such as "a100&(rack1|rack2)*2".
std::vector<std::string> features_in(const std::string& constraint);

// Empty: enough of its nodes have it all, or none of its nodes is known.
std::vector<SiteProblem> check_nodes(const NodeWish& wish, const Partition& partition,
                                     const std::vector<Node>& nodes);

// Features that no node of the site has.
std::vector<SiteProblem> check_features(const NodeWish& wish, const std::vector<Node>& nodes);

}  // namespace hpo::slurm
