// Tree-structured Parzen estimator: where good trials are dense and the others are not.
//
// Bergstra et al. (2011), section 4, in one density over all parameters, as Optuna 5 has it: the
// best tenth of the trials against the rest, to which the running ones and those that failed
// belong, so that many workers do not try the same; candidates are drawn from the good density, and
// the one with the largest ratio of the two is proposed. Half of the candidates mix coordinates of
// several good trials, and the more good ones there are, the narrower is their density: both serve
// spaces whose parameters matter one by one. Parameters that do not always have a value have
// densities of their own, over the trials in which they are active (Optuna's `group`).
#include <algorithm>
#include <cmath>

#include "strategies/groups.hpp"
#include "strategies/options.hpp"
#include "strategies/parzen_points.hpp"
#include "strategies/random_bits.hpp"
#include "strategies/sobol_sequence.hpp"
#include "strategies/strategy.hpp"
#include "strategies/tpe_search.hpp"

namespace hpo {
namespace {

constexpr std::size_t tpe_startup_trials = 10;  // by a quasi-random sequence
constexpr std::size_t good_trials_max = 25;
constexpr std::size_t full_weights = 25;    // of the newest; older ones count less
constexpr std::uint32_t candidates = 64;
constexpr std::uint32_t draws_max = 1024;   // where constraints forbid some of them

// The points of one group of axes, in which it is active.
struct Sides {
  ParzenPoints good{};
  ParzenPoints other{};
};

// 1 for the newest, down to 1/n for the oldest.
std::vector<double> weights_of(std::size_t count) {
  std::vector<double> weights(count, 1.0);
  if (count <= full_weights) return weights;
  const std::size_t ramp = count - full_weights;
  const double first = 1.0 / static_cast<double>(count);
  for (std::size_t i = 0; i < ramp; ++i) {
    const double t = ramp > 1 ? static_cast<double>(i) / static_cast<double>(ramp - 1) : 0.0;
    weights[i] = first + t * (1.0 - first);
  }
  return weights;
}

// The least width of kernels of good trials: that of the others among nine of them.
double width_among(std::size_t good) {
  return ParzenAxis::width_least * std::sqrt(10.0 / static_cast<double>(good + 1));
}

class TpeSearch final : public Strategy {
 public:
  TpeSearch(const StudySpec& spec, std::size_t startup_trials)
      : startup_trials_(startup_trials), cube_(spec.space), groups_(groups_of(cube_)),
        sequence_(cube_.dimension(), spec.seed), seed_(spec.seed),
        is_minimum_(spec.objective.direction == Direction::minimize) {}

  Result<Proposals> ask(const History& history, int first_number, int count) override {
    const std::vector<std::size_t> completed = completed_of(history);
    const bool is_starting = completed.size() < startup_trials_ || cube_.dimension() == 0;
    std::vector<Sides> sides(groups_.size());
    if (!is_starting) split(history, best_of(history, completed), sides);
    std::vector<Parzen> dense;
    for (std::size_t g = 0; g < groups_.size(); ++g) {
      dense.push_back(density_of(sides[g].good, g, width_among(sides[g].good.count)));
    }
    Proposals answer;
    for (int number = first_number; number < first_number + count; ++number) {
      const std::vector<double> point =
          is_starting ? sequence_.point(static_cast<std::uint32_t>(number))
                      : best_candidate(dense, sides, number);
      answer.proposals.push_back({number, cube_.from_unit(point)});
      if (is_starting) continue;
      // As the next ask will have it.
      add({point, log_inside(point)}, answer.proposals.back().values, false, sides);
    }
    return answer;
  }

 private:
  // Indices into the history.
  static std::vector<std::size_t> completed_of(const History& history) {
    std::vector<std::size_t> found;
    for (std::size_t i = 0; i < history.finished_count(); ++i) {
      if (history.finished(i).state == TrialState::completed) found.push_back(i);
    }
    return found;
  }

