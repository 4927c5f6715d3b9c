// See site_check.hpp.
#include "executors/slurm/site_check.hpp"

#include "executors/slurm/site_view.hpp"

namespace hpo::slurm {

std::vector<SiteProblem> check(const StudySpec& spec, const Site& site) {
  const SiteView view(spec, site);
  std::vector<SiteProblem> problems;
  if (view.sets({"--clusters", "--cluster", "-M"})) return problems;  // not the site that was asked
  check_partitions(view, problems);
  check_account(view, problems);
  check_qos(view, problems);
  return problems;
}

std::vector<std::string> usable_accounts(const Site& site) {
  std::vector<std::string> list;
  if (!site.associations) return list;
  for (const Association& each : *site.associations) {
    std::string text = each.account + " (QOS " + joined(each.qos);
    if (!each.partition.empty()) text += ", partition " + each.partition;
    text += ")";
    if (!has(list, text)) list.push_back(text);
  }
  return list;
}

}  // namespace hpo::slurm
