// Grid search: all combinations of a few values of each parameter, one after the other.
//
// A parameter's values are those of the option `values`, or else all that its domain has; so a
// float without a step needs some. The last parameter varies fastest, combinations that
// conditions or constraints rule out are no part of the grid, and what a trial has is not proposed
// again: the search ends by itself.
#include <algorithm>

#include "schema/assert.hpp"
#include "strategies/domain_values.hpp"
#include "strategies/enumeration.hpp"
#include "strategies/options.hpp"
#include "strategies/strategy.hpp"
#include "strategies/tried_values.hpp"

namespace hpo {
namespace {

Error too_many() {
  return {ErrorCode::invalid_argument,
          "the grid has more than " + std::to_string(Enumeration::work_max) +
              " numbers, all parameters of all its points",
          "study.json /strategy/options/values", "give fewer values, or use another strategy"};
}

class GridSearch final : public Strategy {
 public:
  GridSearch(const SearchSpace& space, std::vector<Domain> domains)
      : space_(space), domains_(std::move(domains)), tried_(space) {}

  Result<Proposals> ask(const History& history, int first_number, int count) override {
    if (!list()) return too_many();
    tried_.set(history);
    skip_finished();
    Proposals answer;
    std::size_t i = next_;
    for (; i < keys_.size() && answer.proposals.size() < static_cast<std::size_t>(count); ++i) {
      if (tried_.is_tried(keys_[i])) continue;
      const int number = first_number + static_cast<int>(answer.proposals.size());
      answer.proposals.push_back({number, grid_->at(i)});
    }
    answer.exhausted = answer.proposals.empty() && i == keys_.size();
    return answer;
  }

 private:
  // Once, and not where a study is made: it takes a while.
  bool list() {
    if (grid_) return true;
    grid_ = Enumeration::make(space_, domains_);
    if (!grid_) return false;
    for (std::size_t i = 0; i < grid_->size(); ++i) {
      keys_.push_back(tried_.index().key(grid_->at(i)));
    }
    return true;
  }

  // A grid of a million points is not walked from its beginning at each ask.
  void skip_finished() {
    if (next_ > 0 && !tried_.is_finished(keys_[next_ - 1])) next_ = 0;  // another history
    while (next_ < keys_.size() && tried_.is_finished(keys_[next_])) ++next_;
  }

  SearchSpace space_;
  std::vector<Domain> domains_;
  TriedValues tried_;
  std::optional<Enumeration> grid_{};
  std::vector<std::uint64_t> keys_{};  // of the grid's points
  std::size_t next_ = 0;               // all before it are finished
};

}  // namespace

Result<std::unique_ptr<Strategy>> make_grid(const StudySpec& spec) {
  if (auto known = check_options(spec, {}); !known) return known.error();
  std::vector<Domain> domains;
  for (const Parameter& parameter : spec.space.parameters()) {
    const auto listed = spec.strategy.grid_values.find(parameter.name);
    const bool is_listed = listed != spec.strategy.grid_values.end();
    if (!is_listed && is_continuous(parameter.domain)) {
      return Error{ErrorCode::invalid_argument,
                   "the grid has no values for '" + parameter.name + "'",
                   "study.json /strategy/options/values",
                   "list its values, as in \"values\": {\"" + parameter.name + "\": [0.1, 0.5]}"};
    }
    domains.push_back(is_listed ? OrdinalDomain{listed->second} : parameter.domain);
  }
  if (Enumeration::has_too_many(spec.space, domains)) return too_many();
  return std::unique_ptr<Strategy>(std::make_unique<GridSearch>(spec.space, std::move(domains)));
}

}  // namespace hpo
