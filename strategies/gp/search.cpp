// Searches from several starts are answered in one table: a solve of six columns costs little more
// than one of a single column.
#include "strategies/gp/search.hpp"

#include <algorithm>
#include <cmath>
#include <limits>
#include <numeric>
#include <vector>

#include "strategies/elementary.hpp"
#include "strategies/gp/minimiser.hpp"

namespace hpo::gp {
namespace {

constexpr Index valued_max = 128;  // of the candidates, exactly
constexpr Index valued_locally_max = 32;
constexpr int rounds_max = 3;      // of ascent and change of values
constexpr MinimiserLimits ascent{.asks_max = 30, .step_first = 0.1, .step_max = 0.3,
                                 .gradient_least = 1e-3, .decrease_least = 1e-5};

struct Ranked {
  Table points{};
  Vector values{};
};

Table columns(const Table& table, const std::vector<Index>& which) {
  Table result(table.rows(), static_cast<Index>(which.size()));
  for (Index c = 0; c < result.cols(); ++c) {
    result.col(c) = table.col(which[static_cast<std::size_t>(c)]);
  }
  return result;
}

// The candidates with the largest bounds, valued.
Ranked valued(const Acquisition& acquisition, const Table& candidates) {
  const Vector bounds = acquisition.bounds(candidates);
  std::vector<Index> order(static_cast<std::size_t>(candidates.cols()));
  std::iota(order.begin(), order.end(), Index{0});
  const Index most = acquisition.is_local() ? valued_locally_max : valued_max;
  const auto count = static_cast<std::ptrdiff_t>(std::min(most, candidates.cols()));
  std::partial_sort(order.begin(), order.begin() + count, order.end(), [&](Index a, Index b) {
    return bounds[a] != bounds[b] ? bounds[a] > bounds[b] : a < b;
  });
  order.resize(static_cast<std::size_t>(count));
  Ranked result{.points = columns(candidates, order)};
  result.values = acquisition.values(result.points, Want::values).values;
  return result;
}

// The best, and for each draw one with a chance of exp(value - best value).
Ranked starts(const Ranked& ranked, const Vector& draws) {
  Index best = 0;
  const double most = ranked.values.maxCoeff(&best);
  std::vector<Index> chosen{best};
  std::vector<double> cumulated;
  double sum = 0.0;
  for (Index c = 0; c < ranked.values.size(); ++c) {
    const bool is_finite = std::isfinite(most) && std::isfinite(ranked.values[c]);
    cumulated.push_back(sum += is_finite ? elementary::exp(ranked.values[c] - most) : 0.0);
  }
  for (const double draw : draws) {
    const auto at = std::upper_bound(cumulated.begin(), cumulated.end(), draw * sum);
    const auto index = static_cast<Index>(at - cumulated.begin());
    if (index >= ranked.values.size()) continue;
    if (std::find(chosen.begin(), chosen.end(), index) == chosen.end()) chosen.push_back(index);
  }
  Ranked result{.points = columns(ranked.points, chosen), .values = Vector(chosen.size())};
  for (Index c = 0; c < result.values.size(); ++c) {
    result.values[c] = ranked.values[chosen[static_cast<std::size_t>(c)]];
  }
  return result;
}

// Whatever is better in `other`, column by column. True if anything is.
bool take_better(const Ranked& other, Ranked& at) {
  bool has_changed = false;
  for (Index c = 0; c < at.points.cols(); ++c) {
    if (!(other.values[c] > at.values[c])) continue;
    at.points.col(c) = other.points.col(c);
    at.values[c] = other.values[c];
    has_changed = true;
  }
  return has_changed;
}

std::vector<Minimiser> searches_from(const Axes& axes, const Region& region, const Table& points) {
  std::vector<Minimiser> searches;
  for (Index c = 0; c < points.cols(); ++c) {
    Vector low = points.col(c);
    Vector high = low;
    for (Index j = 0; j < axes.size(); ++j) {
      if (!axes.is_smooth(j) || low[j] == absent) continue;
      low[j] = std::min(region.low[j], low[j]);  // a cell's middle may lie beyond
      high[j] = std::max(region.high[j], high[j]);
    }
    searches.emplace_back(points.col(c), std::move(low), std::move(high), ascent);
  }
  return searches;
}

// Answers all searches that are not done, in one table.
void ask_together(const Acquisition& acquisition, const OpenPoints::Neighbours& near,
                  std::vector<Minimiser>& searches) {
  std::vector<Minimiser*> going;
  OpenPoints::Neighbours near_going;
  for (std::size_t i = 0; i < searches.size(); ++i) {
    if (searches[i].is_done()) continue;
    going.push_back(&searches[i]);
    near_going.push_back(near[i]);
  }
  Table asked(searches.front().asked().size(), static_cast<Index>(going.size()));
  for (Index c = 0; c < asked.cols(); ++c) {
    asked.col(c) = going[static_cast<std::size_t>(c)]->asked();
  }
  const AcquisitionValues answer = acquisition.values(asked, Want::slopes, near_going);
  for (Index c = 0; c < asked.cols(); ++c) {
    going[static_cast<std::size_t>(c)]->tell(-answer.values[c], -answer.slopes.col(c));
  }
}

// Climbs along the smooth axes; the others are held by a box of no width. True if one moved.
bool climb(const Acquisition& acquisition, const Axes& axes, const Region& region, Ranked& from) {
  std::vector<Minimiser> searches = searches_from(axes, region, from.points);
  const OpenPoints::Neighbours near = acquisition.neighbours(from.points);
  const auto is_going = [](const Minimiser& search) { return !search.is_done(); };
  while (std::any_of(searches.begin(), searches.end(), is_going)) {
    ask_together(acquisition, near, searches);
  }
  Ranked reached = from;
  for (Index c = 0; c < from.points.cols(); ++c) {
    const Minimiser& search = searches[static_cast<std::size_t>(c)];
    if (-search.best_value() <= from.values[c]) continue;
    reached.points.col(c) = search.best();
    reached.values[c] = -search.best_value();
  }
  if (acquisition.is_local()) {  // others may be near by now
    reached.values = acquisition.values(reached.points, Want::values).values;
  }
  return take_better(reached, from);
}

// Brings coordinates to values; where that costs more than was won, back to where it was before.
void snap(const Acquisition& acquisition, const Axes& axes, Ranked before, Ranked& at) {
  for (Index c = 0; c < at.points.cols(); ++c) axes.snap(at.points.col(c));
  at.values = acquisition.values(at.points, Want::values).values;
  take_better(at, before);
  at = std::move(before);
}

// Tries other values of one coordinate after the other, those that decide which others there are
// first. True if one was better.
bool change_values(const Acquisition& acquisition, const Axes& axes, Ranked& at) {
  bool has_changed = false;
  for (Index c = 0; c < at.points.cols(); ++c) {
    for (const Index j : axes.parents_first()) {
      const std::vector<double> others = axes.others(j, at.points(j, c));
      if (others.empty()) continue;
      Table tried = at.points.col(c).replicate(1, static_cast<Index>(others.size()));
      for (Index i = 0; i < tried.cols(); ++i) {
        tried(j, i) = others[static_cast<std::size_t>(i)];
        axes.snap(tried.col(i));
      }
      const Vector values = acquisition.values(tried, Want::values).values;
      Index best = 0;
      if (!(values.maxCoeff(&best) > at.values[c])) continue;
      at.points.col(c) = tried.col(best);
      at.values[c] = values[best];
      has_changed = true;
    }
  }
  return has_changed;
}

}  // namespace

Vector best_point(const Acquisition& acquisition, const Axes& axes, const Region& region,
                  const Table& candidates, const Vector& draws) {
  Ranked found = starts(valued(acquisition, candidates), draws);
  for (int round = 0; round < rounds_max; ++round) {
    const Ranked before = found;
    const bool has_moved = climb(acquisition, axes, region, found);
    if (axes.are_continuous()) break;
    if (has_moved) snap(acquisition, axes, before, found);
    if (!change_values(acquisition, axes, found)) break;
  }
  Index best = 0;
  found.values.maxCoeff(&best);
  return found.points.col(best);
}

}  // namespace hpo::gp
