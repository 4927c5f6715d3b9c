// Each number by its address: candidate × (coordinates and one more).
#include "strategies/gp/candidates.hpp"

#include <algorithm>
#include <cmath>

#include "strategies/elementary.hpp"
#include "strategies/gp/kernel.hpp"
#include "strategies/normal.hpp"
#include "strategies/random_bits.hpp"
#include "strategies/sobol_sequence.hpp"

namespace hpo::gp {
namespace {

constexpr Index spread_count = 512;
constexpr Index around_count = 128;
constexpr double width_least = 0.01;
constexpr double log_width_ratio = 3.4011973816621555;  // log(0.3 / 0.01)
constexpr double coordinates_moved = 3.0;  // on average, and a fifth at least

double unit(std::uint64_t seed, int trial, Stream stream, Index index) {
  return random_unit({.seed = seed, .trial = static_cast<std::uint64_t>(trial), .stream = stream,
                      .index = static_cast<std::uint32_t>(index)});
}

}  // namespace

Candidates::Candidates(const Axes& axes, std::uint64_t seed)
    : axes_(axes), seed_(seed), sequence_(Table::Zero(axes.size(), spread_count)) {
  const SobolSequence sobol(static_cast<std::size_t>(axes.searched()), seed);
  for (Index c = 0; c < spread_count; ++c) {
    const std::vector<double> point = sobol.point(static_cast<std::uint32_t>(c));
    sequence_.col(c).head(axes.searched()) = Eigen::Map<const Vector>(point.data(),
                                                                      axes.searched());
  }
}

Table Candidates::points(const Region& region, const Table& good, int trial) const {
  Table result(axes_.size(), spread_count + (good.cols() > 0 ? around_count : 0));
  spread(region, trial, result);
  if (good.cols() > 0) around(region, good, trial, result);
  for (Index c = 0; c < result.cols(); ++c) axes_.snap(result.col(c));
  return result;
}

void Candidates::spread(const Region& region, int trial, Table& result) const {
  for (Index j = 0; j < axes_.size(); ++j) {
    const double move = unit(seed_, trial, Stream::candidates, j);
    for (Index c = 0; c < spread_count; ++c) {
      const double u = sequence_(j, c) + move;
      const double inside = u < 1.0 ? u : u - 1.0;
      result(j, c) = region.low[j] + inside * (region.high[j] - region.low[j]);
    }
  }
  if (region.share_moved >= 1.0) return;
  for (Index c = 0; c < spread_count; ++c) {
    for (Index j = 0; j < axes_.size(); ++j) {
      const double chance = unit(seed_, trial, Stream::moved, c * axes_.size() + j);
      if (chance >= region.share_moved && region.centre[j] != absent) {
        result(j, c) = region.centre[j];
      }
    }
  }
}

void Candidates::around(const Region& region, const Table& good, int trial,
                        Table& result) const {
  const Index axes = axes_.size();
  const double share = std::max(0.2, coordinates_moved / static_cast<double>(axes));
  for (Index c = 0; c < around_count; ++c) {
    const Index first = c * (2 * axes + 1);
    const auto draw = [&](Index i) { return unit(seed_, trial, Stream::near_good, first + i); };
    const double width = width_least * elementary::exp(log_width_ratio * draw(0));
    auto point = result.col(spread_count + c);
    point = good.col(c % good.cols());
    for (Index j = 0; j < axes; ++j) {
      const bool is_absent = point[j] == absent;  // anywhere, if it becomes active
      if (draw(1 + j) >= share && !is_absent) continue;
      const double u = draw(1 + axes + j);
      const bool is_ordered = axes_.is_ordered()[static_cast<std::size_t>(j)] != 0 && !is_absent;
      point[j] = is_ordered ? point[j] + width * normal::quantile(u) : u;
    }
    point = point.cwiseMax(region.low).cwiseMin(region.high);
  }
}

}  // namespace hpo::gp
