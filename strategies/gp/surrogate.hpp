// A Gaussian process that follows a study: points are added as trials finish, fits come as due.
//
// What it believes after n finished trials and the fits due after m of them depends on those points
// and targets alone, not on when it was asked in between: between two fits its factor grows by one
// append per point, in order.
// With more points than it models exactly, it models those of an active set, chosen anew at every
// 64th trial and at fits, and all since. One thread at a time.
#pragma once

#include <functional>
#include <vector>

#include "strategies/gp/likelihood.hpp"
#include "strategies/gp/posterior.hpp"
#include "strategies/gp/schedule.hpp"

namespace hpo::gp {

class Surrogate {
 public:
  // Of the first so many points.
  using Targets = std::function<Vector(Index)>;

  struct Limits {
    Index exact = 1000;              // points that are all modelled
    Index local = 512;               // points of an active set, where there are more
    std::size_t renewed_every = 64;  // finished trials
  };

  Surrogate(Prior prior, const Limits& limits);

  // `finished`: which finished trial of the study it is of, counted from 1. Ascending.
  void add(const Vector& point, std::size_t finished);

  // A fit of the schedule, after so many finished trials.
  struct Fit {
    std::size_t finished = 0;
    Kernel kernel{};
  };

  // Carries out the fits that are due after so many finished trials.
  void fit(std::size_t finished, const Targets& targets);
  const std::vector<Fit>& fits() const { return fits_; }
  // Fits of another surrogate that was told the same; those it has stay.
  void take(const std::vector<Fit>& fits);
  bool is_due(std::size_t finished) const { return next_fit(last_fit()) <= finished; }

  // Takes in all points, with the last fit that was due after `fitted` finished trials.
  // REQUIRES: fitted <= finished
  void follow(std::size_t finished, std::size_t fitted, const Targets& targets);
  void follow(std::size_t finished, const Targets& targets) { follow(finished, finished, targets); }

  std::size_t bytes() const;  // that it keeps, about

  Index size() const { return static_cast<Index>(finished_.size()); }
  const Posterior& posterior() const { return posterior_; }

  // The i-th point of the posterior.
  Vector point(Index i) const { return row(active_[static_cast<std::size_t>(i)]); }

 private:
  Vector row(Index i) const { return points_.row(i).transpose(); }
  Index points_at(std::size_t finished) const;
  std::size_t last_fit() const { return fits_.empty() ? 0 : fits_.back().finished; }
  Kernel fitted_kernel(std::size_t finished, const Targets& targets) const;
  std::vector<Index> chosen(const Kernel& kernel, Index count, const Targets& targets) const;
  std::size_t base_of(std::size_t fitted_at, std::size_t finished) const;

  Prior prior_;
  Limits limits_;
  Table points_{};                      // rows allocated × axes
  std::vector<std::size_t> finished_{};  // per point
  std::vector<Fit> fits_{};      // all since the first trial, in order
  Posterior posterior_;
  std::vector<Index> active_{};  // rows of points_ that the posterior has, ascending
  std::size_t fitted_at_ = 0;    // finished trials, of the fit that the posterior has
  std::size_t base_ = 0;         // finished trials at which the active set was chosen
  std::size_t followed_ = 0;
};

}  // namespace hpo::gp
