// When a run of CMA-ES has ended, how the next one begins: larger, or smaller and elsewhere.
//
// IPOP: Auger and Hansen (2005), "A restart CMA evolution strategy with increasing population
// size". BIPOP: Hansen (2009), "Benchmarking a BI-population CMA-ES on the BBOB-2009 function
// testbed": after the first run, doubled populations and small ones take turns, so that both use
// as many results. Pure values, any thread.
#pragma once

#include <cstddef>

namespace hpo {

enum class CmaRestartRule { ipop, bipop };

struct CmaLaunch {
  std::size_t population = 0;
  double sigma = 0.0;
  std::size_t results_max = 0;  // then the run ends; 0: as long as it takes
};

class CmaRestarts {
 public:
  static constexpr int doublings_max = 9;

  CmaRestarts(CmaRestartRule rule, CmaLaunch first) : rule_(rule), first_(first) {}

  // After a run that used so many results. Units: uniform in [0, 1); of BIPOP's small runs.
  CmaLaunch next(std::size_t results, double population_unit, double sigma_unit);

 private:
  CmaLaunch larger();
  CmaLaunch smaller(double population_unit, double sigma_unit) const;
  enum class Regime { first, large, small };
  CmaRestartRule rule_;
  CmaLaunch first_;
  Regime regime_ = Regime::first;
  int doublings_ = 0;
  std::size_t large_results_ = 0;  // used by all large runs
  std::size_t small_results_ = 0;
  std::size_t last_large_ = 0;     // used by the last large run
};

}  // namespace hpo
