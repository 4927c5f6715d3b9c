// What a Slurm site has, and what this user may use there: read from what scontrol and sacctmgr
// print. Pure functions, any thread.
//
// Each part may be unknown: a site may hide it, have no accounting, or not answer in time. Free
// texts (reasons, comments) come last in a row; the first value of a key counts. corrupt: the
// listing was cut.
#pragma once

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "schema/result.hpp"

namespace hpo::slurm {

using Limit = std::optional<std::int64_t>;  // nullopt: none
using TimeLimit = std::optional<std::chrono::seconds>;

struct SiteConfig {
  std::string version{};
  std::string cluster{};
  bool has_accounting = false;
  bool enforces_accounts = false;
  bool enforces_limits = false;
  bool enforces_qos = false;
  TimeLimit finished_kept{};  // MinJobAge: squeue shows finished jobs as long
  friend bool operator==(const SiteConfig&, const SiteConfig&) = default;
};

struct Partition {
  std::string name{};
  std::string state{};  // "UP", "DOWN", "DRAIN", "INACTIVE"
  std::string qos{};    // whose limits hold besides; empty: none
  bool is_default = false;
  bool is_hidden = false;
  TimeLimit time_max{};
  TimeLimit time_default{};
  Limit nodes_max{};
  Limit cpus_max{};       // on a node
  Limit memory_max_mb{};  // on a node
  std::int64_t nodes = 0;
  std::vector<std::string> accounts{};         // that may use it; empty: all
  std::vector<std::string> accounts_denied{};
  std::vector<std::string> qos_allowed{};      // empty: all
  std::vector<std::string> qos_denied{};
  friend bool operator==(const Partition&, const Partition&) = default;
};

struct Node {
  std::string name{};
  std::int64_t cpus = 0;
  std::int64_t memory_mb = 0;
  std::int64_t gpus = 0;
  std::vector<std::string> features{};
  std::vector<std::string> partitions{};
  friend bool operator==(const Node&, const Node&) = default;
};

// What accounting lets the user be: somebody of an account, with its QOS and limits.
struct Association {
  std::string cluster{};
  std::string account{};
  std::string partition{};  // empty: all
  std::vector<std::string> qos{};
  std::string default_qos{};
  Limit jobs_max{};
  Limit submit_max{};
  TimeLimit time_max{};
  friend bool operator==(const Association&, const Association&) = default;
};

struct Qos {
  std::string name{};
  bool overrides_partition_time = false;
  TimeLimit time_max{};
  Limit jobs_max{};    // running, of one user
  Limit submit_max{};  // queued and running, of one user
  friend bool operator==(const Qos&, const Qos&) = default;
};

struct Site {
  std::string user{};
  std::optional<SiteConfig> config{};
  std::optional<std::vector<Partition>> partitions{};
  std::optional<std::vector<Node>> nodes{};
  std::optional<std::vector<Association>> associations{};
  std::optional<std::vector<Qos>> qos{};
};

// argv of the questions, and what their answers say.
std::vector<std::string> config_arguments();
std::vector<std::string> partition_arguments();
std::vector<std::string> node_arguments();
// `cluster` may be empty: then those of all clusters.
std::vector<std::string> association_arguments(const std::string& user,
                                               const std::string& cluster);
std::vector<std::string> qos_arguments();

Result<SiteConfig> parse_config(std::string_view text);
Result<std::vector<Partition>> parse_partitions(std::string_view text);
Result<std::vector<Node>> parse_nodes(std::string_view text);
Result<std::vector<Association>> parse_associations(std::string_view text);
Result<std::vector<Qos>> parse_qos(std::string_view text);

// "30", "10:00", "01:00:00", "2-00", "2-00:00:00"; nullopt for "UNLIMITED" and all else.
TimeLimit time_limit_of(std::string_view text);

// "01:00:00", "2-00:00:00": as scontrol prints a limit.
std::string limit_text(std::chrono::seconds limit);

}  // namespace hpo::slurm
