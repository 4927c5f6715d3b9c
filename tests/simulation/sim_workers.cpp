// See sim_workers.hpp. The one thread of the simulation.
#include "tests/simulation/sim_workers.hpp"

#include <algorithm>
#include <cmath>
#include <utility>

#include "schema/assert.hpp"

namespace hpo::sim {
namespace {

using namespace std::chrono_literals;
using cli::worker::Instant;
using cli::worker::LeaseKey;

constexpr std::size_t workers_max = 3;
constexpr double dies = 0.001;     // for each step of one
constexpr double freezes = 0.001;
constexpr double leaves = 0.001;   // its time is over: it drains
constexpr double diverges = 0.02;  // a step
constexpr std::int64_t last_step = 9;
constexpr std::int64_t step_ns = 300'000'000;
constexpr double is_lost = 0.03;   // a request, or its answer
constexpr double is_repeated = 0.03;

Instant at(std::int64_t now_ns) { return Instant(now_ns); }

loop::Held held(LeaseKey key) { return {key.trial, key.fence}; }

std::vector<loop::Held> all_held(const std::vector<LeaseKey>& keys) {
  std::vector<loop::Held> all;
  for (const LeaseKey key : keys) all.push_back(held(key));
  return all;
}

loop::Exchange exchange_of(const std::string& study, const std::string& worker,
                           const cli::worker::Request& request) {
  loop::Exchange exchange{.study = study, .worker = worker, .slots = request.slots,
                          .holds = all_held(request.holds), .started = all_held(request.started),
                          .returned = all_held(request.returned), .start = request.start,
                          .ahead = request.ahead, .wait = request.wait};
  for (const auto& ended : request.ended) {
    exchange.ended.push_back({held(ended.key), ended.outcome});
  }
  for (const auto& told : request.reports) {
    exchange.reports.push_back({held(told.key), told.report.step, told.report.metrics});
  }
  return exchange;
}

}  // namespace

void SimWorkers::daemon_died() {
  sink_ = nullptr;
  for (const auto& worker : workers_) {
    if (!worker->sent) continue;
    worker->book.unanswered(at(now_ns_), chance_.uniform());
    worker->sent.reset();
    ++worker->serial;
  }
}

bool SimWorkers::has_left(const Worker& worker, std::int64_t now_ns) const {
  const bool is_of_others = !are_jobs_ && std::ranges::count(studies_, worker.study) == 0;
  return worker.book.is_done(at(now_ns)) || is_of_others;
}

void SimWorkers::leave(const Worker& worker, std::int64_t now_ns) {
  if (!worker.job.empty()) {
    world_.end_worker(worker.job, {.status = OutcomeStatus::completed, .exit_code = 0}, now_ns);
  }
}

// nullptr: there is none.
SimWorkers::Worker* SimWorkers::any(std::int64_t now_ns) {
  std::erase_if(workers_, [&](const auto& worker) {
    const bool is_over = has_left(*worker, now_ns);
    if (is_over) leave(*worker, now_ns);
    return is_over;
  });
  if (are_jobs_) follow_jobs(now_ns);
  else start_by_hand();
  const auto count = static_cast<int>(workers_.size());
  return count == 0 ? nullptr : workers_[static_cast<std::size_t>(chance_.below(count))].get();
}

// A worker for each job that runs; with a job that was taken away, its trainings end.
void SimWorkers::follow_jobs(std::int64_t now_ns) {
  world_.advance(now_ns);
  std::erase_if(workers_, [&](const auto& worker) { return !world_.runs(worker->job, now_ns); });
  for (const World::Job* job : world_.running_workers(now_ns)) {
    const auto is_its = [&](const auto& worker) { return worker->job == job->name; };
    if (std::ranges::any_of(workers_, is_its)) continue;
    workers_.push_back(std::make_unique<Worker>(
        Worker{.name = job->worker + "-" + std::to_string(++born_) + "-0", .study = job->study,
               .job = job->name,
               .book = cli::worker::LeaseBook({.slots = job->slots}, StudyState::running,
                                              lease)}));
  }
}

void SimWorkers::start_by_hand() {
  while (workers_.size() < workers_max) {
    const auto which = static_cast<std::size_t>(born_) % studies_.size();
    workers_.push_back(std::make_unique<Worker>(
        Worker{.name = "w" + std::to_string(++born_), .study = studies_[which], .job = {},
               .book = cli::worker::LeaseBook({.slots = 1 + chance_.below(2)},
                                              StudyState::running, lease)}));
  }
}

void SimWorkers::step(std::int64_t now_ns) {
  now_ns_ = now_ns;
  if (studies_.empty()) return;
  Worker* worker = any(now_ns);
  if (!worker || now_ns < worker->frozen_until_ns) return;
  train(*worker, now_ns);
  talk(*worker, now_ns);
  meet_fate(*worker, now_ns);
}

// kill -9 takes its trainings with it; who freezes comes back when its leases have run out.
void SimWorkers::meet_fate(Worker& worker, std::int64_t now_ns) {
  if (chance_.happens(leaves)) worker.book.drain("its time is over");
  if (chance_.happens(freezes)) {
    worker.frozen_until_ns = now_ns + (3 * std::chrono::nanoseconds(lease)).count();
    world_.count("worker frozen");
  }
  if (!chance_.happens(dies)) return;
  world_.count(are_jobs_ ? "worker job killed" : "worker killed");
  const Outcome killed{.failure = FailureClass::signal, .signal = 9};
  if (are_jobs_) world_.end_worker(worker.job, killed, now_ns);
  std::erase_if(workers_, [&](const auto& each) { return each.get() == &worker; });
}

// A step takes as long whatever the trial; its loss is luck.
void SimWorkers::tell_steps(Worker& worker, std::int64_t now_ns) {
  for (auto& [key, training] : worker.trainings) {
    if (now_ns < training.next_step_ns || training.step == last_step) continue;
    training.next_step_ns = now_ns + step_ns;
    const double loss = chance_.happens(diverges) ? std::nan("") : chance_.uniform();
    worker.book.reported(key, {++training.step, {{"loss", loss}}});
    worker.last_steps[key] = training.step;
  }
}

void SimWorkers::train(Worker& worker, std::int64_t now_ns) {
  tell_steps(worker, now_ns);
  for (auto it = worker.trainings.begin(); it != worker.trainings.end();) {
    const auto& [key, training] = *it;
    const bool is_over = now_ns >= training.end_ns;
    if (is_over) {
      world_.end_pulled(training.job, training.outcome);
      worker.untold[key] = training.job;
      worker.book.ended(key, training.outcome, at(now_ns));
    }
    it = is_over ? worker.trainings.erase(it) : std::next(it);
  }
  for (const auto& action : worker.book.take_actions(at(now_ns))) {
    if (const auto* wish = std::get_if<cli::worker::Begin>(&action)) begin(worker, *wish, now_ns);
    const auto* stop = std::get_if<cli::worker::StopTraining>(&action);
    const auto training = stop ? worker.trainings.find(stop->key) : worker.trainings.end();
    if (training == worker.trainings.end()) continue;
    training->second.end_ns = now_ns;
    training->second.outcome = {.status = OutcomeStatus::cancelled};
  }
}

void SimWorkers::begin(Worker& worker, const cli::worker::Begin& begin, std::int64_t now_ns) {
  const cli::worker::LeasedTrial& trial = begin.trial;
  const std::string name = worker.study + "/" + std::to_string(trial.key.trial);
  const Outcome outcome = world_.begin_pulled(
      {.name = trial.job, .attempt = name + "/" + std::to_string(trial.attempt), .trial = name,
       .study = worker.study, .begin_ns = now_ns}, trial.params);
  const std::chrono::nanoseconds takes = 1s * chance_.below(5);
  worker.trainings[trial.key] = {.job = trial.job, .end_ns = now_ns + takes.count(),
                                 .outcome = outcome, .next_step_ns = now_ns + step_ns};
}

void SimWorkers::talk(Worker& worker, std::int64_t now_ns) {
  if (!sink_) return;
  if (worker.sent && worker.book.interrupts_wait()) {
    worker.book.withdrawn();
    worker.sent.reset();
    world_.count("waiting request withdrawn");
  }
  auto request = worker.book.next_request(at(now_ns));
  if (!request) return;
  worker.sent = request;
  ++worker.serial;
  const loop::Exchange exchange = exchange_of(worker.study, worker.name, *request);
  if (chance_.happens(is_repeated)) post(worker, exchange);
  if (!chance_.happens(is_lost)) return post(worker, exchange);
  world_.count("request of a worker lost");
  worker.book.unanswered(at(now_ns), chance_.uniform());
  worker.sent.reset();
}

// Who is dead, or speaks by another connection by now.
bool SimWorkers::has_hung_up(const std::string& name, std::uint64_t serial) {
  const bool is_there = std::ranges::any_of(workers_, [&](const auto& worker) {
    return worker->name == name && worker->serial == serial && worker->sent;
  });
  if (!is_there) world_.count("no lease for who has hung up");
  return !is_there;
}

void SimWorkers::post(const Worker& worker, loop::Exchange exchange) {
  exchange.has_hung_up = [this, name = worker.name, serial = worker.serial] {
    return has_hung_up(name, serial);
  };
  sink_->post({.body = std::move(exchange)},
              [this, name = worker.name, serial = worker.serial,
               sink = sink_](const Result<loop::Reply>& reply) {
    if (sink == sink_) heard(name, serial, reply);
  });
}

void SimWorkers::heard(const std::string& name, std::uint64_t serial,
                       const Result<loop::Reply>& reply) {
  const auto found = std::ranges::find_if(
      workers_, [&](const auto& worker) { return worker->name == name; });
  if (found == workers_.end() || (*found)->serial != serial || !(*found)->sent) return;
  Worker& worker = **found;
  if (!reply || chance_.happens(is_lost)) {
    if (reply) world_.count("answer to a worker lost");
    worker.book.unanswered(at(now_ns_), chance_.uniform());
  } else {
    const auto read = cli::worker::reply_from_json(reply->body);
    HPO_ASSERT(read, "what the daemon answers is what a worker reads");
    told(worker, *read);
  }
  worker.sent.reset();
}

// Of a training whose result was taken, all that it told has a row.
void SimWorkers::keep_curve(Worker& worker, LeaseKey key, const cli::worker::Reply& reply) {
  const auto last = worker.last_steps.extract(key);
  const bool is_ignored = std::ranges::any_of(
      reply.ignored, [&](const auto& ignored) { return ignored.key == key; });
  if (last.empty() || is_ignored) return;
  const std::string trial = worker.study + "/" + std::to_string(key.trial);
  for (std::int64_t step = 1; step <= last.mapped(); ++step) world_.keep_step(trial, step);
}

// From now on the daemon answers for what it was told.
void SimWorkers::told(Worker& worker, const cli::worker::Reply& reply) {
  for (const auto& ended : worker.sent->ended) {
    const auto job = worker.untold.find(ended.key);
    if (job == worker.untold.end()) continue;
    const bool is_refused = std::ranges::any_of(
        reply.dropped, [&](const auto& wish) { return wish.key == ended.key; });
    if (!is_refused) {
      world_.keep_pulled(job->second);
      keep_curve(worker, ended.key, reply);
    }
    worker.untold.erase(job);
  }
  for (const auto& step : worker.sent->reports) {
    const bool is_refused = std::ranges::any_of(reply.ignored, [&](const auto& ignored) {
      return ignored.key == step.key && ignored.step == step.report.step;
    });
    const std::string trial = worker.study + "/" + std::to_string(step.key.trial);
    if (!is_refused) world_.keep_step(trial, step.report.step);
  }
  if (!reply.dropped.empty()) world_.count("worker told that a lease was over");
  if (!reply.stops.empty()) world_.count("worker told to stop a trial");
  worker.book.answered(reply, at(now_ns_));
}

}  // namespace hpo::sim
