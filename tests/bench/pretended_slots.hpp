// Slots whose trainings are timers: each ends after the same time, with its number as its loss.
//
// Header only, so that the programs stay small. One thread.
#pragma once

#include <cstdio>
#include <deque>
#include <vector>

#include "cli/worker/messages.hpp"
#include "cli/worker/timing.hpp"

namespace hpo::bench {

using cli::worker::EndedTrial;
using cli::worker::Instant;
using cli::worker::LeaseKey;

class PretendedSlots {
 public:
  explicit PretendedSlots(Instant length) : length_(length) {}

  void begin(LeaseKey key, int slot, Instant now) {
    trainings_.push_back({.key = key, .slot = slot, .from = now});
  }

  // Those that are over, each once.
  std::vector<EndedTrial> take_ends(Instant now) {
    std::vector<EndedTrial> ends;
    while (now >= next_end()) {
      ends.push_back({trainings_.front().key, outcome_of(trainings_.front())});
      done_.push_back(trainings_.front());
      trainings_.pop_front();
    }
    return ends;
  }

  // Of the next end; never: nothing trains.
  Instant next_end() const {
    return trainings_.empty() ? cli::worker::never : trainings_.front().from + length_;
  }

  // A line for each that has ended: trial, slot, begin and end in ns. An end is when the training
  // was over, whenever that was noticed: lateness is time in which the slot is idle.
  void write(std::FILE* file) const {
    for (const Training& each : done_) {
      std::fprintf(file, "%d %d %lld %lld\n", each.key.trial, each.slot,
                   static_cast<long long>(each.from.count()),
                   static_cast<long long>((each.from + length_).count()));
    }
  }

 private:
  struct Training {
    LeaseKey key{};
    int slot = 0;
    Instant from{};
  };

  static Outcome outcome_of(const Training& training) {
    const double loss = training.key.trial;
    return {.status = OutcomeStatus::completed, .exit_code = 0, .value = loss,
            .metrics = {{"loss", loss}}};
  }

  Instant length_;
  std::deque<Training> trainings_{};  // in the order of their begins, so of their ends too
  std::vector<Training> done_{};
};

}  // namespace hpo::bench
