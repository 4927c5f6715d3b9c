// What is due for worker jobs: how many there should be, which of them have to go.
//
// A worker job that has nothing to do and no trial goes, those first that have not asked yet: they
// may wait in a queue. After a death the next ones start one by one, until one has asked for a
// trial: what kills them may kill all.
#include <algorithm>

#include "daemon/engine/apply.hpp"

namespace hpo::engine {
namespace {

int trials_left(const Study& study) {
  const bool wants_more = enough(study) == StudyReason::none;
  return static_cast<int>(study.open.size()) +
         (wants_more ? study.trials_total() - study.progress.created : 0);
}

// By the names of their worker jobs.
std::set<std::string_view> with_trials(const Study& study) {
  std::set<std::string_view> names;
  const auto add = [&](int number) {
    const Lease& lease = study.open.at(number).trial.lease;
    if (lease.is_held()) names.insert(job_name_of_worker(lease.worker));
  };
  for (const int number : study.running) add(number);
  for (const int number : study.leased) add(number);
  return names;
}

bool has_one_unasked(const Study& study) {
  return std::ranges::any_of(study.workers, [](const auto& entry) {
    return !entry.second.has_asked && entry.second.attempt.state != AttemptState::absent;
  });
}

}  // namespace

int workers_wanted(const Study& study) {
  const StudySpec& spec = *study.spec;
  const bool may_work = spec.has_worker_jobs() && study.progress.state == StudyState::running &&
                        study.progress.workers_in_vain < workers_in_vain_max && may_begin(study);
  if (!may_work) return 0;
  const int slots = spec.slots_per_worker();
  return std::min(workers_within(study), (trials_left(study) + slots - 1) / slots);
}

std::set<int> workers_unwanted(const Study& study) {
  std::set<int> unwanted;
  const auto there = static_cast<int>(study.workers.size());
  int surplus = there == 0 ? 0 : there - workers_wanted(study);
  if (surplus <= 0) return unwanted;
  const auto busy = with_trials(study);
  for (const bool has_asked : {false, true}) {
    for (auto job = study.workers.rbegin(); job != study.workers.rend() && surplus > 0; ++job) {
      if (job->second.has_asked != has_asked || busy.contains(job->second.name)) continue;
      unwanted.insert(job->first);
      --surplus;
    }
  }
  return unwanted;
}

std::optional<int> worker_job_of(const Study& study, std::string_view worker) {
  const std::string_view name = job_name_of_worker(worker);
  for (const auto& [number, job] : study.workers) {
    if (job.name == name) return number;
  }
  return std::nullopt;
}

void care_for_workers(const Study& study, std::vector<Action>& actions) {
  if (study.workers.empty()) return;
  const std::set<int> unwanted = workers_unwanted(study);
  for (const auto& [number, job] : study.workers) {
    const AttemptState state = job.attempt.state;
    if (is_doubtful(state)) {
      actions.push_back(LocateWorker{number});
    } else if (unwanted.contains(number)) {
      if (state == AttemptState::absent) actions.push_back(DropWorker{number});
      else actions.push_back(CancelWorker{number});
    }
  }
}

void start_workers(const Study& study, std::vector<Action>& actions) {
  if (!study.spec->has_worker_jobs()) return;
  const bool is_careful = !study.progress.worker_end.empty();
  if (is_careful && has_one_unasked(study)) return;
  std::vector<int> due;
  const std::set<int> unwanted = workers_unwanted(study);
  for (const auto& [number, job] : study.workers) {  // submitted in vain: the same one once more
    const bool is_due = job.attempt.state == AttemptState::absent && !unwanted.contains(number);
    if (is_due) due.push_back(number);
  }
  const int lack = workers_wanted(study) - static_cast<int>(study.workers.size());
  for (int i = 0; i < lack; ++i) due.push_back(study.progress.workers + i);
  if (is_careful) due.resize(std::min<std::size_t>(due.size(), 1));
  for (const int number : due) actions.push_back(StartWorker{number});
}

std::string workers_in_vain_detail(const Study& study) {
  return std::to_string(study.progress.workers_in_vain) +
         " worker jobs in a row ended before they asked for a trial; the last one: " +
         study.progress.worker_end + "\nread what they printed, in studies/" + study.spec->name +
         "/workers of the state directory; mend it, then 'hpo resume'";
}

}  // namespace hpo::engine
