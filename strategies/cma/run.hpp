// One run of CMA-ES, from its start to the restart: results come in, a generation closes whenever a
// population of them is complete.
//
// Which results make a generation is a matter of their order alone, so none can be waited for in
// vain: what was drawn by an earlier generation, or by nobody here, joins as an injected result
// (Hansen 2011, arXiv:1110.4181). One thread at a time.
#pragma once

#include <cstddef>
#include <optional>
#include <vector>

#include "strategies/cma/distribution.hpp"
#include "strategies/cma/margin.hpp"
#include "strategies/cma/restarts.hpp"
#include "strategies/cma/stop.hpp"

namespace hpo {

struct CmaMember {
  enum class Kind { completed, pruned, infeasible };  // the better first
  Kind kind = Kind::completed;
  double loss = 0.0;  // meaningful if and only if completed; the less the better
  int number = 0;     // of the trial; decides ties
  bool is_injected = false;
  CmaDraw draw{};
};

class CmaRun {
 public:
  CmaRun(const CmaLayout& layout, const CmaDistribution& start, const CmaLaunch& launch);

  // Of the present generation.
  CmaDistribution distribution() const;

  std::size_t population() const { return weights_.size(); }
  std::size_t results() const { return results_; }  // so far

  // True if it closed a generation.
  bool tell(CmaMember member);

  // Nothing more to find: restart.
  bool is_over() const;

 private:
  void close();
  void update_numbers();
  void update_categories();

  std::vector<double> weights_{};  // by rank
  std::size_t parents_ = 0;
  std::optional<CmaGaussian> gaussian_{};
  std::optional<CmaMargin> margin_{};
  CmaCategories categories_;
  CmaStagnation stagnation_;
  std::vector<CmaMember> members_{};  // of the generation that is not yet complete
  double sigma_first_ = 0.0;
  std::size_t results_max_ = 0;
  std::size_t results_ = 0;
  std::size_t generation_ = 0;
  int barren_ = 0;  // generations without a value, in a row
};

}  // namespace hpo
