// The margin: integers whose neighbours never become too improbable to be tried.
//
// Hamano et al. (2025), "CatCMA with margin", arXiv:2504.07884, section 4: the mean and the
// widening of an integer's coordinate are moved so that its probability to change stays above
// alpha and follows an adapted mutation rate; steps of the better half are centred on the cells
// they fell into. After Hamano et al. (2022), "CMA-ES with margin", arXiv:2205.13482. One
// generation at a time, any thread.
#pragma once

#include <cstddef>
#include <functional>
#include <span>
#include <vector>

#include "strategies/cma/gaussian.hpp"
#include "strategies/unit_cube.hpp"

namespace hpo {

// 1 - 0.73^(1/n), n: integers and categories together: a whole draw stays at the most probable
// values of all of them with a probability of 0.73 at most. REQUIRES: n >= 1
double margin_probability(std::size_t n);

class CmaMargin {
 public:
  // The cell of the value at coordinate u in [0, 1] of integer i.
  using CellOf = std::function<UnitCube::Cell(std::size_t i, double u)>;

  // coordinates[i]: which coordinate of the distribution integer i has.
  CmaMargin(std::vector<std::size_t> coordinates, CellOf cell_of, double alpha);

  // Before the update: shifts the better half's integer coordinates, in place, `ranked[k]` the
  // k-th best, without a bias in sum.
  void centre(const CmaShape& shape, std::span<std::vector<double>* const> better_half);

  // After the update.
  void correct(CmaShape& shape);

 private:
  struct Integer {
    std::size_t coordinate = 0;
    double rate = 0.5;        // p_mut: of the last correction
    bool has_changed = false; // one of the better half left the mean's cell
  };
  UnitCube::Cell cell(std::size_t i, double x) const;
  void centre_one(std::size_t i, double mean, std::span<std::vector<double>* const> better_half);
  void correct_edge(std::size_t i, const UnitCube::Cell& cell, CmaShape& shape);
  void correct_inside(std::size_t i, const UnitCube::Cell& cell, CmaShape& shape);

  std::vector<Integer> integers_{};
  CellOf cell_of_;
  double alpha_ = 0.0;
};

}  // namespace hpo
