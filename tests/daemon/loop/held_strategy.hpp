// A strategy that a test holds: it answers when it is let go, and notes how it was asked.
#pragma once

#include <atomic>
#include <condition_variable>
#include <mutex>
#include <vector>

#include "daemon/loop/asks.hpp"

namespace hpo::test {

// Shared by all objects that are made with it; outlives them.
class Hold {
 public:
  enum class Which { none, all, idle };  // idle: asks of a study that has no open trial
  void hold(Which which = Which::all) { set(which); }
  void let_go() { set(Which::none); }
  void wait_until_held();  // fails the test if no ask comes

  int made = 0;                   // objects; engine strand
  std::atomic<int> kept_bytes{0};
  std::atomic<bool> is_shared{false};  // an object was asked two things at once

  // Finds it for studies of this name; the others get theirs.
  loop::StrategyFinder finder(const std::string& study, Pace pace = Pace::computing);

  void enter(bool is_idle);  // an ask begins: returns when it may go on

 private:
  void set(Which which);

  std::mutex mutex_{};
  std::condition_variable changed_{};
  Which held_ = Which::none;
  bool is_waiting_ = false;
};

}  // namespace hpo::test
