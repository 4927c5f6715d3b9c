// A Gaussian process that follows a study: points are added as trials finish, fits come as due.
//
// What it believes after n finished trials depends on their points and targets alone, not on when
// it was asked in between: between two fits its factor grows by one append per point, in order.
// One thread at a time.
#pragma once

#include <functional>
#include <vector>

#include "strategies/gp/likelihood.hpp"
#include "strategies/gp/posterior.hpp"

namespace hpo::gp {

class Surrogate {
 public:
  // Of the first so many points.
  using Targets = std::function<Vector(Index)>;

  explicit Surrogate(Prior prior);

  // `finished`: which finished trial of the study it is of, counted from 1. Ascending.
  void add(const Vector& point, std::size_t finished);

  // Carries out the fits that are due after so many finished trials, and takes in all points.
  void follow(std::size_t finished, const Targets& targets);

  Index size() const { return static_cast<Index>(finished_.size()); }
  Vector point(Index i) const { return points_.row(i).transpose(); }
  const Posterior& posterior() const { return posterior_; }

 private:
  Index points_at(std::size_t finished) const;
  void fit(std::size_t finished, const Targets& targets);

  Prior prior_;
  Table points_{};                      // rows allocated × axes
  std::vector<std::size_t> finished_{};  // per point
  Kernel kernel_;
  Posterior posterior_;
  std::size_t fitted_at_ = 0;
  std::size_t followed_ = 0;
  int fits_ = 0;
};

}  // namespace hpo::gp
