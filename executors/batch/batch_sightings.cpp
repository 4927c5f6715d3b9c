// The part of batch_executor.hpp that remembers what the scheduler has shown of a job's name, and
// chooses the one that counts.
#include <algorithm>
#include <tuple>

#include "executors/attempt_directory.hpp"
#include "executors/batch/batch_executor.hpp"

namespace hpo::batch {

// Schedulers forget jobs: what was once said of an end counts.
void BatchExecutor::remember_end(const Sighting& seen) {
  Ends& ends = ended_[seen.name];
  if (std::ranges::find(ends, seen.id, &Sighting::id) == ends.end()) ends.push_back(seen);
}

// Listings do not tell exit codes, accounting does.
const Sighting& BatchExecutor::with_exit_code(const Sighting& seen) const {
  const auto rows = accounted_.find(seen.name);
  if (rows == accounted_.end()) return seen;
  const auto same = std::ranges::find(rows->second, seen.id, &Sighting::id);
  return same == rows->second.end() ? seen : *same;
}

BatchExecutor::Sightings BatchExecutor::sightings(const std::string& name) const {
  Sightings found = queries_.named(name);
  for (const auto* ends : {&accounted_, &ended_}) {
    const auto rows = ends->find(name);
    if (!found.empty() || rows == ends->end()) continue;
    for (const Sighting& row : rows->second) found.push_back(&row);
  }
  return found;
}

// The job that counts for the attempt. Another submission of it, under another name, may have taken
// the claim: then the job of this name finds nothing to do. Several jobs of one name come from a
// submission that was carried out twice.
const Sighting* BatchExecutor::choose(const Job& job) {
  Sightings found = sightings(job.name);
  if (found.size() == 1 && found.front()->phase != Phase::ended) return found.front();
  const MaybeClaim claim = claim_of(job);
  if (claim && claim->job != job.name) found = sightings(claim->job);
  if (claim && !claim->native_id.empty()) {  // the holder may be hidden while a surplus job shows
    std::erase_if(found, [&](const Sighting* seen) {
      return seen->phase == Phase::ended && seen->id != claim->native_id;
    });
  }
  if (found.empty()) return nullptr;
  const auto rank = [&](const Sighting* seen) {
    const bool has_claim = claim && claim->native_id == seen->id;
    return std::tuple(!has_claim, seen->phase == Phase::ended, seen->id.size(), seen->id);
  };
  const Sighting* kept = *std::ranges::min_element(found, {}, rank);
  if (found.size() > 1 && claim) withdraw_surplus(found, *kept);
  return kept;
}

}  // namespace hpo::batch
