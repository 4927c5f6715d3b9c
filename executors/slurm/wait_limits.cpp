// See wait_limits.hpp.
#include "executors/slurm/wait_limits.hpp"

#include <algorithm>
#include <chrono>

#include "executors/slurm/site.hpp"

namespace hpo::slurm {
namespace {

// Of the limits that a QOS sets for a user, this one alone lets jobs wait; the number that may be
// queued is told at submission.
constexpr std::string_view running_jobs = "QOSMaxJobsPerUserLimit";
constexpr std::chrono::nanoseconds remembered = std::chrono::minutes(10);

}  // namespace

std::vector<std::string> waiting_qos_arguments(const std::string& user_id) {
  return {"squeue", "--noheader", "--states=PENDING", "--user=" + user_id, "--format=%r|%q|."};
}

Result<std::vector<std::string>> parse_waiting_qos(std::string_view text) {
  std::vector<std::string> all;
  while (!text.empty()) {
    const std::size_t end = text.find('\n');
    std::string_view line = text.substr(0, end);
    if (end == std::string_view::npos || !line.ends_with("|.")) {
      return Error{ErrorCode::corrupt, "the listing was cut", "squeue",
                   "nothing to do: it is asked again"};
    }
    text.remove_prefix(end + 1);
    line.remove_suffix(2);
    if (!line.starts_with(running_jobs)) continue;
    std::string qos(line.substr(line.rfind('|') + 1));
    if (std::find(all.begin(), all.end(), qos) == all.end()) all.push_back(std::move(qos));
  }
  return all;
}

std::optional<std::int64_t> WaitLimits::of(std::string_view reason, const std::string& user_id) {
  if (reason != running_jobs) return std::nullopt;
  const std::int64_t now_ns = monotonic_ns_();
  if (!asked_ns_ || now_ns - *asked_ns_ > remembered.count()) {
    limit_ = look(user_id);
    asked_ns_ = now_ns;
  }
  return limit_;
}

std::optional<std::int64_t> WaitLimits::look(const std::string& user_id) const {
  const auto listing = ask_(waiting_qos_arguments(user_id));
  if (!listing) return std::nullopt;
  const auto names = parse_waiting_qos(*listing);
  if (!names || names->size() != 1) return std::nullopt;
  const auto limits = ask_(qos_arguments());
  if (!limits) return std::nullopt;
  const auto all = parse_qos(*limits);
  if (!all) return std::nullopt;
  const auto own = std::find_if(all->begin(), all->end(),
                                [&](const Qos& qos) { return qos.name == names->front(); });
  return own == all->end() ? std::nullopt : own->jobs_max;
}

}  // namespace hpo::slurm
