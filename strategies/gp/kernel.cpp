// Loops over contiguous rows, in pieces that stay in the nearest cache.
#include "strategies/gp/kernel.hpp"

#include <algorithm>
#include <array>
#include <cmath>

#include "strategies/elementary.hpp"

namespace hpo::gp {
namespace {

constexpr Index piece = 256;

void add_ordered(const double* column, double at, Index count, double* squares) {
  for (Index i = 0; i < count; ++i) {
    const double difference = column[i] - at;
    squares[i] += difference * difference;
  }
}

void add_unordered(const double* column, double at, double weight, Index count, double* squares) {
  for (Index i = 0; i < count; ++i) squares[i] += column[i] == at ? 0.0 : weight;
}

// On a circle around `absent`, by the half angle's tangent.
struct Arc {
  double x = 0.0;
  double y = 0.0;
};
constexpr double tangent_growth = 0.5;  // by coordinate

Arc arc(double coordinate) {
  if (coordinate == absent) return {};
  const double t = tangent_growth * (coordinate - 0.5);
  return {(1.0 - t * t) / (1.0 + t * t), 2.0 * t / (1.0 + t * t)};
}

void matern_piece(double scale, Index count, double* squares, double* slopes) {
  std::array<double, piece> minus_root;
  std::array<double, piece> decay;
  for (Index i = 0; i < count; ++i) {
    const auto k = static_cast<std::size_t>(i);
    decay[k] = minus_root[k] = -std::sqrt(5.0 * squares[i]);
  }
  elementary::exp_each({decay.data(), static_cast<std::size_t>(count)});
  for (Index i = 0; i < count; ++i) {
    const auto k = static_cast<std::size_t>(i);
    const double linear = 1.0 - minus_root[k];
    const double level = scale * decay[k];
    if (slopes != nullptr) slopes[i] = -5.0 / 6.0 * level * linear;
    squares[i] = level * (linear + 5.0 / 3.0 * squares[i]);
  }
}

}  // namespace

Index Kernel::columns() const {
  Index count = dimension();
  for (Index j = 0; j < dimension(); ++j) count += is_arc(j) ? 1 : 0;
  return count;
}

Table scaled(const Kernel& kernel, const Table& points) {
  Table result(points.rows(), kernel.columns());
  Index second = kernel.dimension();
  for (Index j = 0; j < points.cols(); ++j) {
    const bool is_ordered = kernel.is_ordered[static_cast<std::size_t>(j)] != 0;
    const double root = is_ordered ? std::sqrt(kernel.weights[j]) : 1.0;
    if (!kernel.is_arc(j)) {
      result.col(j) = points.col(j) * root;
      continue;
    }
    for (Index i = 0; i < points.rows(); ++i) {
      const Arc at = arc(points(i, j));
      result(i, j) = root * at.x;
      result(i, second) = root * at.y;
    }
    ++second;
  }
  return result;
}

void squared_distances(const Kernel& kernel, const Table& rows, Index first, Index count,
                       const Vector& at, double* squares) {
  std::fill(squares, squares + count, 0.0);
  for (Index j = 0; j < kernel.dimension(); ++j) {
    const double* column = rows.data() + j * rows.outerStride() + first;
    if (kernel.is_ordered[static_cast<std::size_t>(j)] != 0) {
      add_ordered(column, at[j], count, squares);
    } else {
      add_unordered(column, at[j], kernel.weights[j], count, squares);
    }
  }
  for (Index j = kernel.dimension(); j < at.size(); ++j) {
    add_ordered(rows.data() + j * rows.outerStride() + first, at[j], count, squares);
  }
}

// ∂r²/∂z_j = 2 (z_j - z_ij), z = √λ x. On an arc of radius √λ, z = (a, b) moves by (-b, a) with the
// angle, and that by 2/(1 + t²) = 1 + a/√λ with t; where it is absent, a and b are 0.
Table slope_sums(const Kernel& kernel, const Table& rows, const Table& at, const Table& by) {
  Table result = Table::Zero(kernel.dimension(), at.cols());
  if (by.rows() == 0) return result;  // nor has `rows` any columns
  for (Index c = 0; c < at.cols(); ++c) {
    const double sum = by.col(c).sum();
    const auto growth = [&](Index j) {
      return 2.0 * (at(j, c) * sum - rows.col(j).head(by.rows()).dot(by.col(c)));
    };
    Index second = kernel.dimension();
    for (Index j = 0; j < kernel.dimension(); ++j) {
      if (kernel.is_ordered[static_cast<std::size_t>(j)] == 0) continue;
      const double root = std::sqrt(kernel.weights[j]);
      if (!kernel.is_arc(j)) {
        result(j, c) = root * growth(j);
        continue;
      }
      const double by_angle = at(j, c) * growth(second) - at(second, c) * growth(j);
      result(j, c) = tangent_growth * (1.0 + at(j, c) / root) * by_angle;
      ++second;
    }
  }
  return result;
}

void matern(double scale, Index count, double* squares, double* slopes) {
  for (Index i = 0; i < count; i += piece) {
    matern_piece(scale, std::min(piece, count - i), squares + i,
                 slopes == nullptr ? nullptr : slopes + i);
  }
}

}  // namespace hpo::gp
