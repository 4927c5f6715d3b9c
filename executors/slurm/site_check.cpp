// See site_check.hpp.
#include "executors/slurm/site_check.hpp"

#include <algorithm>
#include <utility>

#include "executors/slurm/site_view.hpp"
#include "schema/asked.hpp"

namespace hpo::slurm {

namespace {

std::vector<SiteProblem> problems_of(const StudySpec& spec, const Site& site) {
  const SiteView view(spec, site);
  std::vector<SiteProblem> problems;
  if (view.sets({"--clusters", "--cluster", "-M"})) return problems;  // not the site that was asked
  check_partitions(view, problems);
  check_account(view, problems);
  check_qos(view, problems);
  return problems;
}

bool is_error(const SiteProblem& problem) { return problem.weight == Weight::error; }

// The first retry after such failures whose job no limit allows: sbatch would refuse it.
std::vector<SiteProblem> check_retries(const StudySpec& spec, const Site& site,
                                       FailureClass failure) {
  if (std::ranges::find(spec.retry.on, failure) == spec.retry.on.end()) return {};
  StudySpec grown = spec;
  Asked asked{spec.executor.time, spec.executor.batch.memory_bytes};
  for (int retry = 1; retry <= spec.retry.max; ++retry) {
    const Asked before = std::exchange(asked, asked_after(asked, failure, spec.retry.scale));
    if (asked == before) return {};
    grown.executor.time = asked.time;
    grown.executor.batch.memory_bytes = asked.memory_bytes;
    const auto problems = problems_of(grown, site);
    const auto found = std::ranges::find_if(problems, is_error);
    if (found == problems.end()) continue;
    return {{Weight::warning, "retry " + std::to_string(retry) + " after " +
             std::string(word(failure)) + " would be refused: " + found->what, found->where,
             "lower \"retry.max\" or \"retry.scale\""}};
  }
  return {};
}

}  // namespace

std::vector<SiteProblem> check(const StudySpec& spec, const Site& site) {
  std::vector<SiteProblem> problems = problems_of(spec, site);
  if (std::ranges::any_of(problems, is_error)) return problems;
  for (const auto failure : {FailureClass::timeout, FailureClass::out_of_memory}) {
    for (SiteProblem& each : check_retries(spec, site, failure)) problems.push_back(each);
  }
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
