// Worker jobs: as many as have something to do, replaced when they die, given up when none works.
#include <catch2/catch.hpp>

#include "tests/daemon/engine/build.hpp"

namespace hpo::engine {
namespace {

Study with_worker_jobs(int trials, int workers, int slots) {
  StudySpec spec = spec_of(trials, workers * slots);
  spec.executor.slots = slots;
  spec.dispatch = Dispatch::workers;
  spec.workers = workers;
  Study study = study_of(spec);
  happens(study, StudyCreated{});
  return study;
}

std::string name_of(int worker) { return "w" + std::to_string(worker); }

void submit(Study& study, int worker, bool is_running = true) {
  const std::string job = "job" + std::to_string(worker);
  happens(study, WorkerSubmitting{worker, name_of(worker), job});
  happens(study, WorkerSubmitted{worker, job, "id-" + job, is_running});
}

void run(Study& study, int worker) {
  submit(study, worker);
  happens(study, WorkerAsked{worker});
}

void dies(Study& study, int worker) { happens(study, WorkerEnded{worker, exited(6)}); }

// A trial of the worker job: begun, or ended too.
int begins(Study& study, int worker) {
  add_trials(study, 1);
  const int trial = study.progress.created - 1;
  happens(study, AttemptStarted{.trial = trial, .attempt = 1, .worker = name_of(worker) + "-7-9f3c",
                                .fence = 1, .job = "t" + std::to_string(trial)});
  return trial;
}

Lines due_of_workers(const Study& study) {
  Lines lines = due(study);
  std::erase_if(lines, [](const std::string& line) {
    return line.find("worker") == line.npos && line.find("end ") == line.npos;
  });
  return lines;
}

// On a batch system, in jobs of an hour.
Study with_node_hours(int workers, double node_hours) {
  StudySpec spec = spec_of(90, workers * 2);
  spec.executor = {.type = "slurm", .slots = 2, .time = std::chrono::hours(1)};
  spec.dispatch = Dispatch::workers;
  spec.workers = workers;
  spec.budget.node_hours = node_hours;
  Study study = study_of(spec);
  happens(study, StudyCreated{});
  return study;
}

void ends_after(Study& study, int worker, std::chrono::minutes time) {
  Outcome outcome{.status = OutcomeStatus::completed};
  outcome.started_ns = 1'000;
  outcome.ended_ns = 1'000 + std::chrono::nanoseconds(time).count();
  happens(study, WorkerEnded{worker, outcome});
}

}  // namespace

TEST_CASE("worker jobs use node-hours, and are no more than these allow", "[engine]") {
  using namespace std::chrono_literals;
  Study study = with_node_hours(3, 2.5);
  CHECK(due_of_workers(study) == Lines{"start worker 0", "start worker 1"});
  run(study, 0);
  run(study, 1);
  CHECK(due_of_workers(study).empty());
  CHECK(is_refused(study, WorkerSubmitting{2, "w2", "job2"}));
  ends_after(study, 0, 15min);
  CHECK(study.progress.spent_node_ms == 900'000);
  CHECK(due_of_workers(study) == Lines{"start worker 2"});  // 2.5 - 0.25 - 1 of the other one
  run(study, 2);
  ends_after(study, 1, 60min);
  CHECK(due_of_workers(study).empty());                     // 0.25 are free
  ends_after(study, 2, 20min);
  CHECK(study.progress.spent_node_ms == 5'700'000);         // 0.9 are left
  CHECK(due_of_workers(study) == Lines{"end finished node_hours"});
}

TEST_CASE("as many worker jobs start as there are, or as have trials to try", "[engine]") {
  CHECK(due_of_workers(with_worker_jobs(9, 2, 2)) == Lines{"start worker 0", "start worker 1"});
  CHECK(due_of_workers(with_worker_jobs(3, 9, 2)) == Lines{"start worker 0", "start worker 1"});
  Study study = with_worker_jobs(9, 1, 2);
  submit(study, 0);
  CHECK(due_of_workers(study).empty());
  CHECK(is_refused(study, WorkerSubmitting{1, "w1", "job1"}));
}

TEST_CASE("a submission in doubt is looked for, and an absent one made again", "[engine]") {
  Study study = with_worker_jobs(9, 1, 1);
  happens(study, WorkerSubmitting{0, "w0", "job0"});
  CHECK(due_of_workers(study) == Lines{"locate worker 0"});
  happens(study, WorkerUnknown{0, "timed out", "job0"});
  CHECK(due_of_workers(study) == Lines{"locate worker 0"});
  happens(study, WorkerAbsent{0, "not found", "job0"});
  CHECK(due_of_workers(study) == Lines{"start worker 0"});
  happens(study, WorkerSubmitting{0, "w0", "again"});
  CHECK(study.progress.workers == 1);
  CHECK(is_refused(study, WorkerSubmitted{0, "job0", "id", true}));
  happens(study, StudyPaused{});
  happens(study, WorkerAbsent{0, "not found", "again"});
  CHECK(due_of_workers(study) == Lines{"drop worker 0"});
}

TEST_CASE("after a death the next worker jobs start one by one, until one asks", "[engine]") {
  Study study = with_worker_jobs(9, 3, 1);
  for (int worker = 0; worker < 3; ++worker) run(study, worker);
  dies(study, 0);
  dies(study, 1);
  CHECK(due_of_workers(study) == Lines{"start worker 3"});
  submit(study, 3);
  CHECK(due_of_workers(study).empty());
  happens(study, WorkerAsked{3});
  CHECK(due_of_workers(study) == Lines{"start worker 4"});
}

TEST_CASE("worker jobs whose wall time is over are replaced at once", "[engine]") {
  Study study = with_worker_jobs(9, 2, 1);
  run(study, 0);
  run(study, 1);
  for (int worker : {0, 1}) happens(study, WorkerEnded{worker, completed(0)});
  CHECK(due_of_workers(study) == Lines{"start worker 2", "start worker 3"});
}

TEST_CASE("three that end before they asked pause the study, which says why", "[engine]") {
  Study study = with_worker_jobs(9, 1, 1);
  for (int worker = 0; worker < 3; ++worker) {
    CHECK(due_of_workers(study) == Lines{"start worker " + std::to_string(worker)});
    submit(study, worker);
    Outcome outcome = exited(6);
    outcome.message = "no daemon here";
    happens(study, WorkerEnded{worker, outcome});
  }
  CHECK(due(study) == Lines{"pause workers"});
  const Action action = plan(study).front();
  CHECK(std::get<Pause>(action).detail.find("no daemon here") != std::string::npos);
  happens(study, StudyPaused{StudyReason::workers, ""});
  happens(study, StudyResumed{});
  CHECK(due_of_workers(study) == Lines{"start worker 3"});
}

TEST_CASE("one that asks makes up for those that did not", "[engine]") {
  Study study = with_worker_jobs(9, 1, 1);
  for (int worker = 0; worker < 2; ++worker) {
    happens(study, WorkerSubmitting{worker, name_of(worker), "job"});
    happens(study, WorkerRejected{worker, "no such account"});
  }
  CHECK(study.progress.workers_in_vain == 2);
  run(study, 2);
  dies(study, 2);
  CHECK(study.progress.workers_in_vain == 0);
}

TEST_CASE("at the end those go that have no trial, those in the queue first", "[engine]") {
  Study study = with_worker_jobs(2, 2, 1);
  run(study, 0);
  submit(study, 1, false);
  const int trial = begins(study, 0);
  CHECK(due_of_workers(study).empty());
  happens(study, TrialCreated{.trial = 1});
  happens(study, TrialCancelled{1});
  CHECK(due_of_workers(study) == Lines{"cancel worker 1"});
  happens(study, WorkerEnded{1, cancelled()});
  CHECK(study.progress.workers_in_vain == 0);  // nobody wanted it any more
  ends(study, trial, completed(1.0));
  CHECK(due_of_workers(study) == Lines{"cancel worker 0"});
  happens(study, WorkerEnded{0, completed(0)});
  CHECK(due_of_workers(study) == Lines{"end finished trials"});
}

TEST_CASE("in a paused study a worker job stays as long as it has a trial", "[engine]") {
  Study study = with_worker_jobs(9, 2, 1);
  run(study, 0);
  run(study, 1);
  const int trial = begins(study, 0);
  happens(study, StudyPaused{});
  CHECK(due_of_workers(study) == Lines{"cancel worker 1"});
  ends(study, trial, completed(1.0));
  CHECK(due_of_workers(study) == Lines{"cancel worker 0", "cancel worker 1"});
  CHECK(is_refused(study, WorkerSubmitting{2, "w2", "job2"}));
}

TEST_CASE("a cancelled study ends when its worker jobs are gone", "[engine]") {
  Study study = with_worker_jobs(9, 1, 1);
  run(study, 0);
  happens(study, StudyCancelling{});
  CHECK(due_of_workers(study) == Lines{"cancel worker 0"});
  CHECK(is_refused(study, StudyEnded{StudyState::cancelled, StudyReason::user}));
  happens(study, WorkerEnded{0, cancelled()});
  CHECK(due(study) == Lines{"end cancelled user"});
}

TEST_CASE("a worker's process tells by its name whose it is", "[engine]") {
  Study study = with_worker_jobs(9, 1, 1);
  run(study, 0);
  CHECK(worker_job_of(study, "w0-4711-9f3c") == 0);
  for (const char* stranger : {"w0", "w0-1", "w00-4711-9f3c", "node-7-9f3c", ""}) {
    CHECK_FALSE(worker_job_of(study, stranger));
  }
}

}  // namespace hpo::engine
