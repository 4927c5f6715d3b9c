// Random legal histories: events that the engine accepts, written to a store as the daemon would.
//
// The engine itself decides what is legal: a candidate that apply() rejects is drawn again.
#pragma once

#include <map>
#include <numeric>
#include <random>
#include <string>
#include <vector>

#include "daemon/engine/study.hpp"
#include "daemon/store/store.hpp"

namespace hpo::test {

StudySpec spec_of(const std::string& name, int trials = 1'000'000);

// Studies as they are in memory, beside a store.
class LegalHistory {
 public:
  explicit LegalHistory(std::uint64_t seed) : random_(seed) {}

  // All of these within a transaction of the store.
  Result<std::int64_t> create(store::Store& store, const std::string& name);
  Result<void> advance(store::Store& store);  // one random event of one of the studies

  const std::map<std::int64_t, engine::Study>& studies() const { return studies_; }
  // After undo(), rollback() or a restart: how it was before.
  void put_back(std::map<std::int64_t, engine::Study> studies) { studies_ = std::move(studies); }
  std::mt19937_64& random() { return random_; }
  std::int64_t events() const { return std::accumulate(seen_.begin(), seen_.end(), 0); }
  const std::vector<int>& seen() const { return seen_; }  // how often each kind of event

 private:
  Event candidate(const engine::Study& study, std::int64_t history_seq);
  Event of_trial(const engine::Study& study);
  Event of_attempt(const engine::LiveTrial& live);
  Event of_worker(const engine::Study& study);
  Event of_lease(const engine::LiveTrial& live);
  Event of_study(const engine::Study& study);
  Outcome outcome();
  std::uint64_t below(std::uint64_t limit) { return random_() % limit; }

  std::mt19937_64 random_;
  std::map<std::int64_t, engine::Study> studies_{};
  std::vector<int> seen_ = std::vector<int>(event_kinds.size());
  std::int64_t clock_ns_ = 1'795'262'694'000'000'000;
};

}  // namespace hpo::test
