// The people of a history: the studies that they submit, and what occurs to them meanwhile.
#pragma once

#include <string>

#include "tests/simulation/client.hpp"

namespace hpo::sim {

class Users {
 public:
  // Everything by chance: studies small and large, with and without a limit of time or patience.
  Users(Chance& chance, Client& client);
  // Always the same study of so many trials, and the same ideas at the same moments.
  Users(Chance& chance, Client& client, int trials);

  void have_an_idea(int trainings);          // once in a while; a command, or a few
  void look_after(const std::string& study);  // it is paused: somebody says go on, in the end
  int parallel() const { return parallel_; }
  bool has_workers() const { return has_workers_; }  // that pull the trials of "sim"
  int worker_jobs() const { return worker_jobs_; }   // of each study, started by the daemon; or 0

 private:
  StudySpec study(const std::string& name);
  void move_to_batch();
  void move_to_workers();
  void move_to_worker_jobs();
  void have_a_pruner();
  json::Node params();
  void act(int choice, int trainings);
  void follow_script(int trainings);
  void have_a_random_idea(int trainings);

  Chance& chance_;
  Client& client_;
  int parallel_ = 2;
  int trials_ = 1;
  bool is_scripted_ = false;
  bool has_workers_ = false;
  int worker_jobs_ = 0;
  bool is_small_ = false;                    // a space of six values, none tried twice
  bool has_first_trials_ = false;
  std::string strategy_ = "sobol";
  std::string executor_ = R"("simulated")";
  std::string budget_{};                     // more of it than trials
  std::string more_{};                       // keys of study.json
  int ideas_ = 0;
};

}  // namespace hpo::sim
