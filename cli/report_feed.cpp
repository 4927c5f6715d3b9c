// The reports of a study into its learning curves.
#include "cli/report_feed.hpp"

#include <algorithm>

#include "cli/json_view.hpp"
#include "cli/pages.hpp"

namespace hpo::cli {
namespace {

constexpr int next_pages_max = 3;
constexpr int begin_pages_max = 25;            // a tenth of a second
constexpr std::int64_t reports_back = 20'000;  // before the last trial ended

}  // namespace

std::optional<Failure> ReportFeed::begin(const std::vector<json::Node>& completed,
                                         std::optional<std::int64_t> best, Curves& curves) {
  const std::size_t kept = std::min(completed.size(), Curves::curves_max);
  for (std::size_t i = completed.size() - kept; i < completed.size(); ++i) {
    const std::int64_t seq = integer_of(member(completed[i], "history_seq"));
    after_ = std::max(after_, seq - reports_back);
    curves.complete(integer_of(member(completed[i], "number")), seq);
  }
  if (auto failure = take(begin_pages_max, curves)) return failure;
  if (best && !curves.empty()) {
    const std::string trial = trial_target(study_, static_cast<int>(*best));
    const auto told = each_report(client_, {.target = trial + "/reports", .key = "step"},
                                  [&](const json::Node& report) { curves.take(report); });
    if (!told) return told.failure();
    curves.complete(*best, 0);
  }
  curves.forget_old(best);
  return std::nullopt;
}

std::optional<Failure> ReportFeed::next(std::optional<std::int64_t> best, Curves& curves) {
  if (auto failure = take(next_pages_max, curves)) return failure;
  curves.forget_old(best);
  return std::nullopt;
}

std::optional<Failure> ReportFeed::take(int pages_max, Curves& curves) {
  const auto after = each_report(
      client_,
      {.target = study_target(study_) + "/reports", .after = after_, .pages_max = pages_max},
      [&](const json::Node& report) { curves.take(report); });
  if (!after) return after.failure();
  after_ = *after;
  return std::nullopt;
}

}  // namespace hpo::cli
