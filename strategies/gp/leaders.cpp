// By the means at the model's own points; with levels, the first of them are asked for at one.
#include "strategies/gp/leaders.hpp"

#include <numeric>
#include <set>
#include <vector>

namespace hpo::gp {
namespace {

constexpr Index asked_for_each = 4;  // the order at one level is not that of the own levels

// The largest first; of equal ones the earlier.
std::vector<Index> largest(const Vector& means, Index most) {
  std::vector<Index> order(static_cast<std::size_t>(means.size()));
  std::iota(order.begin(), order.end(), Index{0});
  const auto wanted = std::min<std::ptrdiff_t>(most, means.size());
  std::partial_sort(order.begin(), order.begin() + wanted, order.end(), [&](Index a, Index b) {
    return means[a] != means[b] ? means[a] > means[b] : a < b;
  });
  order.resize(static_cast<std::size_t>(wanted));
  return order;
}

Leaders chosen(const Table& points, const Vector& means, Index most) {
  const std::vector<Index> order = largest(means, most);
  return {.points = points(Eigen::all, order), .means = means(order)};
}

// Of each trial that has not failed since; the best, if all have.
Table distinct_points(const Model& model, Index most) {
  std::set<std::vector<double>> known;
  Table points(model.point(0).size(), most);
  Index count = 0;
  const Vector& means = model.values().means();
  for (const Index i : largest(means, means.size())) {
    const Vector point = model.point(i);
    if (count == most || model.has_failed(point)) continue;
    if (known.insert({point.begin(), point.end()}).second) points.col(count++) = point;
  }
  if (count == 0) points.col(count++) = model.point(largest(means, 1).front());
  return points.leftCols(count);
}

}  // namespace

Leaders leaders(const Model& model, Index most) {
  const Vector& means = model.values().means();
  if (model.has_levels()) {
    const Table points = distinct_points(model, asked_for_each * most);
    return chosen(points, model.values().bound(points).mean, most);
  }
  const std::vector<Index> order = largest(means, most);
  Leaders found{.points = Table(model.point(0).size(), static_cast<Index>(order.size())),
                .means = means(order)};
  for (Index c = 0; c < found.points.cols(); ++c) {
    found.points.col(c) = model.point(order[static_cast<std::size_t>(c)]);
  }
  return found;
}

}  // namespace hpo::gp
