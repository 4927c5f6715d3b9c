// Level by level upwards, each beside what its trials have so far.
#include "strategies/gp/levels.hpp"

#include <algorithm>
#include <cmath>
#include <map>
#include <unordered_map>
#include <vector>

#include "schema/rungs.hpp"
#include "strategies/elementary.hpp"
#include "strategies/gp/output_warp.hpp"

namespace hpo::gp {
namespace {

constexpr Index pairs_for_a_scale = 4;
constexpr double stretch_most = 4.0;  // either way: of few trials a deviation says little

double deviation(const Vector& values) {
  return std::sqrt((values.array() - values.mean()).square().mean());
}

class Joined {
 public:
  explicit Joined(std::span<const LevelValue> told)
      : told_(told), targets_(Vector::Zero(static_cast<Index>(told.size()))) {}

  // rows: of one level, above all those that were joined before.
  void join(const std::vector<Index>& rows) {
    Vector own = warped_alone(rows);
    align(rows, own);
    for (std::size_t k = 0; k < rows.size(); ++k) {
      targets_[rows[k]] = own[static_cast<Index>(k)];
      last_[at(rows[k]).trial] = own[static_cast<Index>(k)];
    }
  }

  const Vector& targets() const { return targets_; }

 private:
  const LevelValue& at(Index row) const { return told_[static_cast<std::size_t>(row)]; }

  Vector warped_alone(const std::vector<Index>& rows) const {
    std::vector<double> values;
    std::vector<char> is_bad;
    for (const Index row : rows) {
      values.push_back(at(row).value);
      is_bad.push_back(at(row).is_bad ? 1 : 0);
    }
    return warped(values, is_bad);
  }

  void align(const std::vector<Index>& rows, Vector& own) const {
    Vector here(own.size());
    Vector before(own.size());
    Index pairs = 0;
    for (std::size_t k = 0; k < rows.size(); ++k) {
      const auto found = last_.find(at(rows[k]).trial);
      if (found == last_.end()) continue;
      here[pairs] = own[static_cast<Index>(k)];
      before[pairs++] = found->second;
    }
    if (pairs == 0) return;
    here.conservativeResize(pairs);
    before.conservativeResize(pairs);
    const double width = deviation(here);
    double stretch = 1.0;
    if (pairs >= pairs_for_a_scale && width > 0.0) {
      stretch = std::clamp(deviation(before) / width, 1.0 / stretch_most, stretch_most);
    }
    own = (before.mean() + stretch * (own.array() - here.mean())).matrix();
  }

  std::span<const LevelValue> told_;
  Vector targets_;
  std::unordered_map<int, double> last_{};  // by trial: its target at the highest level so far
};

}  // namespace

std::vector<double> rung_levels(const FidelitySpec& fidelity) {
  const double first = elementary::log(static_cast<double>(fidelity.min));
  const double last = elementary::log(static_cast<double>(fidelity.max));
  std::vector<double> levels;
  for (const std::int64_t step : rung_steps(fidelity)) {
    levels.push_back((elementary::log(static_cast<double>(step)) - first) / (last - first));
  }
  levels.push_back(1.0);
  return levels;
}

Vector level_targets(std::span<const LevelValue> told) {
  std::map<std::size_t, std::vector<Index>> levels;
  for (std::size_t i = 0; i < told.size(); ++i) {
    levels[told[i].level].push_back(static_cast<Index>(i));
  }
  Joined joined(told);
  for (const auto& [level, rows] : levels) joined.join(rows);
  return joined.targets();
}

}  // namespace hpo::gp
