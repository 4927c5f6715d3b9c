// Points of the unit cube side by side, and what never changes of the kernels that they become.
//
// Most of the work of a density over many trials is how much of each kernel lies within the cube:
// it depends on the point alone as long as the kernel has the least width, as nearly all have
// where points are many. So it is computed once for each trial, not once for each suggestion.
#pragma once

#include <span>
#include <vector>

#include "strategies/parzen.hpp"

namespace hpo {

struct ParzenPoint {
  std::span<const double> coordinates;
  std::span<const double> inside;  // of each coordinate ParzenAxis::log_inside at the least width
};

struct ParzenPoints {
  std::vector<double> coordinates{};
  std::vector<double> inside{};  // empty for points that become no kernels
  std::size_t count = 0;

  void add(std::span<const double> point, std::span<const double> its_inside = {}) {
    coordinates.insert(coordinates.end(), point.begin(), point.end());
    inside.insert(inside.end(), its_inside.begin(), its_inside.end());
    ++count;
  }
  std::span<const double> at(std::size_t i, std::size_t dimension) const {
    return {coordinates.data() + i * dimension, dimension};
  }
  // REQUIRES: all points were added with their inside
  ParzenPoint kernel_at(std::size_t i, std::size_t dimension) const {
    return {at(i, dimension), {inside.data() + i * dimension, dimension}};
  }
};

inline std::vector<double> log_inside(std::span<const double> point) {
  std::vector<double> inside;
  inside.reserve(point.size());
  for (const double x : point) {
    inside.push_back(ParzenAxis::log_inside(x, 1.0 / ParzenAxis::width_least));
  }
  return inside;
}

}  // namespace hpo
