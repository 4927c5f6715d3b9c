// Requests of workers that wait for a trial: each is asked again when something of its study has
// changed, and a last time when its wait is over. Engine strand.
#pragma once

#include <cstdint>
#include <functional>
#include <map>
#include <string>
#include <vector>

#include "daemon/loop/group_commit.hpp"

namespace hpo::loop {

class Pulls {
 public:
  Pulls(Threads& threads, Ledger& ledger, GroupCommit& commits)
      : threads_(threads), ledger_(ledger), commits_(commits) {}

  // Puts the question once more, and calls done() with the answer, or rest() if there is none yet.
  // `is_last`: it is answered in any case.
  using Again = std::function<void(std::uint64_t number, bool is_last)>;

  struct Wish {
    std::string study{};
    std::string worker{};
    int start = 0;  // trials that it would begin at once
    std::chrono::nanoseconds limit{0};
  };
  void wait(Wish wish, Again again);
  void rest(std::uint64_t number);
  void done(std::uint64_t number);

  // A worker that speaks again has given up its older request, and may not get a trial by it.
  void supersede(const std::string& study, const std::string& worker);
  bool is_superseded(std::uint64_t number) const;

  void look(const std::string& study);
  void stop();  // all ask for the last time

 private:
  struct Waiting {
    Wish wish{};
    Again again{};
    bool is_asking = false;
    bool is_over = false;  // its limit has passed
    bool is_superseded = false;
  };
  void ask(std::uint64_t number, Waiting& waiting);
  void ask_all(const std::vector<std::uint64_t>& numbers);
  void count(const std::string& study, bool is_more);

  Threads& threads_;
  Ledger& ledger_;
  GroupCommit& commits_;
  std::map<std::uint64_t, Waiting> waiting_{};  // the first that came is asked first
  std::uint64_t last_ = 0;
};

}  // namespace hpo::loop
