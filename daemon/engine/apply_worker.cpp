// Folds what becomes of worker jobs: submitted as attempts are, asked once, ended.
#include "daemon/engine/apply.hpp"

namespace hpo::engine {
namespace {

WorkerJob* find_worker(Study& study, int number) {
  const auto job = study.workers.find(number);
  return job == study.workers.end() ? nullptr : &job->second;
}

// nullptr: there is no such worker job, or its submission has been decided.
WorkerJob* find_doubtful_worker(Study& study, int number) {
  WorkerJob* job = find_worker(study, number);
  return job && is_doubtful(job->attempt.state) ? job : nullptr;
}

Result<void> may_submit_worker(const Study& study, const WorkerSubmitting& e) {
  if (study.progress.state != StudyState::running) return impossible("only a running study starts");
  const auto job = study.workers.find(e.worker);
  if (job != study.workers.end()) {
    return job->second.attempt.state == AttemptState::absent
               ? Result<void>() : impossible("a worker job has one submission at a time");
  }
  if (e.worker != study.progress.workers) return impossible("worker jobs are counted one by one");
  const bool is_wanted = static_cast<int>(study.workers.size()) < workers_wanted(study);
  return is_wanted ? Result<void>() : impossible("more worker jobs than have something to do");
}

std::string end_text(const WorkerJob& job) {
  const Attempt& attempt = job.attempt;
  const std::string id = attempt.native_id.empty() ? "" : " (" + attempt.native_id + ")";
  const auto& failure = attempt.outcome.failure;
  const std::string how = failure ? std::string(word(*failure)) : "with exit code 0";
  return "worker job " + std::to_string(attempt.number) + id + " ended: " + how +
         (attempt.outcome.message.empty() ? "" : ", " + attempt.outcome.message);
}

// What we did not end, others took away.
Outcome attributed_worker(Outcome outcome, bool is_wanted) {
  if (outcome.status == OutcomeStatus::cancelled && is_wanted) {
    outcome.status = OutcomeStatus::failed;
    outcome.failure = FailureClass::preempted;
  }
  return outcome;
}

Changes close_worker(Study& study, int number, AttemptState state, const Outcome& told) {
  const bool is_wanted = !workers_unwanted(study).contains(number);
  auto node = study.workers.extract(number);
  WorkerJob job = std::move(node.mapped());
  spend(study.progress, used_node_ms(*study.spec, job, told));
  job.attempt.outcome = attributed_worker(told, is_wanted);
  const OutcomeStatus status = job.attempt.outcome.status;
  job.attempt.state = state == AttemptState::rejected ? state : closed_state(status);
  Progress& progress = study.progress;
  const bool is_in_vain = is_wanted && !job.has_asked;
  if (is_in_vain) ++progress.workers_in_vain;
  const bool has_died = is_wanted && status != OutcomeStatus::completed;
  if (is_in_vain || has_died) progress.worker_end = end_text(job);
  return Changes{.worker = std::move(job)};
}

}  // namespace

Result<Changes> on(Study& study, const WorkerSubmitting& e, const Event& event) {
  if (auto may = may_submit_worker(study, e); !may) return may.error();
  if (!study.workers.contains(e.worker)) ++study.progress.workers;
  WorkerJob& job = study.workers[e.worker];
  job.name = e.name;
  job.attempt = Attempt{.trial = -1, .number = e.worker, .job = e.job, .devices = e.devices,
                        .submitting_ns = event.at_ns};
  return Changes{.worker = job};
}

Result<Changes> on(Study& study, const WorkerSubmitted& e, const Event& event) {
  WorkerJob* job = find_doubtful_worker(study, e.worker);
  if (!job || job->attempt.job != e.job) return impossible("no such submission is under way");
  job->attempt.state = e.is_running ? AttemptState::running : AttemptState::submitted;
  job->attempt.native_id = e.native_id;
  job->attempt.submitted_ns = event.at_ns;
  job->attempt.message.clear();
  return Changes{.worker = *job};
}

Result<Changes> on(Study& study, const WorkerRejected& e, const Event&) {
  WorkerJob* job = find_doubtful_worker(study, e.worker);
  if (!job) return impossible("no submission is under way");
  job->attempt.message = e.message;
  return close_worker(study, e.worker, AttemptState::rejected,
                      {.failure = FailureClass::rejected, .message = e.message});
}

Result<Changes> on(Study& study, const WorkerUnknown& e, const Event&) {
  WorkerJob* job = find_worker(study, e.worker);
  if (!job || job->attempt.state != AttemptState::submitting) {
    return impossible("only a submission that is under way becomes unknown");
  }
  job->attempt.state = AttemptState::unknown;
  job->attempt.message = e.message;
  return Changes{.worker = *job};
}

Result<Changes> on(Study& study, const WorkerAbsent& e, const Event&) {
  WorkerJob* job = find_doubtful_worker(study, e.worker);
  if (!job) return impossible("no submission is in doubt");
  job->attempt.state = AttemptState::absent;
  job->attempt.message = e.message;
  return Changes{.worker = *job};
}

Result<Changes> on(Study& study, const WorkerRunning& e, const Event&) {
  WorkerJob* job = find_worker(study, e.worker);
  if (!job || job->attempt.state != AttemptState::submitted) {
    return impossible("only a submitted worker job starts to run");
  }
  job->attempt.state = AttemptState::running;
  return Changes{.worker = *job};
}

// It speaks, so it runs; a submission that is in doubt is looked for nevertheless: who asked may be
// of another one.
Result<Changes> on(Study& study, const WorkerAsked& e, const Event&) {
  WorkerJob* job = find_worker(study, e.worker);
  if (!job || job->has_asked) return impossible("a worker job asks for the first time once");
  job->has_asked = true;
  if (job->attempt.state == AttemptState::submitted) job->attempt.state = AttemptState::running;
  study.progress.workers_in_vain = 0;
  study.progress.worker_end.clear();
  return Changes{.worker = *job};
}

Result<Changes> on(Study& study, const WorkerEnded& e, const Event&) {
  WorkerJob* job = find_worker(study, e.worker);
  if (!job) return impossible("no such worker job is there");
  const bool has_job = is_live(job->attempt.state);
  const bool is_dropped = e.outcome.status == OutcomeStatus::cancelled &&
                          workers_unwanted(study).contains(e.worker);
  if (!has_job && !is_dropped) {
    return impossible("a worker job without a job only ends when it is not wanted");
  }
  return close_worker(study, e.worker, job->attempt.state, e.outcome);
}

}  // namespace hpo::engine
