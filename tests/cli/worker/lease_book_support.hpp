// Trials, answers and books for the tests of lease_book.
#pragma once

#include <catch2/catch.hpp>
#include <string>
#include <utility>
#include <vector>

#include "cli/worker/lease_book.hpp"

namespace hpo::cli::worker {

using namespace std::chrono_literals;

inline LeasedTrial leased(int trial, bool is_started, int fence = 1) {
  LeasedTrial it;
  it.key = {.trial = trial, .fence = fence};
  it.is_started = is_started;
  it.job = "hpo" + std::to_string(trial);
  return it;
}

inline Reply reply_with(std::vector<LeasedTrial> trials) {
  Reply reply;
  reply.lease = 120s;
  reply.trials = std::move(trials);
  return reply;
}

inline Outcome outcome_with(OutcomeStatus status) {
  Outcome outcome;
  outcome.status = status;
  if (status == OutcomeStatus::completed) outcome.value = 0.5;
  return outcome;
}

inline const Outcome completed = outcome_with(OutcomeStatus::completed);
inline const Outcome cancelled = outcome_with(OutcomeStatus::cancelled);

constexpr LeaseKey key(int trial, int fence = 1) { return {.trial = trial, .fence = fence}; }

inline std::vector<int> begun(const std::vector<Action>& actions) {
  std::vector<int> trials;
  for (const Action& action : actions) {
    if (const auto* begin = std::get_if<Begin>(&action)) trials.push_back(begin->trial.key.trial);
  }
  return trials;
}

inline std::vector<int> stopped(const std::vector<Action>& actions) {
  std::vector<int> trials;
  for (const Action& action : actions) {
    if (const auto* stop = std::get_if<StopTraining>(&action)) trials.push_back(stop->key.trial);
  }
  return trials;
}

inline LeaseBook book_of(BookLimits limits) { return {limits, StudyState::running, 120s}; }

// A book with these trials in its slots or ahead, at instant 1 s.
inline LeaseBook book_with(BookLimits limits, std::vector<LeasedTrial> trials) {
  LeaseBook book = book_of(limits);
  REQUIRE(book.next_request(1s));
  book.answered(reply_with(std::move(trials)), 1s);
  book.take_actions(1s);
  return book;
}

}  // namespace hpo::cli::worker
