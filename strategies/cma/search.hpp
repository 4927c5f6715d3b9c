// The runs of a search one after the other, from the first or a warm start through all restarts,
// and the distributions of the newest generations, to tell who drew a trial.
//
// One thread at a time; copies are independent.
#pragma once

#include <cstdint>
#include <deque>
#include <functional>
#include <optional>
#include <vector>

#include "strategies/cma/run.hpp"

namespace hpo {

struct CmaOptions {
  CmaLaunch first{};
  CmaRestartRule restarts = CmaRestartRule::ipop;
  std::size_t warm_start = 0;  // completed trials before the first run begins
};

class CmaSearch {
 public:
  // What is older counts as drawn by nobody here.
  static constexpr std::size_t generations_remembered = 16;

  // REQUIRES: layout outlives this, and has a coordinate at least
  CmaSearch(const CmaLayout& layout, const CmaOptions& options, std::uint64_t seed);

  // False while a warm start still waits for trials.
  bool has_begun() const { return run_.has_value(); }

  // REQUIRES: has_begun()
  CmaDraw draw(const CmaNoise& noise) const { return past_.back().distribution.draw(noise); }

  // Who drew a trial, and what.
  struct Origin {
    CmaDraw draw{};
    bool is_present = false;   // by the present generation
    bool is_this_run = false;
  };
  // The newest generation whose draw is the trial's; nullopt if it is none that is remembered.
  std::optional<Origin> origin(const CmaNoise& noise,
                               const std::function<bool(const CmaDraw&)>& is_the_trials) const;

  // The next result. May close a generation, end a run and begin another.
  void tell(CmaMember member);

 private:
  struct Past {
    CmaDistribution distribution;
    int run = 0;
  };
  void tell_earlier(CmaMember member);
  void begin_warm();
  void restart();
  void begin(const CmaLaunch& launch, const CmaDistribution& from);
  void remember();
  CmaDistribution middle() const;
  double unit(std::size_t index) const;

  const CmaLayout* layout_;
  CmaOptions options_;
  std::uint64_t seed_ = 0;
  CmaRestarts restarts_;
  std::optional<CmaRun> run_{};
  std::deque<Past> past_{};           // the newest is the present generation's
  std::vector<CmaMember> earlier_{};  // before the first run
  int runs_ = 0;                      // restarts so far
};

}  // namespace hpo
