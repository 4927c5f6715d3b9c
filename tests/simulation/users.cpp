// Draws study.json as text, so that it comes through the decoder as a user's would.
//
// The one thread of the simulation.
#include "tests/simulation/users.hpp"

#include <algorithm>

#include "schema/assert.hpp"
#include "schema/decode/decode.hpp"
#include "schema/json/writer.hpp"
#include "tests/simulation/sim_workers.hpp"

namespace hpo::sim {
namespace {

constexpr int ideas_max = 6;
constexpr double idea = 0.01;      // for each step
constexpr int burst = 40;          // more requests than the inbox of a simulated daemon takes

std::string number(int value) { return std::to_string(value); }

}  // namespace

Users::Users(Chance& chance, Client& client) : chance_(chance), client_(client) {
  parallel_ = 1 + chance_.below(4);
  trials_ = 4 + chance_.below(10);
  strategy_ = chance_.happens(0.5) ? "sobol" : chance_.happens(0.5) ? "random" : "tpe";
  if (strategy_ == "random" && trials_ % 2 == 0) strategy_ = "cma_es";  // no draw: seeds stay
  if (strategy_ == "sobol" && trials_ % 3 == 0) strategy_ = "gp";
  is_small_ = chance_.happens(0.15);
  has_first_trials_ = chance_.happens(0.3);
  if (chance_.happens(0.3)) budget_ += R"(,"time":")" + number(4 + chance_.below(40)) + R"(s")";
  if (chance_.happens(0.2)) budget_ += R"(,"patience":)" + number(2 + chance_.below(3));
  if (chance_.happens(0.3)) budget_ += R"(,"max_failures":)" + number(chance_.below(3));
  if (chance_.happens(0.3)) {
    more_ = R"(,"retry":{"max":1,"on":["exit_code","rejected","lost","signal"]})";
  }
  if (chance_.happens(0.3)) move_to_batch();
  else if (chance_.happens(0.3)) move_to_workers();
  client_.want(loop::SubmitStudy{study("sim")});
}

// Jobs ask for more than the longest one of the world takes, and for as many node-hours as a few
// of them to all.
void Users::move_to_batch() {
  executor_ = R"({"type":"slurm","nodes":2,"time":"9s","grace":"1s"})";
  more_ = R"(,"retry":{"max":2,"on":["timeout","lost"],"scale":{"time":2}})";
  constexpr double hours_of_job = 2 * 9 / 3600.0;
  const double hours = hours_of_job * (1.0 + chance_.below(10));
  if (chance_.happens(0.8)) budget_ += R"(,"node_hours":)" + json::number_text(hours);
}

void Users::move_to_workers() {
  has_workers_ = true;
  executor_ = R"({"type":"external","lease":")" + number(SimWorkers::lease.count()) + R"(s"})";
  more_ = R"(,"retry":{"max":5,"on":["lost","preempted"]})";
  if (chance_.happens(0.6)) have_a_pruner();
  if (parallel_ != 2) move_to_worker_jobs();  // no draw: seeds stay
}

// Slots of this node are for some of them only, where there are three.
void Users::move_to_worker_jobs() {
  const int slots = 1 + trials_ % 2;
  worker_jobs_ = parallel_ == 1 ? 2 : 3;
  parallel_ = worker_jobs_ * slots;
  if (trials_ % 3 == 0) budget_ += R"(,"node_hours":)" + number(2 + trials_ % 4);
  executor_ = R"({"type":"slurm","time":"1h","submit_rate":50,"slots":)" + number(slots) +
              R"(,"lease":")" + number(SimWorkers::lease.count()) + R"(s"})";
}

void Users::have_a_pruner() {
  static constexpr const char* pruners[] = {
      R"("asha")", R"({"type":"asha","options":{"type":"promotion"}})", R"("hyperband")",
      R"({"type":"median","options":{"startup_trials":2,"warmup_steps":0}})"};
  more_ += R"(,"fidelity":{"name":"epochs","min":1,"max":9,"eta":2,"checkpoint":true},"pruner":)";
  more_ += pruners[chance_.below(4)];
  if (trials_ % 2 == 1) strategy_ = trials_ % 4 == 3 ? "mobster" : "bohb";  // no draw: seeds stay
}

Users::Users(Chance& chance, Client& client, int trials)
    : chance_(chance), client_(client), trials_(trials), is_scripted_(true) {
  client_.want(loop::SubmitStudy{study("sim")});
}

StudySpec Users::study(const std::string& name) {
  const std::string x = is_small_ ? R"("x":{"int":[0,1],"default":0})"
                                  : R"("x":{"float":[0,1],"default":0.5})";
  const std::string n = is_small_ ? R"("n":{"int":[1,3])" : R"("n":{"int":[1,100])";
  std::string text = R"({"name":")" + name + R"(","space":{)" + x + "," + n;
  text += has_first_trials_ ? R"(,"default":2}},"initial":[{"n":1}],)" : "}},";
  text += R"("command":["train"],"objective":{"minimize":"loss","noise":")";
  text += is_small_ ? "none" : trials_ % 3 == 0 ? "high" : "low";  // no draw: seeds stay
  text += R"("},"strategy":")" + strategy_ + R"(","executor":)" + executor_ + R"(,"workdir":"/",)";
  text += worker_jobs_ > 0 ? R"("dispatch":"workers","workers":)" + number(worker_jobs_)
                           : R"("parallel":)" + number(parallel_);
  text += R"(,"seed":)" + number(chance_.below(1000));
  text += R"(,"budget":{"trials":)" + number(trials_) + budget_ + "}" + more_ + "}";
  auto decoded = decode_study(text);
  HPO_ASSERT(decoded.spec, "the simulation's studies are sound");
  return *std::move(decoded.spec);
}

