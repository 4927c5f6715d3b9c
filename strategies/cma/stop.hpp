// When a run of CMA-ES has nothing more to find.
//
// Hansen (2016), arXiv:1604.00772v2, section B.3, and Hansen (2009), BI-population CMA-ES. Pure
// values, any thread.
#pragma once

#include <cstddef>
#include <vector>

#include "strategies/cma/gaussian.hpp"

namespace hpo {

// Values of the last generations do not differ any more.
class CmaStagnation {
 public:
  CmaStagnation(std::size_t dimension, std::size_t population);

  // Of one generation; both finite.
  void add(double best, double worst);
  bool is_over() const;

 private:
  std::vector<double> values_{};  // best and worst in turn, of the last generations, as a ring
  std::size_t next_ = 0;
  bool is_full_ = false;
  double first_range_ = -1.0;
};

// The distribution is too narrow, too wide or too thin for numbers. sigma_first: the run's first.
bool is_degenerate(const CmaGaussian& gaussian, double sigma_first, std::size_t generation);

}  // namespace hpo
