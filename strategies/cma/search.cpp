// Runs begin here and nowhere else.
#include "strategies/cma/search.hpp"

#include <algorithm>

#include "strategies/cma/warm_start.hpp"
#include "strategies/random_bits.hpp"

namespace hpo {
namespace {

// Where in a restart's random numbers what begins.
constexpr std::size_t population_index = 0;
constexpr std::size_t sigma_index = 1;
constexpr std::size_t mean_index = 2;

}  // namespace

CmaSearch::CmaSearch(const CmaLayout& layout, const CmaOptions& options, std::uint64_t seed)
    : layout_(&layout), options_(options), seed_(seed),
      restarts_(options.restarts, options.first) {
  if (options.warm_start == 0) begin(options.first, middle());
}

std::optional<CmaSearch::Origin> CmaSearch::origin(
    const CmaNoise& noise, const std::function<bool(const CmaDraw&)>& is_the_trials) const {
  for (auto past = past_.rbegin(); past != past_.rend(); ++past) {
    CmaDraw draw = past->distribution.draw(noise);
    if (!is_the_trials(draw)) continue;
    return Origin{.draw = std::move(draw), .is_present = past == past_.rbegin(),
                  .is_this_run = past->run == runs_};
  }
  return std::nullopt;
}

void CmaSearch::tell(CmaMember member) {
  if (!run_) return tell_earlier(std::move(member));
  if (!run_->tell(std::move(member))) return;
  run_->is_over() ? restart() : remember();
}

void CmaSearch::tell_earlier(CmaMember member) {
  if (member.kind != CmaMember::Kind::completed) return;
  earlier_.push_back(std::move(member));
  if (earlier_.size() >= options_.warm_start) begin_warm();
}

// Around the best of the earlier trials; choices begin alike, since the paper knows numbers only.
void CmaSearch::begin_warm() {
  std::sort(earlier_.begin(), earlier_.end(), [](const CmaMember& a, const CmaMember& b) {
    return a.loss != b.loss ? a.loss < b.loss : a.number < b.number;
  });
  const std::size_t count = std::max<std::size_t>(1, earlier_.size() / warm_start_share);
  std::vector<std::vector<double>> best;
  for (std::size_t i = 0; i < count; ++i) best.push_back(std::move(earlier_[i].draw.x));
  earlier_.clear();
  CmaDistribution from = middle();
  CmaLaunch launch = options_.first;
  if (from.shape) {
    from.shape = cma_warm_shape(best);
    launch.sigma = from.shape->sigma;
  }
  begin(launch, from);
}

void CmaSearch::restart() {
  ++runs_;
  const CmaLaunch launch =
      restarts_.next(run_->results(), unit(population_index), unit(sigma_index));
  std::vector<double> mean(layout_->numbers());
  for (std::size_t i = 0; i < mean.size(); ++i) mean[i] = unit(mean_index + i);
  begin(launch, cma_start(*layout_, std::move(mean), launch.sigma));
}

void CmaSearch::begin(const CmaLaunch& launch, const CmaDistribution& from) {
  run_.emplace(*layout_, from, launch);
  remember();
}

void CmaSearch::remember() {
  past_.push_back({run_->distribution(), runs_});
  if (past_.size() > generations_remembered) past_.pop_front();
}

CmaDistribution CmaSearch::middle() const {
  return cma_start(*layout_, std::vector<double>(layout_->numbers(), 0.5), options_.first.sigma);
}

double CmaSearch::unit(std::size_t index) const {
  return random_unit({.seed = seed_, .trial = static_cast<std::uint64_t>(runs_),
                      .stream = Stream::restart, .index = static_cast<std::uint32_t>(index)});
}

}  // namespace hpo
