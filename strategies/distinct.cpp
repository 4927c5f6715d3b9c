// Random redraws first; where few values are left, a walk through the numbered values instead.
//
// Where there are conditions or constraints, what is numbered is the list of values that can occur;
// a space too large to be listed is exhausted when redraws find nothing new.
#include "strategies/distinct.hpp"

#include "schema/assert.hpp"
#include "strategies/allowed.hpp"
#include "strategies/enumeration.hpp"
#include "strategies/random_bits.hpp"
#include "strategies/tried_values.hpp"

namespace hpo {
namespace {

constexpr int redraws_max = 32;

class Distinct final : public Strategy {
 public:
  Distinct(const StudySpec& spec, std::unique_ptr<Strategy> inner)
      : inner_(std::move(inner)), space_(spec.space), allowed_(spec.space, spec.seed),
        tried_(spec.space), seed_(spec.seed) {}

  Result<Proposals> ask(const History& history, int first_number, int count) override {
    list();
    tried_.set(history);
    const std::uint64_t left = size() > tried_.count() ? size() - tried_.count() : 0;
    if (left == 0) return Proposals{.proposals = {}, .exhausted = true};
    if (left < static_cast<std::uint64_t>(count)) count = static_cast<int>(left);
    auto answer = inner_->ask(history, first_number, count);
    if (!answer) return answer;
    for (std::size_t i = 0; i < answer->proposals.size(); ++i) {
      Proposal& proposal = answer->proposals[i];
      if (tried_.add(proposal.values)) continue;
      auto other = other_values(proposal.number);
      if (!other) {
        answer->proposals.resize(i);
        answer->exhausted = i == 0;
        break;
      }
      proposal.values = *std::move(other);
    }
    return answer;
  }

  bool fits_apart() const override { return inner_->fits_apart(); }
  bool is_fit_due(const History& history) const override { return inner_->is_fit_due(history); }
  std::shared_ptr<const Fits> fit(const History& history) override { return inner_->fit(history); }
  void take(const std::shared_ptr<const Fits>& fits) override { inner_->take(fits); }
  std::size_t kept_bytes(const History& history) const override {
    return inner_->kept_bytes(history) + Strategy::kept_bytes(history);
  }

 private:
  // Once, and not where a study is made: it takes a while.
  void list() {
    if (is_listed_ || (!space_.has_conditions() && space_.constraints().empty())) return;
    listed_ = Enumeration::make(space_);
    is_listed_ = true;
  }

  bool is_unlisted() const { return is_listed_ && !listed_; }
  std::uint64_t size() const { return listed_ ? listed_->size() : tried_.index().size(); }
  Values at(std::uint64_t i) const { return listed_ ? listed_->at(i) : tried_.index().at(i); }

  std::optional<Values> other_values(int number) {
    auto drawn = allowed_.draw({.number = number, .stream = Stream::redraw,
                                .rounds = is_unlisted() ? AllowedValues::rounds_max : redraws_max},
                               [&](const Values& values) { return tried_.add(values); });
    if (drawn || is_unlisted()) return drawn;
    return next_left(number);
  }

  // From a random place on: as many steps as values were tried, at most.
  Values next_left(int number) {
    HPO_ASSERT(tried_.count() < size(), "a batch is no larger than what is left");
    std::uint64_t i = random_bits({.seed = seed_, .trial = static_cast<std::uint64_t>(number),
                                   .stream = Stream::enumeration}) % size();
    Values values = at(i);
    while (!tried_.add(values)) {
      i = (i + 1) % size();
      values = at(i);
    }
    return values;
  }

  std::unique_ptr<Strategy> inner_;
  SearchSpace space_;
  AllowedValues allowed_;
  TriedValues tried_;
  std::optional<Enumeration> listed_{};
  bool is_listed_ = false;  // it was tried
  std::uint64_t seed_ = 0;
};

}  // namespace

std::unique_ptr<Strategy> make_distinct(const StudySpec& spec, std::unique_ptr<Strategy> inner) {
  return std::make_unique<Distinct>(spec, std::move(inner));
}

}  // namespace hpo
