// The part of batch_executor.hpp that puts right what must not have been: jobs that are there
// twice, or for nobody.
#include <filesystem>

#include "executors/attempt_directory.hpp"
#include "executors/batch/batch_executor.hpp"

namespace hpo::batch {
namespace {

constexpr std::size_t own_prefix = 7;  // "hpo" and the installation's four characters

}  // namespace

// Once there is a claim, what still waits is withdrawn; before, it may have begun and taken the
// claim since the listing. What runs finds the claim taken.
void BatchExecutor::withdraw_surplus(const Sightings& found, const Sighting& kept) {
  std::vector<Sighting> surplus;
  for (const Sighting* each : found) {
    if (each != &kept && is_waiting(*each)) surplus.push_back(*each);
  }
  if (surplus.empty() || surplus_[kept.name] == queries_.count()) return;
  surplus_[kept.name] = queries_.count();
  record(kept.name, "it is there " + std::to_string(found.size()) + " times; job " + kept.id +
                        " is kept, and those that wait are cancelled");
  if (auto done = scheduler_->cancel(surplus); !done) config_.log("warn", done.error().what);
}

// What ended without a doubt, when its submissions that found it claimed have left their traces.
JobStatus BatchExecutor::noted(const Job& job, JobStatus status) {
  if (status.state != JobState::ended || !traced_.insert(job.name).second) return status;
  std::error_code error;
  for (std::filesystem::directory_iterator each(job.directory, error), end; !error && each != end;
       each.increment(error)) {
    const std::string name = each->path().filename();
    if (!name.starts_with(runner::duplicate_prefix)) continue;
    record(job.name, "submission " + name.substr(runner::duplicate_prefix.size()) +
                         " began as well, found the attempt claimed, and left");
  }
  return status;
}

// One that two listings show, while nobody here knows it: a submission that came late, after it
// had been given up, or one of a database that was restored since.
bool BatchExecutor::cancel_strays(std::span<const std::string> live) {
  const std::set<std::string> known(live.begin(), live.end());
  forget_all_but(known);
  if (!queries_.refresh() || queries_.count() == strays_listing_) return false;
  strays_listing_ = queries_.count();
  std::vector<Sighting> found;
  std::set<std::string> seen_now;
  for (const auto& [name, seen] : queries_.all()) {
    const bool is_ours = name.substr(0, own_prefix) == "hpo" + config_.installation;
    const bool is_alive = may_live(seen) && seen.phase != Phase::unknown;
    if (!is_ours || known.contains(name) || !is_alive) continue;
    seen_now.insert(name);
    if (strays_.contains(name)) found.push_back(seen);
  }
  strays_ = std::move(seen_now);
  if (found.empty()) return true;
  const std::set<std::string> holders = names_of_holders();
  std::erase_if(found, [&](const Sighting& seen) { return holders.contains(seen.name); });
  for (const Sighting& each : found) {
    if (over_.contains(each.name)) continue;  // its end is known here, and late to the scheduler
    record(each.name, "job " + each.id + " was there and nothing waited for it; it is cancelled");
  }
  if (found.empty()) return true;
  if (auto done = scheduler_->cancel(found); !done) config_.log("warn", done.error().what);
  return true;
}

void BatchExecutor::record(const std::string& job, const std::string& message) {
  config_.log("warn", "incident job=" + job + " message=\"" + message + "\"");
  incidents_.push_back({.job = job, .message = message});
}

// Jobs that carry out an attempt for a later submission of it, which found the claim taken.
std::set<std::string> BatchExecutor::names_of_holders() const {
  std::set<std::string> names;
  for (const auto& [name, job] : known_) {
    if (const MaybeClaim claim = claim_of(job)) names.insert(claim->job);
  }
  return names;
}

}  // namespace hpo::batch
