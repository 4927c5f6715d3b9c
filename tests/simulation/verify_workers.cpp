// Worker jobs: how many there are, when one is replaced, and what the tables say of them.
//
// Counted here from the events anew; of the engine, only which of them nothing is left for.
#include <algorithm>

#include "daemon/engine/apply.hpp"
#include "tests/simulation/verification.hpp"

namespace hpo::sim {
namespace {

constexpr int in_vain_max = 3;

bool has_job(const WorkerJob& worker) { return is_live(worker.attempt.state); }

bool is_there(const WorkerJob& worker) {
  return has_job(worker) || worker.attempt.state == AttemptState::absent;
}

void check_start(Facts& facts, const Folded& folded, const WorkerSubmitting& e) {
  const FoldedWorkers& workers = folded.workers;
  const auto others = [&](auto matches) {
    return std::ranges::count_if(workers.jobs, [&](const auto& entry) {
      return entry.first != e.worker && matches(entry.second);
    });
  };
  if (others(is_there) >= folded.spec->workers) {
    facts.broken("I10: more worker jobs than the study has");
  }
  const auto has_yet_to_ask = [](const WorkerJob& w) { return has_job(w) && !w.has_asked; };
  if (workers.has_lost_one && others(has_yet_to_ask) > 0) {
    facts.broken("I10: two worker jobs on trial after a death");
  }
  if (workers.in_vain >= in_vain_max) facts.broken("I10: a worker job after three in vain");
  if (workers.has_lost_one) ++facts.counts["worker job replaced"];
}

void note_end(Folded& folded, int number, bool is_well) {
  FoldedWorkers& workers = folded.workers;
  const auto worker = workers.jobs.find(number);
  const bool is_unwanted = engine::workers_unwanted(folded.study).contains(number);
  if (worker == workers.jobs.end() || is_unwanted) return;
  const bool is_in_vain = !worker->second.has_asked;
  if (is_in_vain) ++workers.in_vain;
  workers.has_lost_one |= is_in_vain || !is_well;
}

void begin_anew(Folded& folded) { folded.workers.in_vain = 0, folded.workers.has_lost_one = false; }

struct Watch {
  Facts& facts;
  Folded& folded;

  void operator()(const WorkerSubmitting& e) const { check_start(facts, folded, e); }
  void operator()(const WorkerRejected& e) const { note_end(folded, e.worker, false); }
  void operator()(const WorkerEnded& e) const {
    note_end(folded, e.worker, e.outcome.status == OutcomeStatus::completed);
  }
  void operator()(const WorkerAsked&) const { begin_anew(folded); }
  void operator()(const StudyResumed&) const { begin_anew(folded); }
  void operator()(const StudyReopened&) const { begin_anew(folded); }
  void operator()(const StudyPaused& e) const {
    const bool is_theirs = e.reason == StudyReason::workers;
    if (is_theirs && folded.workers.in_vain < in_vain_max) {
      facts.broken("I10: paused though no three worker jobs were in vain");
    }
  }
  void operator()(const StudyEnded&) const {
    const auto is_one = [](const auto& entry) { return is_there(entry.second); };
    if (std::ranges::any_of(folded.workers.jobs, is_one)) {
      facts.broken("I14: a study ended before its worker jobs");
    }
  }
  void operator()(const auto&) const {}
};

}  // namespace

void check_workers_before(Facts& facts, Folded& folded, const Event& event) {
  std::visit(Watch{facts, folded}, event.body);
}

void note_worker(Facts& facts, Folded& folded, const WorkerJob& worker) {
  auto& jobs = folded.workers.jobs;
  const auto known = jobs.find(worker.attempt.number);
  const std::string from =
      known == jobs.end() ? "begins as "
                          : std::string(word(known->second.attempt.state)) + " to ";
  const bool is_same = known != jobs.end() && known->second.attempt.state == worker.attempt.state;
  if (!is_same) ++facts.counts["worker " + from + std::string(word(worker.attempt.state))];
  jobs[worker.attempt.number] = worker;
  const bool runs = worker.attempt.state == AttemptState::running;
  if (runs) folded.workers.have_run.insert(worker.attempt.number);
}

std::int64_t node_ns(const Folded& folded, const WorkerJob& worker) {
  const ExecutorSpec& executor = folded.spec->executor;
  const std::int64_t asked_ns = executor.batch.nodes *
      std::chrono::nanoseconds(executor.time.value_or(std::chrono::seconds(0))).count();
  const Outcome& outcome = worker.attempt.outcome;
  if (is_there(worker) || worker.attempt.state == AttemptState::lost) return asked_ns;
  if (outcome.started_ns > 0) return executor.batch.nodes * (outcome.ended_ns - outcome.started_ns);
  return folded.workers.have_run.contains(worker.attempt.number) ? asked_ns : 0;
}

void check_worker_tables(Facts& facts) {
  for (const auto& [id, folded] : facts.studies) {
    const Rows rows = facts.query("SELECT number, state, asked, job FROM workers WHERE study = " +
                                  std::to_string(id));
    const auto& jobs = folded.workers.jobs;
    if (rows.size() != jobs.size()) facts.broken("I2: events and table differ in worker jobs");
    for (const auto& row : rows) {
      const auto found = jobs.find(std::stoi(row[0]));
      const bool is_same = found != jobs.end() && row[1] == word(found->second.attempt.state) &&
                           (row[2] == "1") == found->second.has_asked &&
                           row[3] == found->second.attempt.job;
      if (!is_same) facts.broken("I2: events and table differ in worker job " + row[0]);
    }
  }
  facts.must_be_empty("I6: the counter of worker jobs is not their number",
                      "SELECT name FROM studies s WHERE workers <> (SELECT count(*) FROM "
                      "workers w WHERE w.study = s.id)");
  facts.must_be_empty("I14: a worker job was submitted under a name that is not kept",
                      "SELECT job FROM workers w WHERE NOT EXISTS (SELECT 1 FROM "
                      "worker_submissions n WHERE n.name = w.job)");
}

}  // namespace hpo::sim
