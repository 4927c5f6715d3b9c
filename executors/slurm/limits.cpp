// See limits.hpp. The grammar: owner (QOS, Assoc, none), then Grp, Max or Min, resource, Minutes or
// RunMinutes, PerJob, PerNode, PerUser or PerAccount, and at times "Limit" or "NotSatisfied".
#include "executors/slurm/limits.hpp"

#include <algorithm>
#include <array>

namespace hpo::slurm {
namespace {

struct Resource {
  std::string_view word{};
  std::string_view plain{};
};

constexpr auto resources = std::to_array<Resource>({
    {"SubmitJobs", "jobs queued"}, {"SubmitJob", "jobs queued"}, {"Jobs", "jobs running"},
    {"Job", "jobs running"}, {"Cpu", "CPUs"}, {"CPU", "CPUs"}, {"Memory", "memory"},
    {"Mem", "memory"}, {"Node", "nodes"}, {"GRES", "GPUs"}, {"License", "licences"},
    {"WallDuration", "time"}, {"Wall", "time"}, {"Energy", "energy"}, {"Billing", "billing units"},
    {"BB", "burst buffer"}, {"Unknown", "resources"}, {"Resource", "resources"}, {"Time", "time"},
});

bool take(std::string_view& text, std::string_view word) {
  if (!text.starts_with(word)) return false;
  text.remove_prefix(word.size());
  return true;
}

std::string_view take_resource(std::string_view& text) {
  for (const Resource& resource : resources) {
    if (take(text, resource.word)) return resource.plain;
  }
  return {};
}

// What follows the resource; false: no such reason.
bool take_scope(std::string_view text, bool is_group, LimitReason& reason) {
  reason.is_of_running = take(text, "RunMinutes") || take(text, "RunMins");
  reason.is_of_minutes = reason.is_of_running || take(text, "Minutes");
  const bool is_of_job = take(text, "PerJob");
  const bool is_of_node = take(text, "PerNode");
  const bool is_of_user = take(text, "PerUser");
  const bool is_of_account = take(text, "PerAccount");
  if (!take(text, "Limit")) take(text, "NotSatisfied");
  const bool is_count = reason.resource.starts_with("jobs");
  reason.scope = is_of_node                  ? "a node"
                 : is_of_account             ? "your account"
                 : is_group                  ? "all its users"
                 : is_of_user || is_count    ? "you"
                                             : "a job";
  reason.is_of_job = reason.is_minimum || reason.scope == "a job" || reason.scope == "a node";
  // Minutes of one job are its size; those of many are a budget, and so is a group's time.
  const bool is_budget = reason.is_of_minutes || (is_group && reason.resource == "time");
  reason.is_used_up = is_budget && !is_of_job && !reason.is_of_running;
  return text.empty();
}

// What there is no number of.
bool is_mass(std::string_view resource) {
  return resource == "memory" || resource == "time" || resource == "energy" ||
         resource == "burst buffer";
}

}  // namespace

std::optional<LimitReason> limit_reason(std::string_view text) {
  LimitReason reason;
  const bool is_of_qos = take(text, "QOS");
  const bool is_of_association = !is_of_qos && (take(text, "Association") || take(text, "Assoc"));
  reason.owner = is_of_association ? "your account" : "your QOS";
  const bool is_maximum = take(text, "Max");
  reason.is_minimum = !is_maximum && take(text, "Min");
  const bool has_owner = is_of_qos || is_of_association;
  if (!has_owner && !is_maximum) return std::nullopt;  // "MaxCpuPerAccount" is of the QOS
  const bool is_group = !is_maximum && !reason.is_minimum;
  if (is_group) take(text, "Grp");  // "QOSJobLimit" of old releases means the same
  reason.resource = take_resource(text);
  if (reason.resource.empty() || !take_scope(text, is_group, reason)) return std::nullopt;
  return reason;
}

std::string limit_sentence(const LimitReason& reason, std::optional<std::int64_t> limit) {
  const std::string owner(reason.owner);
  const std::string scope(reason.scope);
  const bool is_mass_noun = is_mass(reason.resource) && !reason.is_of_minutes;
  const std::string resource = (reason.is_of_minutes ? "minutes of " : "") +
                               std::string(reason.resource);
  const std::string number = limit          ? std::to_string(*limit) + " "
                             : is_mass_noun ? "only so much "
                                            : "only so many ";
  if (reason.is_minimum) {
    return "it asks for " + std::string(is_mass_noun ? "less " : "fewer ") + resource + " than " +
           owner + " wants";
  }
  if (reason.is_used_up) return owner + " has used up its " + resource;
  if (reason.is_of_job) {
    return "it asks for more " + resource + " than " + owner + " gives to " + scope +
           (limit ? ": " + std::to_string(*limit) : "");
  }
  if (reason.is_of_running) {
    return owner + " gives the running jobs of " + scope + " " + number + resource;
  }
  if (reason.resource == "jobs running") {
    return owner + " runs " + number + "jobs at a time" +
           (scope == "you" ? "" : " of " + scope + " together");
  }
  return owner + " gives " + scope + " " + number + resource + " at a time";
}

}  // namespace hpo::slurm
