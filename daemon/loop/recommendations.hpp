// Which trial a study with much noise recommends: computed on the compute pool, one at a time for
// each study, and recorded as an event. What a restart loses, the plan asks for again. Engine
// strand.
#pragma once

#include <functional>
#include <memory>
#include <optional>

#include "daemon/loop/group_commit.hpp"
#include "daemon/store/reader.hpp"
#include "strategies/recommender.hpp"

namespace hpo::loop {

class Recommendations {
 public:
  using Readers = std::function<Result<std::unique_ptr<store::Reader>>()>;

  Recommendations(Threads& threads, Ledger& ledger, GroupCommit& commits, Readers readers)
      : threads_(threads), ledger_(ledger), commits_(commits), readers_(std::move(readers)) {}

  // Does nothing while one is under way.
  void recommend(StudyLoop& loop, const engine::Recommend& wanted);

 private:
  void computed(std::int64_t study, int finished, const std::optional<Recommendation>& found);

  Threads& threads_;
  Ledger& ledger_;
  GroupCommit& commits_;
  Readers readers_;
};

}  // namespace hpo::loop
