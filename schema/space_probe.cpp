// Only parameters that constraints name are drawn, with their parents; the rest when all is well.
#include "schema/space_probe.hpp"

#include <algorithm>
#include <bit>
#include <cmath>

namespace hpo {
namespace {

constexpr int culprit_tries = 2'000;

// SplitMix64 (Steele, Lea, Flood 2014): a counter and a finaliser.
class Chance {
 public:
  explicit Chance(std::uint64_t start) : counter_(start) {}

  double unit() {
    std::uint64_t x = counter_ += 0x9e3779b97f4a7c15U;
    x = (x ^ (x >> 30U)) * 0xbf58476d1ce4e5b9U;
    x = (x ^ (x >> 27U)) * 0x94d049bb133111ebU;
    return static_cast<double>((x ^ (x >> 31U)) >> 11U) * 0x1.0p-53;
  }

  std::size_t below(std::size_t count) {
    return std::min(static_cast<std::size_t>(unit() * static_cast<double>(count)), count - 1);
  }

 private:
  std::uint64_t counter_;
};

// Between positive bounds, nearly even in the logarithm: doubles are, seen as integers.
double draw_log(double low, double high, double u) {
  const auto first = static_cast<double>(std::bit_cast<std::int64_t>(low));
  const auto last = static_cast<double>(std::bit_cast<std::int64_t>(high));
  return std::bit_cast<double>(static_cast<std::int64_t>(first + u * (last - first)));
}

struct Draw {
  Chance& chance;

  ParamValue operator()(const FloatDomain& d) const {
    if (d.scale == Scale::log) {
      return std::clamp(draw_log(d.low, d.high, chance.unit()), d.low, d.high);
    }
    if (!d.step) return std::clamp(d.low + chance.unit() * (d.high - d.low), d.low, d.high);
    const double steps = std::round((d.high - d.low) / *d.step);
    const double k = std::min(std::floor(chance.unit() * (steps + 1.0)), steps);
    return std::clamp(d.low + k * *d.step, d.low, d.high);
  }
  ParamValue operator()(const IntDomain& d) const {
    const auto low = static_cast<double>(d.low);
    const auto high = static_cast<double>(d.high);
    if (d.scale == Scale::log) {
      const double x = std::round(draw_log(low - 0.5, high + 0.5, chance.unit()));
      return std::clamp(static_cast<std::int64_t>(x), d.low, d.high);
    }
    const double steps = std::floor((high - low) / static_cast<double>(d.step));
    const double k = std::min(std::floor(chance.unit() * (steps + 1.0)), steps);
    return d.low + static_cast<std::int64_t>(k) * d.step;
  }
  ParamValue operator()(const ChoiceDomain& d) const {
    return d.choices[chance.below(d.choices.size())];
  }
  ParamValue operator()(const OrdinalDomain& d) const {
    return d.levels[chance.below(d.levels.size())];
  }
  ParamValue operator()(const BoolDomain&) const { return chance.unit() < 0.5; }
  ParamValue operator()(const FixedDomain& d) const { return d.value; }
};

// Which parameters decide whether the constraints hold.
std::vector<bool> decisive(const SearchSpace& space) {
  std::vector<bool> is_decisive(space.size());
  for (const Constraint& constraint : space.constraints()) {
    for (const std::size_t i : constraint.parameters()) is_decisive[i] = true;
  }
  const std::vector<std::size_t>& order = space.order();
  for (auto i = order.rbegin(); i != order.rend(); ++i) {
    if (!is_decisive[*i]) continue;
    for (const Condition& condition : space.parameters()[*i].when) {
      is_decisive[*space.index_of(condition.parent)] = true;
    }
  }
  return is_decisive;
}

class Tries {
 public:
  explicit Tries(const SearchSpace& space)
      : space_(space), is_decisive_(decisive(space)), values_(space.size(), Inactive{}) {}

  const Values& next() {
    draw(true);
    return values_;
  }

  Values complete() {
    draw(false);
    return values_;
  }

 private:
  void draw(bool decisive_ones) {
    for (const std::size_t i : space_.order()) {
      if (is_decisive_[i] != decisive_ones) continue;
      if (!space_.is_active(i, values_)) values_[i] = Inactive{};
      else values_[i] = std::visit(Draw{chance_}, space_.parameters()[i].domain);
    }
  }

  const SearchSpace& space_;
  std::vector<bool> is_decisive_;
  Values values_;
  Chance chance_{0};
};

// The probe of a space in which nothing was found.
Probe find_culprit(const SearchSpace& space) {
  struct Seen {
    bool was_fulfilled = false;
    bool was_finite = false;
  };
  std::vector<Seen> seen(space.constraints().size());
  Tries tries(space);
  for (int i = 0; i < culprit_tries; ++i) {
    const Values& values = tries.next();
    for (std::size_t c = 0; c < seen.size(); ++c) {
      const Constraint& constraint = space.constraints()[c];
      seen[c].was_fulfilled = seen[c].was_fulfilled || constraint.holds(values);
      seen[c].was_finite = seen[c].was_finite || !constraint.is_not_finite(values);
    }
  }
  const auto found = std::find_if(seen.begin(), seen.end(),
                                  [](const Seen& each) { return !each.was_fulfilled; });
  if (found == seen.end()) return {};
  return {.values = {}, .culprit = static_cast<std::size_t>(found - seen.begin()),
          .is_never_finite = !found->was_finite};
}

}  // namespace

Probe probe_space(const SearchSpace& space) {
  Tries tries(space);
  std::size_t last = 0;  // the constraint that refused the try before: it probably will again
  for (int i = 0; i < probe_tries; ++i) {
    const Values& values = tries.next();
    const std::vector<Constraint>& all = space.constraints();
    if (!all.empty() && !all[last].holds(values)) continue;
    const auto violated = space.violated(values);
    if (!violated) return {.values = tries.complete(), .culprit = {}};
    last = *violated;
  }
  return find_culprit(space);
}

}  // namespace hpo
