// In many dimensions: the part of the cube around the best point in which to search.
//
// Eriksson et al. (2019), "Scalable global optimization via local Bayesian optimization", section
// 2: the region doubles after 3 values in a row that are better than all before, halves after as
// many that are not as there are axes, and is as large as at first again once it is tiny. Its sides
// are longer along axes on which the kernel is. A function of the values in their order. One
// thread at a time.
#pragma once

#include "strategies/gp/kernel.hpp"

namespace hpo::gp {

// Where coordinates may lie. With a share below 1 a candidate has only so many of its coordinates
// elsewhere than the centre, on average.
struct Region {
  Vector centre{};
  Vector low{};
  Vector high{};
  double share_moved = 1.0;
};

// The whole cube, without a centre.
Region whole_cube(Index axes);

class TrustRegion {
 public:
  explicit TrustRegion(Index axes) : axes_(axes) {}

  // The next completed trial's value, the larger the better.
  void tell(double value);

  double length() const { return length_; }

  // Axes without order, or absent in the centre, are not bounded. The whole cube up to 20 axes.
  Region around(const Vector& centre, const Kernel& kernel) const;

 private:
  Index axes_ = 0;
  double length_ = 0.8;
  double best_ = 0.0;
  Index told_ = 0;
  Index successes_ = 0;
  Index failures_ = 0;
};

}  // namespace hpo::gp