  // The best tenth; ties by number.
  std::vector<std::size_t> best_of(const History& history,
                                   std::vector<std::size_t> completed) const {
    const std::size_t count = std::min((completed.size() + 9) / 10, good_trials_max);
    const auto end = completed.begin() + static_cast<std::ptrdiff_t>(count);
    std::partial_sort(completed.begin(), end, completed.end(), [&](std::size_t a, std::size_t b) {
      const FinishedTrial& x = history.finished(a);
      const FinishedTrial& y = history.finished(b);
      if (x.value != y.value) return is_minimum_ ? x.value < y.value : x.value > y.value;
      return x.number < y.number;
    });
    completed.erase(end, completed.end());
    return completed;
  }

  Parzen density_of(const ParzenPoints& points, std::size_t group, double width_least) const {
    return Parzen(groups_[group].cube, points.coordinates, weights_of(points.count), width_least);
  }

  // With what is known of each kernel at the width that nearly all of many have.
  Parzen density_of_others(const ParzenPoints& points, std::size_t group) const {
    return Parzen(groups_[group].cube, points.coordinates, weights_of(points.count),
                  ParzenAxis::width_least, points.inside);
  }

  void split(const History& history, const std::vector<std::size_t>& best,
             std::vector<Sides>& sides) {
    std::vector<bool> is_good(history.finished_count());
    for (const std::size_t i : best) is_good[i] = true;
    keep_coordinates(history);
    struct Told { int number = 0; std::size_t index = 0; bool is_open = false; };
    std::vector<Told> places;
    for (std::size_t i = 0; i < history.finished_count(); ++i) {
      if (history.finished(i).state == TrialState::cancelled) continue;
      places.push_back({history.finished(i).number, i, false});
    }
    for (std::size_t i = 0; i < history.open().size(); ++i) {
      places.push_back({history.open()[i].number, i, true});
    }
    std::sort(places.begin(), places.end(),
              [](const Told& a, const Told& b) { return a.number < b.number; });
    for (const Told& place : places) {
      if (place.is_open) {
        const Values& values = history.open()[place.index].values;
        const std::vector<double> point = cube_.to_unit(values);
        add({point, log_inside(point)}, values, false, sides);
      } else {
        add(finished_.kernel_at(place.index, cube_.dimension()), history.values(place.index),
            is_good[place.index], sides);
      }
    }
  }

  void add(const ParzenPoint& kernel, std::span<const ParamValue> values, bool is_good,
           std::vector<Sides>& sides) const {
    std::vector<double> point;
    std::vector<double> inside;
    for (std::size_t g = 0; g < groups_.size(); ++g) {
      if (!is_active_in(values, g)) continue;
      point.clear();
      inside.clear();
      for (const std::size_t axis : groups_[g].axes) {
        point.push_back(kernel.coordinates[axis]);
        inside.push_back(kernel.inside[axis]);
      }
      (is_good ? sides[g].good : sides[g].other).add(point, inside);
    }
  }

  bool is_active_in(std::span<const ParamValue> values, std::size_t group) const {
    return is_active(values[cube_.parameter_of(groups_[group].axes.front())]);
  }

  // A finished trial never changes: its coordinates are computed once.
  void keep_coordinates(const History& history) {
    if (history.finished_count() < finished_.count) finished_ = {};
    while (finished_.count < history.finished_count()) {
      const std::vector<double> point = cube_.to_unit(history.values(finished_.count));
      finished_.add(point, log_inside(point));
    }
  }

  // Of each group its own best, whatever the others are. One that turns out not to be active has
  // been thought about in vain.
  std::vector<double> best_candidate(const std::vector<Parzen>& dense,
                                     const std::vector<Sides>& sides, int number) const {
    if (!cube_.space().constraints().empty()) return best_allowed(dense, sides, number);
    std::vector<double> best(cube_.dimension());
    for (std::size_t g = 0; g < groups_.size(); ++g) {
      ParzenPoints drawn;
      for (std::uint32_t c = 0; c < candidates; ++c) {
        drawn.add(draw(dense[g], {.number = number, .group = g}, c));
      }
      const Parzen sparse = density_of_others(sides[g].other, g);
      const std::vector<double> ratios = ratios_of(dense[g], sparse, drawn);
      put(g, drawn.at(place_of_largest(ratios), groups_[g].axes.size()), best);
    }
    return best;
  }

