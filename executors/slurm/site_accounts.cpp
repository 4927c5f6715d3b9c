// Accounts and QOS that the user may not use, and their limits: see site_view.hpp.
#include "executors/slurm/site_view.hpp"

namespace hpo::slurm {
namespace {

std::string show_user(const SiteView& view) {
  return "sacctmgr show assoc user=" + view.site.user + " format=account,partition,qos";
}

// What accounting knows and the controller does not enforce is no obstacle.
Weight weight_of(const SiteView& view, bool SiteConfig::*enforces) {
  return view.site.config && !(*view.site.config.*enforces) ? Weight::note : Weight::error;
}

// A limit of time and of numbers, of a QOS or of an association.
struct Limits {
  std::string which{};     // "the QOS \"tiny\""
  std::string set_where{};  // "of the QOS; sacctmgr show qos tiny format=name"
  std::string other{};     // what to change instead of the study's numbers
  TimeLimit time_max{};
  Limit jobs_max{};
  Limit submit_max{};
  std::string per_user{};  // "PU", as its columns end
};

void check_limits(const SiteView& view, const Limits& limits, std::vector<SiteProblem>& problems) {
  if (view.site.config && !view.site.config->enforces_limits) return;
  const auto set_by = [&](const std::string& key) {
    return key + " " + limits.set_where + "," + lower(key);
  };
  const TimeLimit asked = view.asked_time();
  const TimeLimit time = asked ? asked : view.default_time();
  if (time && limits.time_max && *time > *limits.time_max) {
    const std::string job = asked ? "a job asks for " : "without \"time\" a job gets ";
    problems.push_back({Weight::error, job + limit_text(*time) + ", and " + limits.which +
                        " allows " + limit_text(*limits.time_max), set_by("MaxWall"),
                        std::string(asked ? "lower" : "set") + " \"time\", or choose another " +
                        limits.other});
  }
  const std::int64_t jobs = view.spec.slots();  // max_queued bounds those that wait, alone
  const std::string wants = "the study wants " + std::to_string(jobs) + " jobs at a time, and " +
                            limits.which;
  if (limits.submit_max && *limits.submit_max < jobs) {
    const std::string most = std::to_string(*limits.submit_max);
    problems.push_back({Weight::error, wants + " lets you have " + most + " in the queue",
                        set_by("MaxSubmit" + limits.per_user),
                        "lower \"parallel\" to " + most + ", or choose another " +
                        limits.other});
  } else if (limits.jobs_max && *limits.jobs_max < jobs) {
    problems.push_back({Weight::note, wants + " runs " + std::to_string(*limits.jobs_max) +
                        " of yours", set_by("MaxJobs" + limits.per_user),
                        "nothing to do: the others wait in the queue"});
  }
}

Limits limits_of(const Qos& qos, const std::string& whose) {
  return {.which = whose + " QOS " + quoted(qos.name),
          .set_where = "of the QOS; sacctmgr show qos " + qos.name + " format=name",
          .other = "\"qos\"", .time_max = qos.time_max, .jobs_max = qos.jobs_max,
          .submit_max = qos.submit_max, .per_user = "PU"};
}

Limits limits_of(const SiteView& view, const Association& association) {
  return {.which = "the account " + quoted(association.account),
          .set_where = "of your association; " + show_user(view), .other = "\"account\"",
          .time_max = association.time_max, .jobs_max = association.jobs_max,
          .submit_max = association.submit_max, .per_user = {}};
}

void check_qos_of_partition(const Partition& partition, const std::string& name,
                            std::vector<SiteProblem>& problems) {
  const bool is_let_in = partition.qos_allowed.empty() || has(partition.qos_allowed, name);
  if (is_let_in && !has(partition.qos_denied, name)) return;
  problems.push_back({Weight::error, "partition " + quoted(partition.name) +
                      " is closed to the QOS " + quoted(name),
                      "AllowQos and DenyQos in slurm.conf; scontrol show partition " +
                      partition.name,
                      partition.qos_allowed.empty() ? "choose another \"qos\""
                      : "set \"qos\" to one of these: " + joined(partition.qos_allowed)});
}

void check_qos_name(const SiteView& view, std::vector<SiteProblem>& problems) {
  const std::string name = lower(view.batch.qos);
  const Weight weight = weight_of(view, &SiteConfig::enforces_qos);
  std::vector<std::string> usable;
  if (view.site.associations) {
    for (const Association* each : view.associations()) {
      for (const std::string& qos : each->qos) {
        if (!has(usable, qos)) usable.push_back(qos);
      }
    }
  }
  const std::string those = "set \"qos\" to one of these: " + joined(usable);
  if (view.site.qos && view.qos_of(name) == nullptr) {
    problems.push_back({weight, "there is no QOS " + quoted(view.batch.qos), "sacctmgr show qos",
                        those});
  } else if (!usable.empty() && !has(usable, name)) {
    problems.push_back({weight, "you may not use the QOS " + quoted(view.batch.qos),
                        show_user(view), those});
  } else if (const Partition* partition = view.partition()) {
    check_qos_of_partition(*partition, name, problems);
  }
}

}  // namespace

void check_account(const SiteView& view, std::vector<SiteProblem>& problems) {
  if (view.sets({"--account", "-A"})) return;
  const std::string& account = view.batch.account;
  if (view.site.associations && view.associations().empty()) {
    const bool has_none = view.site.associations->empty();
    problems.push_back({weight_of(view, &SiteConfig::enforces_accounts),
                        has_none || account.empty()
                            ? "Slurm's accounting lets you use no account here"
                            : "you may not use the account " + quoted(account),
                        show_user(view),
                        has_none ? "ask the site's administrators for an account"
                                 : "set \"account\" to one of these: " +
                                       joined(usable_accounts(view.site))});
    return;
  }
  const Partition* partition = view.partition();
  if (partition == nullptr || account.empty()) return;
  const bool is_let_in = partition->accounts.empty() || has(partition->accounts, account);
  if (is_let_in && !has(partition->accounts_denied, account)) return;
  problems.push_back({Weight::error, "partition " + quoted(partition->name) +
                      " is closed to the account " + quoted(account),
                      "AllowAccounts and DenyAccounts in slurm.conf; scontrol show partition " +
                      partition->name, "choose another \"account\" or \"partition\""});
}

void check_qos(const SiteView& view, std::vector<SiteProblem>& problems) {
  const std::string name = view.effective_qos();
  if (!view.batch.qos.empty() && !name.empty()) check_qos_name(view, problems);
  if (const Qos* qos = view.qos_of(name)) {
    check_limits(view, limits_of(*qos, view.batch.qos.empty() ? "your" : "the"), problems);
  }
  const Partition* partition = view.partition();
  if (partition != nullptr && partition->qos != name) {
    const Qos* qos = view.qos_of(partition->qos);
    if (qos != nullptr) check_limits(view, limits_of(*qos, "the partition's"), problems);
  }
  if (!view.site.associations) return;
  const auto own = view.associations();
  if (own.size() == 1) check_limits(view, limits_of(view, *own.front()), problems);
}

}  // namespace hpo::slurm
