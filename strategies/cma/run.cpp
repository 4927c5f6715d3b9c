// Members are sorted once per generation; each distribution learns from them in its own file.
#include "strategies/cma/run.hpp"

#include <algorithm>
#include <tuple>

namespace hpo {
namespace {

constexpr int barren_max = 3;  // then it is time to look elsewhere

bool is_better(const CmaMember& a, const CmaMember& b) {
  return std::tie(a.kind, a.loss, a.number) < std::tie(b.kind, b.loss, b.number);
}

CmaMargin make_margin(const CmaLayout& layout) {
  return {layout.integers(),
          [&layout](std::size_t i, double u) { return layout.integer_cell(i, u); },
          cma_margin_of(layout)};
}

}  // namespace

CmaRun::CmaRun(const CmaLayout& layout, const CmaDistribution& start, const CmaLaunch& launch)
    : categories_(start.categories),
      stagnation_(layout.numbers() + layout.counts().size(), launch.population),
      sigma_first_(launch.sigma), results_max_(launch.results_max) {
  if (start.shape) gaussian_.emplace(*start.shape, launch.population);
  if (!layout.integers().empty()) margin_.emplace(make_margin(layout));
  const CmaRates rates = gaussian_ ? gaussian_->rates() : cma_rates(0, launch.population, true);
  weights_ = rates.weights;
  parents_ = rates.parents;
}

CmaDistribution CmaRun::distribution() const {
  CmaDistribution now{.categories = categories_};
  if (gaussian_) now.shape = gaussian_->shape();
  return now;
}

bool CmaRun::tell(CmaMember member) {
  ++results_;
  members_.push_back(std::move(member));
  if (members_.size() < population()) return false;
  close();
  return true;
}

// Without a single value nothing is better than anything else: nothing is learned.
void CmaRun::close() {
  ++generation_;
  std::sort(members_.begin(), members_.end(), is_better);
  const auto is_completed = [](const CmaMember& m) { return m.kind == CmaMember::Kind::completed; };
  const auto end = std::find_if_not(members_.begin(), members_.end(), is_completed);
  barren_ = end == members_.begin() ? barren_ + 1 : 0;
  if (barren_ == 0) {
    stagnation_.add(members_.front().loss, (end - 1)->loss);
    update_categories();
    update_numbers();
  }
  members_.clear();
}

void CmaRun::update_numbers() {
  if (!gaussian_) return;
  if (margin_) {
    std::vector<std::vector<double>*> better_half;
    for (std::size_t k = 0; k < parents_; ++k) better_half.push_back(&members_[k].draw.x);
    margin_->centre(gaussian_->shape(), better_half);
  }
  std::vector<CmaResult> ranked;
  for (const CmaMember& member : members_) ranked.push_back({member.draw.x, member.is_injected});
  gaussian_->update(ranked);
  if (margin_) margin_->correct(gaussian_->shape());
}

void CmaRun::update_categories() {
  std::vector<const std::vector<std::size_t>*> better_half;
  for (std::size_t k = 0; k < parents_; ++k) better_half.push_back(&members_[k].draw.categories);
  categories_.update(better_half, {weights_.data(), parents_});
}

bool CmaRun::is_over() const {
  if (results_max_ > 0 && results_ >= results_max_) return true;
  if (barren_ >= barren_max || stagnation_.is_over()) return true;
  return gaussian_ && is_degenerate(*gaussian_, sigma_first_, generation_);
}

}  // namespace hpo
