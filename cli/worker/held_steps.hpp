// Steps of one training that the daemon has not been told, the oldest first. Pure, one thread.
#pragma once

#include <cstddef>
#include <deque>

#include "schema/report.hpp"

namespace hpo::cli::worker {

class HeldSteps {
 public:
  static std::size_t bytes_of(const StepTold& step);  // about what it takes in a request

  void push(StepTold step);
  void pop();  // REQUIRES: there is one

  // From now on they wait for the training's end, and go in one request with it: beyond what that
  // takes, only every second one is held, every fourth, …, and the newest. Both say how many went.
  int wait_for_end();
  int push_waiting(StepTold step);

  std::size_t count() const { return steps_.size(); }
  std::size_t bytes() const { return bytes_; }
  auto begin() const { return steps_.begin(); }
  auto end() const { return steps_.end(); }

 private:
  void halve();

  std::deque<StepTold> steps_{};
  std::size_t bytes_ = 0;
  std::size_t stride_ = 1;
  std::size_t pushed_ = 0;      // of those that wait
  bool is_last_loose_ = false;  // held as the newest alone
};

}  // namespace hpo::cli::worker