  // Constraints are about all groups together, so whole points are compared. If none is allowed,
  // the layer around the strategy draws another one.
  std::vector<double> best_allowed(const std::vector<Parzen>& dense,
                                   const std::vector<Sides>& sides, int number) const {
    std::vector<ParzenPoints> parts(groups_.size());
    ParzenPoints allowed;
    std::vector<Values> values;
    std::vector<double> point(cube_.dimension());
    for (std::uint32_t c = 0; c < draws_max && allowed.count < candidates; ++c) {
      std::vector<std::vector<double>> drawn;
      for (std::size_t g = 0; g < groups_.size(); ++g) {
        drawn.push_back(draw(dense[g], {.number = number, .group = g}, c));
        put(g, drawn.back(), point);
      }
      Values these = cube_.from_unit(point);
      if (cube_.space().violated(these)) continue;
      allowed.add(point);
      values.push_back(std::move(these));
      for (std::size_t g = 0; g < groups_.size(); ++g) parts[g].add(drawn[g]);
    }
    if (allowed.count == 0) return point;
    std::vector<double> sums(allowed.count);
    for (std::size_t g = 0; g < groups_.size(); ++g) {
      const auto ratios = ratios_of(dense[g], density_of_others(sides[g].other, g), parts[g]);
      for (std::size_t c = 0; c < sums.size(); ++c) {
        if (is_active_in(values[c], g)) sums[c] += ratios[c];
      }
    }
    const auto best = allowed.at(place_of_largest(sums), cube_.dimension());
    return {best.begin(), best.end()};
  }

  static std::vector<double> ratios_of(const Parzen& dense, const Parzen& sparse,
                                       const ParzenPoints& drawn) {
    std::vector<double> ratios = dense.log_densities(drawn.coordinates);
    const std::vector<double> others = sparse.log_densities(drawn.coordinates);
    for (std::size_t c = 0; c < ratios.size(); ++c) ratios[c] -= others[c];
    return ratios;
  }

  static std::size_t place_of_largest(const std::vector<double>& all) {
    return static_cast<std::size_t>(std::max_element(all.begin(), all.end()) - all.begin());
  }

  void put(std::size_t group, std::span<const double> part, std::vector<double>& point) const {
    for (std::size_t i = 0; i < part.size(); ++i) point[groups_[group].axes[i]] = part[i];
  }

  // A candidate's random numbers: one to choose the kernel and one per axis, of each group in turn;
  // at the same addresses of another stream, those of the kernels that axes have for themselves.
  struct Place { int number = 0; std::size_t group = 0; };
  std::vector<double> draw(const Parzen& dense, Place at, std::uint32_t candidate) const {
    std::size_t first = candidate * (cube_.dimension() + groups_.size());
    for (std::size_t g = 0; g < at.group; ++g) first += groups_[g].axes.size() + 1;
    const auto unit_of = [&](Stream stream) {
      return [this, at, first, stream](std::size_t i) {
        return random_unit({.seed = seed_, .trial = static_cast<std::uint64_t>(at.number),
                            .stream = stream, .index = static_cast<std::uint32_t>(first + i)});
      };
    };
    if (candidate % 2 == 0) return dense.draw(unit_of(Stream::candidates));
    return dense.draw_mixed(unit_of(Stream::candidates), unit_of(Stream::moved));
  }

  std::size_t startup_trials_;
  UnitCube cube_;
  std::vector<Group> groups_;
  SobolSequence sequence_;
  std::uint64_t seed_;
  bool is_minimum_;
  ParzenPoints finished_{};  // a cache: of the finished trials, in the history's order
};

}  // namespace

std::unique_ptr<Strategy> make_tpe_search(const StudySpec& spec, std::size_t startup_trials) {
  return std::make_unique<TpeSearch>(spec, startup_trials);
}

Result<std::unique_ptr<Strategy>> make_tpe(const StudySpec& spec) {
  if (auto known = check_options(spec, {}); !known) return known.error();
  return make_tpe_search(spec, tpe_startup_trials);
}

}  // namespace hpo
