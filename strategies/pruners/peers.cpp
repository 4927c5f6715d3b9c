// See peers.hpp.
#include "strategies/pruners/peers.hpp"

#include <cmath>

namespace hpo::pruning {

void Curve::add(std::int64_t step, double loss) {
  if (count_++ % stride_ != 0) return;
  kept_.emplace_back(step, loss);
  if (kept_.size() < steps_kept_max) return;
  for (std::size_t i = 0; 2 * i < kept_.size(); ++i) kept_[i] = kept_[2 * i];
  kept_.resize((kept_.size() + 1) / 2);
  stride_ *= 2;
}

void Peers::add(const Curve& curve) {
  for (const auto& [step, loss] : curve.kept()) {
    if (!std::isfinite(loss) || losses_ >= peer_losses_max) continue;
    if (steps_.size() >= peer_steps_max && !steps_.contains(step)) continue;
    Lowest& here = steps_[step];
    here.add(loss, static_cast<std::size_t>(position(here.size() + 1)) + 1);
    ++losses_;
  }
}

Peers::Yardstick Peers::at(std::int64_t step) const {
  const auto found = steps_.find(step);
  if (found == steps_.end()) return {};
  const Lowest& here = found->second;
  const double q = position(here.size());
  const double part = q - std::floor(q);
  const double low = here.low_max();
  return {.count = here.size(),
          .limit = part > 0.0 ? low + part * (here.high_min() - low) : low};
}

std::size_t Peers::kept_bytes() const {
  constexpr std::size_t step_bytes = 128;
  return losses_ * sizeof(double) + steps_.size() * step_bytes;
}

}  // namespace hpo::pruning
