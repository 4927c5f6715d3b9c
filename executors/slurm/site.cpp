// See site.hpp.
#include "executors/slurm/site.hpp"

#include <algorithm>
#include <charconv>
#include <cstdio>
#include <functional>

namespace hpo::slurm {
namespace {

constexpr std::size_t digits_max = 15;  // no sum of them overflows

// The parts between separators; of an empty text none.
std::vector<std::string_view> parts_of(std::string_view text, char separator) {
  std::vector<std::string_view> parts;
  while (!text.empty()) {
    const std::size_t end = std::min(text.find(separator), text.size());
    parts.push_back(text.substr(0, end));
    text.remove_prefix(std::min(end + 1, text.size()));
    if (text.empty() && parts.back().end() != text.end()) parts.push_back({});
  }
  return parts;
}

Limit number_of(std::string_view text) {
  std::int64_t number = 0;
  const char* const end = text.data() + text.size();
  if (text.empty() || text.size() > digits_max || text.front() == '-') return std::nullopt;
  const auto read = std::from_chars(text.data(), end, number);
  return read.ec == std::errc() && read.ptr == end ? Limit(number) : std::nullopt;
}

// Slurm's words for nothing.
bool is_nothing(std::string_view text) {
  return text.empty() || text == "(null)" || text == "N/A" || text == "ALL" || text == "none";
}

std::vector<std::string> list_of(std::string_view text) {
  std::vector<std::string> list;
  if (is_nothing(text)) return list;
  for (const std::string_view part : parts_of(text, ',')) {
    if (!part.empty()) list.emplace_back(part);
  }
  return list;
}

std::string word_of(std::string_view text) {
  return is_nothing(text) ? std::string() : std::string(text);
}

// A row of scontrol --oneliner: KEY=VALUE, separated by blanks.
class Fields {
 public:
  explicit Fields(std::string_view line) : line_(line) {}

  // "" if there is no such key.
  std::string_view operator[](std::string_view key) const {
    for (std::size_t at = line_.find(key); at != std::string_view::npos;
         at = line_.find(key, at + 1)) {
      const std::size_t equals = at + key.size();
      const bool begins = at == 0 || line_[at - 1] == ' ';
      if (!begins || equals >= line_.size() || line_[equals] != '=') continue;
      const std::string_view rest = line_.substr(equals + 1);
      return rest.substr(0, rest.find(' '));
    }
    return {};
  }

