// See site_view.hpp.
#include "executors/slurm/site_view.hpp"

#include <algorithm>
#include <cctype>

namespace hpo::slurm {

bool has(const std::vector<std::string>& list, const std::string& word) {
  return std::find(list.begin(), list.end(), word) != list.end();
}

std::string joined(const std::vector<std::string>& list) {
  std::string text;
  for (const std::string& each : list) text += (text.empty() ? "" : ", ") + each;
  return text.empty() ? "none" : text;
}

std::string quoted(const std::string& name) { return '"' + name + '"'; }

std::string lower(std::string text) {
  for (char& c : text) c = static_cast<char>(std::tolower(static_cast<unsigned char>(c)));
  return text;
}

bool SiteView::sets(std::initializer_list<std::string_view> options) const {
  return std::any_of(batch.extra.begin(), batch.extra.end(), [&](const std::string& word) {
    return std::any_of(options.begin(), options.end(), [&](std::string_view option) {
      if (!word.starts_with(option)) return false;
      const bool is_short = !option.starts_with("--");
      return is_short || option.ends_with("-") || word.size() == option.size() ||
             word[option.size()] == '=';
    });
  });
}

const Partition* SiteView::partition_of(const std::string& name) const {
  for (const Partition& each : *site.partitions) {
    if (name.empty() ? each.is_default : each.name == name) return &each;
  }
  return nullptr;
}

const Partition* SiteView::partition() const {
  if (!site.partitions || sets({"--partition", "-p"})) return nullptr;
  return partition_of(batch.partition);
}

std::vector<const Association*> SiteView::associations() const {
  std::vector<const Association*> own;
  const bool has_account = !batch.account.empty() && !sets({"--account", "-A"});
  for (const Association& each : *site.associations) {
    const bool is_other = has_account && lower(each.account) != lower(batch.account);
    const bool is_elsewhere = !each.partition.empty() && !batch.partition.empty() &&
                              each.partition != batch.partition;
    if (!is_other && !is_elsewhere) own.push_back(&each);
  }
  return own;
}

std::string SiteView::effective_qos() const {
  if (sets({"--qos", "-q"})) return {};
  if (!batch.qos.empty()) return lower(batch.qos);
  if (!site.associations) return {};
  std::string agreed;
  for (const Association* each : associations()) {
    const std::string own = !each->default_qos.empty() ? each->default_qos
                            : each->qos.size() == 1    ? each->qos.front()
                                                       : std::string();
    if (own.empty() || (!agreed.empty() && agreed != own)) return {};
    agreed = own;
  }
  return agreed;
}

const Qos* SiteView::qos_of(const std::string& name) const {
  if (!site.qos || name.empty()) return nullptr;
  for (const Qos& each : *site.qos) {
    if (lower(each.name) == lower(name)) return &each;
  }
  return nullptr;
}

TimeLimit SiteView::asked_time() const {
  if (!spec.executor.time || sets({"--time", "-t"})) return std::nullopt;
  return std::chrono::ceil<std::chrono::minutes>(*spec.executor.time);
}

TimeLimit SiteView::default_time() const {
  const Partition* own = partition();
  const bool is_set = spec.executor.time || sets({"--time", "-t"});
  return own == nullptr || is_set ? std::nullopt : own->time_default;
}

}  // namespace hpo::slurm
