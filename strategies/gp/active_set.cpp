// Three passes that mark rows, each until its share is full.
#include "strategies/gp/active_set.hpp"

#include <algorithm>
#include <numeric>

namespace hpo::gp {
namespace {

class Marks {
 public:
  explicit Marks(Index size) : is_taken_(static_cast<std::size_t>(size)) {}

  bool take(Index row) {
    if (is_taken_[static_cast<std::size_t>(row)]) return false;
    is_taken_[static_cast<std::size_t>(row)] = true;
    ++count_;
    return true;
  }
  Index count() const { return count_; }

  std::vector<Index> rows(bool taken) const {
    std::vector<Index> found;
    for (std::size_t i = 0; i < is_taken_.size(); ++i) {
      if (is_taken_[i] == taken) found.push_back(static_cast<Index>(i));
    }
    return found;
  }

 private:
  std::vector<bool> is_taken_;
  Index count_ = 0;
};

// The `count` rows that come first by `is_before`.
template <class Before>
std::vector<Index> first_rows(Index size, Index count, Before is_before) {
  std::vector<Index> order(static_cast<std::size_t>(size));
  std::iota(order.begin(), order.end(), Index{0});
  std::partial_sort(order.begin(), order.begin() + count, order.end(), is_before);
  order.resize(static_cast<std::size_t>(count));
  return order;
}

}  // namespace

std::vector<Index> active_set(const Kernel& kernel, const Table& points, const Vector& targets,
                              Index count) {
  const Index size = points.rows();
  Marks marks(size);
  if (size <= count) return marks.rows(false);
  const auto is_better = [&](Index a, Index b) {
    return targets[a] != targets[b] ? targets[a] > targets[b] : a > b;
  };
  const std::vector<Index> best = first_rows(size, std::max<Index>(1, count / 8), is_better);
  for (const Index row : best) marks.take(row);
  const Table rows = scaled(kernel, points);
  Vector squares(size);
  squared_distances(kernel, rows, 0, size, rows.row(best.front()).transpose(), squares.data());
  const auto is_nearer = [&](Index a, Index b) {
    return squares[a] != squares[b] ? squares[a] < squares[b] : a > b;
  };
  const Index near = count / 8 * 6;  // with the best
  for (const Index row : first_rows(size, near, is_nearer)) {
    if (marks.count() < near) marks.take(row);
  }
  const std::vector<Index> others = marks.rows(false);
  const Index left = count - marks.count();
  for (Index i = 0; i < left; ++i) {
    const auto at = static_cast<std::size_t>(i) * others.size() / static_cast<std::size_t>(left);
    marks.take(others[at]);
  }
  return marks.rows(true);
}

}  // namespace hpo::gp