json::Node Users::params() {
  const std::string x = is_small_ ? "1" : "0.25";
  const int n = 1 + chance_.below(is_small_ ? 3 : 99);
  return json::parse(R"({"x":)" + x + R"(,"n":)" + number(n) + "}").root;
}

void Users::act(int choice, int trainings) {
  switch (choice) {
    case 0:
      client_.want(loop::PauseStudy{"sim"});
      if (!is_scripted_ && chance_.happens(0.6)) return;  // until somebody looks after it
      return client_.want(loop::ResumeStudy{"sim"});
    case 1:
      return client_.want(loop::CancelTrial{"sim", std::max(0, trainings - chance_.below(4))});
    case 2: return client_.want(loop::RetryTrials{"sim", {}});
    case 3: return client_.want(loop::SubmitStudy{study("sim")});
    case 4: return client_.want(loop::CancelStudy{"sim"});
    case 5:
      for (int i = 0; i < burst; ++i) client_.want(loop::ResumeStudy{"sim"});
      return client_.send_all();
    default: return client_.want(loop::EnqueueTrials{"sim", {params()}});
  }
}

void Users::have_a_random_idea(int trainings) {
  if (ideas_ >= ideas_max || !chance_.happens(idea)) return;
  ++ideas_;
  const int choice = chance_.below(9);
  const bool is_rare = choice == 4 || choice == 5;
  act(is_rare && chance_.happens(0.5) ? 6 : choice, trainings);
}

// One idea each time that three more trainings have begun; a cancel is of the latest trial.
void Users::follow_script(int trainings) {
  if (trainings < 3 * (ideas_ + 1) || ideas_ >= ideas_max) return;
  switch (++ideas_) {
    case 1: return client_.want(loop::CancelTrial{"sim", trainings - 1});
    case 2: return act(6, trainings);
    case 3: return act(0, trainings);
    case 4: return client_.want(loop::SubmitStudy{study("other")});
    case 5: return client_.want(loop::CancelStudy{"other"});
    default: return act(2, trainings);
  }
}

void Users::have_an_idea(int trainings) {
  if (is_scripted_) follow_script(trainings);
  else have_a_random_idea(trainings);
}

void Users::look_after(const std::string& study) {
  if (client_.is_content()) client_.want(loop::ResumeStudy{study});
}

}  // namespace hpo::sim
