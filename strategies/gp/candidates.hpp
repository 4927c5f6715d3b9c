// Where a search for the best proposal begins: points all over the cube, and points near good ones.
//
// Pure functions of the seed and a trial's number. Immutable, any thread.
#pragma once

#include "strategies/gp/axes.hpp"
#include "strategies/gp/trust_region.hpp"

namespace hpo::gp {

class Candidates {
 public:
  // REQUIRES: axes outlives this
  Candidates(const Axes& axes, std::uint64_t seed);

  // axes × (spread + around): points of the scrambled Sobol sequence, moved as a whole by a
  // vector that is the trial's (Cranley and Patterson 1976), and normal steps from each of the
  // `good` points (axes × k) in a part of the coordinates, of widths from 0.01 to 0.3. All of them
  // in the region.
  Table points(const Region& region, const Table& good, int trial) const;

 private:
  void spread(const Region& region, int trial, Table& result) const;
  void around(const Region& region, const Table& good, int trial, Table& result) const;

  const Axes& axes_;
  std::uint64_t seed_ = 0;
  Table sequence_{};
};

}  // namespace hpo::gp