 private:
  std::string_view line_;
};

Error cut_answer(const std::string& command) {
  return {ErrorCode::corrupt, "the listing of '" + command + "' cannot be read", command,
          "try it by hand"};
}

// Calls `take` for each line; false: the last one has no end, or `take` said so.
bool each_line(std::string_view text, const std::function<bool(std::string_view)>& take) {
  if (!text.empty() && text.back() != '\n') return false;
  for (const std::string_view line : parts_of(text, '\n')) {
    if (!line.empty() && !take(line)) return false;
  }
  return true;
}

// "gpu:2", "gpu:a100:4(S:0-1),shard:8": the count of all GPUs.
std::int64_t gpus_of(std::string_view gres) {
  std::int64_t count = 0;
  std::string plain;
  int depth = 0;
  for (const char c : gres) {
    depth += c == '(' ? 1 : 0;
    if (depth == 0) plain += c;
    depth -= c == ')' && depth > 0 ? 1 : 0;
  }
  for (const std::string_view item : parts_of(plain, ',')) {
    const auto parts = parts_of(item, ':');
    if (parts.empty() || parts.front() != "gpu") continue;
    count += parts.size() == 1 ? 1 : number_of(parts.back()).value_or(1);
  }
  return count;
}

Partition partition_from(const Fields& fields) {
  return {.name = std::string(fields["PartitionName"]), .state = std::string(fields["State"]),
          .qos = word_of(fields["QoS"]), .is_default = fields["Default"] == "YES",
          .is_hidden = fields["Hidden"] == "YES", .time_max = time_limit_of(fields["MaxTime"]),
          .time_default = time_limit_of(fields["DefaultTime"]),
          .nodes_max = number_of(fields["MaxNodes"]),
          .cpus_max = number_of(fields["MaxCPUsPerNode"]),
          .memory_max_mb = number_of(fields["MaxMemPerNode"]),
          .nodes = number_of(fields["TotalNodes"]).value_or(0),
          .accounts = list_of(fields["AllowAccounts"]),
          .accounts_denied = list_of(fields["DenyAccounts"]),
          .qos_allowed = list_of(fields["AllowQos"]), .qos_denied = list_of(fields["DenyQos"])};
}

// What the system keeps for itself is not there for jobs.
Node node_of(const Fields& fields) {
  const std::int64_t all_cpus = number_of(fields["CPUTot"]).value_or(0);
  const std::int64_t memory_mb = number_of(fields["RealMemory"]).value_or(0);
  const std::int64_t system_mb = number_of(fields["MemSpecLimit"]).value_or(0);
  return {.name = std::string(fields["NodeName"]),
          .cpus = number_of(fields["CPUEfctv"]).value_or(all_cpus),
          .memory_mb = std::max<std::int64_t>(memory_mb - system_mb, 0),
          .gpus = gpus_of(word_of(fields["Gres"])),
          .features = list_of(fields["AvailableFeatures"]),
          .partitions = list_of(fields["Partitions"])};
}

// The rows of a listing; others, such as "No nodes in the system", are none.
template <class Row>
Result<std::vector<Row>> rows_of(std::string_view text, std::string_view key,
                                 Row (*row)(const Fields&),
                                 const std::vector<std::string>& command) {
  std::vector<Row> rows;
  const bool is_whole = each_line(text, [&](std::string_view line) {
    if (line.starts_with(key)) rows.push_back(row(Fields(line)));
    return true;
  });
  if (is_whole) return rows;
  return cut_answer(command.front() + " show " + command.back());
}

}  // namespace

std::vector<std::string> config_arguments() { return {"scontrol", "show", "config"}; }

// Hidden ones too: who is let in may use them.
std::vector<std::string> partition_arguments() {
  return {"scontrol", "--all", "--oneliner", "show", "partition"};
}

std::vector<std::string> node_arguments() {
  return {"scontrol", "--all", "--oneliner", "show", "node"};
}

std::vector<std::string> association_arguments(const std::string& user,
                                               const std::string& cluster) {
  std::vector<std::string> argv{"sacctmgr", "--parsable2", "--noheader", "show", "assoc",
                                "user=" + user};
  if (!cluster.empty()) argv.push_back("cluster=" + cluster);
  argv.push_back("format=Cluster,Account,Partition,QOS,DefaultQOS,MaxJobs,MaxSubmit,MaxWall");
  return argv;
}

std::vector<std::string> qos_arguments() {
  return {"sacctmgr", "--parsable2", "--noheader", "show", "qos",
          "format=Name,Flags,MaxWall,MaxJobsPU,MaxSubmitPU"};
}

Result<SiteConfig> parse_config(std::string_view text) {
  SiteConfig config;
  const bool is_whole = each_line(text, [&](std::string_view line) {
    const std::size_t equals = line.find('=');
    if (equals == std::string_view::npos) return true;
    const std::string_view key = line.substr(0, line.find_first_of(" ="));
    std::string_view value = line.substr(equals + 1);
    value.remove_prefix(std::min(value.find_first_not_of(' '), value.size()));
    if (key == "SLURM_VERSION") config.version = value;
    if (key == "ClusterName") config.cluster = word_of(value);
    if (key == "AccountingStorageType") config.has_accounting = value.ends_with("/slurmdbd");
    if (key == "MinJobAge") {
      const Limit seconds = number_of(value.substr(0, value.find(' ')));
      if (seconds) config.finished_kept = std::chrono::seconds(*seconds);
    }
    if (key == "AccountingStorageEnforce") {
      const auto has = [&](std::string_view word) {
        const auto words = parts_of(value, ',');
        return std::find(words.begin(), words.end(), word) != words.end();
      };
      const bool has_all = has("all");
      config.enforces_limits = has_all || has("limits") || has("safe");
      config.enforces_qos = has_all || has("qos");
      config.enforces_accounts = config.enforces_limits || config.enforces_qos ||
                                 has("associations") || has("wckeys");
    }
    return true;
  });
  if (is_whole && !config.version.empty()) return config;
  return cut_answer("scontrol show config");
}

Result<std::vector<Partition>> parse_partitions(std::string_view text) {
  return rows_of<Partition>(text, "PartitionName=", partition_from, partition_arguments());
}

Result<std::vector<Node>> parse_nodes(std::string_view text) {
  return rows_of<Node>(text, "NodeName=", node_of, node_arguments());
}

Result<std::vector<Association>> parse_associations(std::string_view text) {
  std::vector<Association> rows;
  const bool is_whole = each_line(text, [&](std::string_view line) {
    const auto fields = parts_of(line, '|');
    if (fields.size() != 8) return false;
    rows.push_back({.cluster = std::string(fields[0]), .account = std::string(fields[1]),
                    .partition = word_of(fields[2]), .qos = list_of(fields[3]),
                    .default_qos = word_of(fields[4]), .jobs_max = number_of(fields[5]),
                    .submit_max = number_of(fields[6]), .time_max = time_limit_of(fields[7])});
    return true;
  });
  if (is_whole) return rows;
  return cut_answer("sacctmgr show assoc");
}

Result<std::vector<Qos>> parse_qos(std::string_view text) {
  std::vector<Qos> rows;
  const bool is_whole = each_line(text, [&](std::string_view line) {
    const auto fields = parts_of(line, '|');
    if (fields.size() != 5 || fields[0].empty()) return false;
    const auto flags = list_of(fields[1]);
    const bool overrides = std::find(flags.begin(), flags.end(), "PartitionTimeLimit") !=
                           flags.end();
    rows.push_back({.name = std::string(fields[0]), .overrides_partition_time = overrides,
                    .time_max = time_limit_of(fields[2]), .jobs_max = number_of(fields[3]),
                    .submit_max = number_of(fields[4])});
    return true;
  });
  if (is_whole) return rows;
  return cut_answer("sacctmgr show qos");
}

// Without days the parts end with seconds, but for minutes alone; behind days they begin with
// hours.
TimeLimit time_limit_of(std::string_view text) {
  const std::size_t dash = text.find('-');
  const bool has_days = dash != std::string_view::npos;
  const Limit days = has_days ? number_of(text.substr(0, dash)) : Limit(0);
  const auto parts = parts_of(has_days ? text.substr(dash + 1) : text, ':');
  if (!days || *days > 1'000'000 || parts.empty() || parts.size() > 3) return std::nullopt;
  std::int64_t numbers[3] = {0, 0, 0};  // hours, minutes, seconds
  const std::size_t first = has_days || parts.size() == 3 ? 0 : 1;
  for (std::size_t i = 0; i < parts.size(); ++i) {
    const Limit number = number_of(parts[i]);
    if (!number || *number > 1'000'000'000) return std::nullopt;
    numbers[first + i] = *number;
  }
  return std::chrono::seconds(*days * 86'400 + numbers[0] * 3'600 + numbers[1] * 60 + numbers[2]);
}

std::string limit_text(std::chrono::seconds limit) {
  const long long seconds = limit.count();
  const long long days = seconds / 86'400;
  char text[48];
  std::snprintf(text, sizeof text, "%02lld:%02lld:%02lld", seconds / 3'600 % 24,
                seconds / 60 % 60, seconds % 60);
  return (days > 0 ? std::to_string(days) + "-" : "") + text;
}

}  // namespace hpo::slurm
