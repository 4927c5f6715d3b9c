// Every sum is over a matrix of the neighbours alone, so it depends on them and on nothing else.
#include "strategies/gp/open_points.hpp"

#include <Eigen/Cholesky>
#include <algorithm>
#include <array>
#include <cmath>
#include <limits>
#include <numeric>

namespace hpo::gp {
namespace {

constexpr Index at_once = 256;  // of distances, which then stay in the nearest cache

Table factor_of(const Table& covariance, double noise) {
  for (;; noise *= 10.0) {  // more than once only where rounding outweighs the noise
    Table factor = covariance;
    factor.diagonal().array() += noise;
    Eigen::Ref<Table> square = factor;
    const Eigen::LLT<Eigen::Ref<Table>, Eigen::Lower> done(square);
    if (done.info() == Eigen::Success) return factor;
  }
}

}  // namespace

void OpenPoints::allocate(Index count) {
  if (count <= points_.cols()) return;
  const Index wanted = std::max(rows_allocated(count), 2 * points_.cols());
  points_.conservativeResize(finished_.kernel().dimension(), wanted);
  scaled_.conservativeResize(wanted, finished_.kernel().columns());
}

void OpenPoints::add(const Vector& point) {
  allocate(size_ + 1);
  points_.col(size_) = point;
  scaled_.row(size_) = finished_.scaled_columns(point).transpose();
  solved_.emplace_back();
  all_.reset();
  ++size_;
}

Vector OpenPoints::nearest(const Table& points) const {
  const Table at = finished_.scaled_columns(points);
  Vector result = Vector::Constant(at.cols(), std::numeric_limits<double>::infinity());
  std::array<double, at_once> squares;
  for (Index c = 0; c < at.cols(); ++c) {
    const Vector one = at.col(c);
    for (Index first = 0; first < size_; first += at_once) {
      const Index count = std::min(at_once, size_ - first);
      squared_distances(finished_.kernel(), scaled_, first, count, one, squares.data());
      result[c] = std::min(result[c], *std::min_element(squares.begin(), squares.begin() + count));
    }
  }
  return result;
}

// Ascending; of equal distances the earlier one is nearer.
std::vector<Index> OpenPoints::nearest_rows(const Vector& at) const {
  Vector squares(size_);
  squared_distances(finished_.kernel(), scaled_, 0, size_, at, squares.data());
  std::vector<Index> rows(static_cast<std::size_t>(size_));
  std::iota(rows.begin(), rows.end(), Index{0});
  if (!are_many()) return rows;
  std::nth_element(rows.begin(), rows.begin() + nearest_max, rows.end(), [&](Index a, Index b) {
    return squares[a] != squares[b] ? squares[a] < squares[b] : a < b;
  });
  rows.resize(static_cast<std::size_t>(nearest_max));
  std::sort(rows.begin(), rows.end());
  return rows;
}

const double* OpenPoints::solved(Index i) const {
  Vector& known = solved_[static_cast<std::size_t>(i)];
  if (known.size() == 0) known = finished_.solved(scaled_.row(i).transpose());
  return known.data();
}

std::shared_ptr<const OpenPoints::Nearby> OpenPoints::nearby(
    const std::vector<Index>& rows) const {
  const Kernel& kernel = finished_.kernel();
  const auto count = static_cast<Index>(rows.size());
  auto result = std::make_shared<Nearby>();
  result->rows = scaled_(rows, Eigen::all);
  result->solved.resize(finished_.size(), count);
  for (Index i = 0; i < count; ++i) {
    const double* of_row = solved(rows[static_cast<std::size_t>(i)]);
    std::copy_n(of_row, finished_.size(), result->solved.col(i).data());
  }
  Table covariance = -result->solved.transpose() * result->solved;
  Vector likeness(count);
  for (Index i = 0; i < count; ++i) {
    const Vector at = result->rows.row(i).transpose();
    squared_distances(kernel, result->rows, 0, count, at, likeness.data());
    matern(kernel.scale, count, likeness.data());
    covariance.col(i) += likeness;
  }
  result->factor = factor_of(covariance, kernel.noise);
  return result;
}

OpenPoints::Neighbours OpenPoints::neighbours(const Table& points) const {
  Neighbours result(static_cast<std::size_t>(points.cols()));
  if (size_ == 0) return result;
  const Table at = finished_.scaled_columns(points);
  for (Index c = 0; c < at.cols(); ++c) {
    if (!are_many() && !all_) all_ = nearby(nearest_rows(at.col(c)));
    result[static_cast<std::size_t>(c)] = are_many() ? nearby(nearest_rows(at.col(c))) : all_;
  }
  return result;
}

// With u = c(open, x), C their covariance: the variance loses uᵀC⁻¹u. Its slope is that of the
// joint model, whose weights are β = C⁻¹u for the open points and A⁻¹(k - K β) for the finished.
void OpenPoints::condition(const Workings& workings, const Neighbours& near,
                           Prediction& prediction) const {
  if (size_ == 0) return;
  const Kernel& kernel = finished_.kernel();
  const bool wants_slopes = prediction.variance_slopes.size() > 0;
  Table back = Table::Zero(workings.solved.rows(), wants_slopes ? workings.solved.cols() : 0);
  for (Index c = 0; c < workings.at.cols(); ++c) {
    const Nearby& by = *near[static_cast<std::size_t>(c)];
    Vector likeness(by.rows.rows());
    Vector slopes(likeness.size());
    squared_distances(kernel, by.rows, 0, likeness.size(), workings.at.col(c), likeness.data());
    prediction.nearest[c] = std::min(prediction.nearest[c], likeness.minCoeff());
    matern(kernel.scale, likeness.size(), likeness.data(), slopes.data());
    likeness.noalias() -= by.solved.transpose() * workings.solved.col(c);
    const auto lower = by.factor.triangularView<Eigen::Lower>();
    lower.solveInPlace(likeness);
    prediction.variance[c] = std::max(0.0, prediction.variance[c] - likeness.squaredNorm());
    if (!wants_slopes) continue;
    lower.transpose().solveInPlace(likeness);  // β
    back.col(c).noalias() = by.solved * likeness;
    prediction.variance_slopes.col(c) -=
        2.0 * slope_sums(kernel, by.rows, workings.at.col(c), slopes.cwiseProduct(likeness));
  }
  if (!wants_slopes) return;
  finished_.solve_back(back);
  prediction.variance_slopes +=
      2.0 * finished_.slope_sums(workings.at, workings.slopes.cwiseProduct(back));
}

}  // namespace hpo::gp
