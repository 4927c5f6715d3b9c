// Random redraws first; where few values are left, a walk through the numbered values instead.
#include "strategies/distinct.hpp"

#include <algorithm>
#include <unordered_set>

#include "schema/assert.hpp"
#include "strategies/random_point.hpp"
#include "strategies/unit_cube.hpp"
#include "strategies/value_index.hpp"

namespace hpo {
namespace {

constexpr int redraws_max = 32;

using Keys = std::unordered_set<std::uint64_t>;

// Keys of the values that were tried: finished trials are kept from ask to ask.
class TriedValues {
 public:
  explicit TriedValues(const SearchSpace& space) : space_(space), index_(space) {}

  const ValueIndex& index() const { return index_; }
  std::uint64_t left() const {
    const std::uint64_t tried = finished_.size() + others_.size();
    return tried < index_.size() ? index_.size() - tried : 0;
  }

  void set(const History& history) {
    if (!is_extended_by(history)) {
      finished_.clear();
      finished_count_ = 0;
    }
    for (; finished_count_ < history.finished_count(); ++finished_count_) {
      const auto values = history.values(finished_count_);
      if (is_inside(values)) finished_.insert(index_.key(values));
    }
    history_seq_ = history.history_seq();
    others_.clear();
    for (const OpenTrial& trial : history.open()) {
      if (is_inside(trial.values)) add(trial.values);
    }
  }

  // False if the values were tried before.
  bool add(const Values& values) {
    const std::uint64_t key = index_.key(values);
    return !finished_.contains(key) && others_.insert(key).second;
  }

 private:
  bool is_extended_by(const History& history) const {
    if (finished_count_ == 0) return true;
    return history.finished_count() >= finished_count_ &&
           history.finished(finished_count_ - 1).history_seq == history_seq_;
  }

  // Values that a user put in the queue may lie outside; they use up nothing.
  bool is_inside(std::span<const ParamValue> values) const {
    const auto& parameters = space_.parameters();
    return std::equal(values.begin(), values.end(), parameters.begin(), parameters.end(),
        [](const ParamValue& v, const Parameter& p) { return contains(p.domain, v); });
  }

  SearchSpace space_;
  ValueIndex index_;
  Keys finished_{};
  Keys others_{};  // of open trials and of this batch, none of them in finished_
  std::size_t finished_count_ = 0;
  std::int64_t history_seq_ = 0;
};

class Distinct final : public Strategy {
 public:
  Distinct(const StudySpec& spec, std::unique_ptr<Strategy> inner)
      : inner_(std::move(inner)), cube_(spec.space), tried_(spec.space), seed_(spec.seed) {}

  Result<Proposals> ask(const History& history, int first_number, int count) override {
    tried_.set(history);
    const std::uint64_t left = tried_.left();
    if (left == 0) return Proposals{.proposals = {}, .exhausted = true};
    if (left < static_cast<std::uint64_t>(count)) count = static_cast<int>(left);
    auto answer = inner_->ask(history, first_number, count);
    if (!answer) return answer;
    for (Proposal& proposal : answer->proposals) {
      if (!tried_.add(proposal.values)) proposal.values = other_values(proposal.number);
    }
    return answer;
  }

 private:
  Values other_values(int number) {
    for (int round = 0; round < redraws_max; ++round) {
      Values values = cube_.from_unit(random_point(cube_.dimension(),
          {.seed = seed_, .trial = number, .stream = Stream::redraw, .round = round}));
      if (tried_.add(values)) return values;
    }
    return next_left(number);
  }

  // From a random place on: as many steps as values were tried, at most.
  Values next_left(int number) {
    HPO_ASSERT(tried_.left() > 0, "a batch is no larger than what is left");
    const ValueIndex& all = tried_.index();
    std::uint64_t i = random_bits({.seed = seed_, .trial = static_cast<std::uint64_t>(number),
                                   .stream = Stream::enumeration}) % all.size();
    Values values = all.at(i);
    while (!tried_.add(values)) {
      i = (i + 1) % all.size();
      values = all.at(i);
    }
    return values;
  }

  std::unique_ptr<Strategy> inner_;
  UnitCube cube_;
  TriedValues tried_;
  std::uint64_t seed_ = 0;
};

}  // namespace

std::unique_ptr<Strategy> make_distinct(const StudySpec& spec, std::unique_ptr<Strategy> inner) {
  return std::make_unique<Distinct>(spec, std::move(inner));
}

}  // namespace hpo
