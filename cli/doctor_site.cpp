// See doctor_site.hpp.
#include "cli/doctor_site.hpp"

#include "cli/site_report.hpp"
#include "cli/text.hpp"

namespace hpo::cli {
namespace {

constexpr std::chrono::seconds kept_long_enough{60};

void tell_configuration(const slurm::SiteConfig& config, DoctorReport& report) {
  report.ok("configuration", "Slurm " + config.version + ", cluster " + config.cluster +
            ", the controller answers");
  const bool is_short = config.finished_kept && *config.finished_kept < kept_long_enough;
  if (!is_short || config.has_accounting) return;
  report.note("configuration", "finished jobs leave squeue after " +
              duration_text(static_cast<double>(config.finished_kept->count())) +
              " (MinJobAge), and there is no accounting: ends are known by files alone");
}

void tell_place(const StudySpec& spec, const slurm::Site& site, DoctorReport& report) {
  const std::string& wanted = spec.executor.batch.partition;
  for (const slurm::Partition& each : site.partitions.value_or(std::vector<slurm::Partition>())) {
    if (wanted.empty() ? !each.is_default : each.name != wanted) continue;
    const std::string time = each.time_max ? slurm::limit_text(*each.time_max) + " at most"
                                           : "no limit of time";
    report.ok("partition", each.name + (each.is_default ? " (default): " : ": ") + each.state +
              ", " + time + ", " + counted(each.nodes, "node"));
  }
  std::string accounts;
  for (const std::string& each : slurm::usable_accounts(site)) {
    accounts += (accounts.empty() ? "" : ", ") + each;
  }
  if (!accounts.empty()) report.ok("accounts", accounts);
}

bool tell_limits(const StudySpec& spec, const SiteAnswer& answer, DoctorReport& report) {
  const auto problems = problems_of(spec, answer);
  for (const slurm::SiteProblem& each : problems) {
    const std::string text = each.what + (each.where.empty() ? "" : "\n" + each.where);
    if (each.weight == slurm::Weight::error) report.failed("limits", text, each.remedy);
    else report.note("limits", text, each.remedy);
  }
  if (has_errors(problems)) return false;
  if (answer.test && answer.test->is_accepted == true) report.ok("limits", answer.test->text);
  return true;
}

}  // namespace

bool report_site(const StudySpec& spec, const SiteAnswer& answer, DoctorReport& report) {
  if (!answer.has_answered) {
    report.failed("configuration", answer.unknown.empty() ? "no answer" : answer.unknown[0],
                  "scontrol ping tells whether the controller runs; SLURM_CONF says where the "
                  "configuration lies");
    return false;
  }
  tell_configuration(*answer.site.config, report);
  tell_place(spec, answer.site, report);
  for (const std::string& each : answer.unknown) report.note("not known", each);
  return tell_limits(spec, answer, report);
}

}  // namespace hpo::cli
