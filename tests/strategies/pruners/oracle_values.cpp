// The oracle of the rules that compare values with those of other trials. See oracle.hpp.
#include <algorithm>
#include <cmath>
#include <limits>
#include <map>

#include "tests/strategies/pruners/oracle.hpp"

namespace hpo::test {
namespace {

constexpr double no_number = std::numeric_limits<double>::infinity();

bool is_completion(const PrunerEvent& event) {
  return event.kind == PrunerEvent::Kind::finished && event.state == TrialState::completed;
}

}  // namespace

Decision PrunerOracle::percentile(const Report& report) const {
  const double percent = is_type("median") ? 50.0 : option("percentile", 25.0);
  std::size_t completed = 0;
  std::vector<double> peers;
  for (const Past& past : past_) {
    if (!is_completion(past.event)) continue;
    ++completed;
    for (const Report& each : reports_of(past.event.report.trial)) {
      const bool is_peer = each.step == report.step && loss(each.value) < no_number;
      if (is_peer) peers.push_back(loss(each.value));
    }
  }
  if (static_cast<double>(completed) < std::max(1.0, option("startup_trials", 5))) return {};
  const auto warmup = static_cast<std::int64_t>(option("warmup_steps", 0));
  const auto interval = static_cast<std::int64_t>(option("interval_steps", 1));
  if (report.step < warmup) return {};
  const std::int64_t begin = warmup + (report.step - warmup) / interval * interval;
  double best = loss(report.value);
  for (const Report& each : reports_of(report.trial)) {
    const bool is_earlier = each.step < report.step;
    if (is_earlier && each.step >= begin) return {};  // judged in this interval before
    best = std::min(best, loss(each.value));
  }
  if (best == no_number) return {.verdict = Verdict::stop};
  if (static_cast<double>(peers.size()) < option("min_trials", 1)) return {};
  std::sort(peers.begin(), peers.end());
  const double place = static_cast<double>(peers.size() - 1) * percent / 100.0;
  const auto low = static_cast<std::size_t>(place);
  const double high = peers[std::min(low + 1, peers.size() - 1)];
  const double part = place - std::floor(place);
  const double limit = peers[low] * (1.0 - part) + high * part;  // exact, in eighths
  return {.verdict = best > limit ? Verdict::stop : Verdict::go_on};
}

// By all 2^n signs, or by the normal distribution.
double PrunerOracle::p_value(const std::vector<double>& differences) const {
  const std::size_t n = differences.size();
  std::vector<double> ranks;
  double variance = 0.0;
  double sum = 0.0;
  bool is_plain = true;
  for (const double d : differences) {
    double rank = 0.5;
    double equal = 0.0;
    for (const double other : differences) {
      if (std::abs(other) < std::abs(d)) rank += 1.0;
      if (std::abs(other) == std::abs(d)) equal += 1.0;
    }
    rank += equal / 2.0;
    ranks.push_back(rank);
    variance += rank * rank / 4.0;  // of a sum of ranks with signs by chance
    sum += d > 0.0 ? rank : d == 0.0 ? rank / 2.0 : 0.0;
    is_plain = is_plain && equal == 1.0 && d != 0.0;
  }
  if (!is_plain || n > 50) {
    const double mean = static_cast<double>(n * (n + 1)) / 4.0;
    return 0.5 * std::erfc((sum - mean) / std::sqrt(2.0 * variance));
  }
  std::map<double, double> ways{{0.0, 1.0}};  // of a sum, by the signs of the ranks so far
  for (const double rank : ranks) {
    const std::map<double, double> before = ways;
    for (const auto& [other, count] : before) ways[other + rank] += count;
  }
  double as_much = 0.0;
  for (const auto& [other, count] : ways) as_much += other >= sum ? count : 0.0;
  return as_much / std::pow(2.0, static_cast<double>(n));
}

Decision PrunerOracle::wilcoxon(const Report& report) const {
  const auto is_odd = [&](const Report& r) { return loss(r.value) == no_number; };
  const auto mean = [&](const std::vector<Report>& reports) {
    double sum = 0.0;
    for (const Report& each : reports) sum += loss(each.value);
    return sum / static_cast<double>(reports.size());
  };
  const std::vector<Report> own = reports_of(report.trial);
  std::vector<Report> best;
  double best_loss = no_number;
  for (const Past& past : past_) {
    const auto reports = reports_of(past.event.report.trial);
    if (!is_completion(past.event) || reports.empty()) continue;
    if (loss(past.event.value) >= best_loss) continue;
    best_loss = loss(past.event.value);
    best = reports;
  }
  if (std::any_of(own.begin(), own.end(), is_odd) || best.empty()) return {};
  if (std::any_of(best.begin(), best.end(), is_odd)) return {};
  std::vector<double> differences;
  for (const Report& mine : own) {
    for (const Report& theirs : best) {
      if (mine.step == theirs.step) differences.push_back(loss(mine.value) - loss(theirs.value));
    }
  }
  const auto count = static_cast<double>(differences.size());
  if (differences.empty() || count < option("startup_steps", 2)) return {};
  const bool is_worse = p_value(differences) < option("p_threshold", 0.1);
  return {.verdict = is_worse && mean(own) > mean(best) ? Verdict::stop : Verdict::go_on};
}

}  // namespace hpo::test
