// CMA-ES: a normal distribution that moves to where the better half of its trials was, learns the
// landscape's shape, and starts anew when it has converged. For numbers, integers and choices.
//
// Hansen (2016), "The CMA evolution strategy: a tutorial", arXiv:1604.00772; choices and integers:
// Hamano et al. (2025), "CatCMA with margin", arXiv:2504.07884. The parts: cma/README.md.
//
// Results are told in any order and some never, so a generation is no list of trials that one waits
// for: it is the next `population` results in the order in which they came. Which distribution drew
// a trial follows from its number and values alone: drawing again gives the same values. Failed and
// cancelled trials teach nothing and take no place in a generation.
#include <algorithm>

#include "strategies/cma/search.hpp"
#include "strategies/options.hpp"
#include "strategies/sobol_sequence.hpp"
#include "strategies/strategy.hpp"

namespace hpo {
namespace {

constexpr std::int64_t population_max = 10'000;

CmaMember::Kind kind_of(TrialState state) {
  if (state == TrialState::completed) return CmaMember::Kind::completed;
  return state == TrialState::pruned ? CmaMember::Kind::pruned : CmaMember::Kind::infeasible;
}

class CmaEs final : public Strategy {
 public:
  CmaEs(const StudySpec& spec, const CmaOptions& options)
      : cube_(spec.space), layout_(cube_), sequence_(cube_.dimension(), spec.seed),
        options_(options), seed_(spec.seed),
        is_minimum_(spec.objective.direction == Direction::minimize) {
    forget();
  }

  Result<Proposals> ask(const History& history, int first_number, int count) override {
    learn(history);
    Proposals answer;
    for (int number = first_number; number < first_number + count; ++number) {
      answer.proposals.push_back({number, cube_.from_unit(point(number))});
    }
    return answer;
  }

 private:
  // Without a coordinate there is nothing to search, and before a warm start nothing to start from.
  std::vector<double> point(int number) const {
    if (search_ && search_->has_begun()) {
      return layout_.point(search_->draw(cma_noise(layout_, seed_, number)));
    }
    return sequence_.point(static_cast<std::uint32_t>(number));
  }

  void forget() {
    search_.reset();
    if (cube_.dimension() > 0) search_.emplace(layout_, options_, seed_);
    learned_ = 0;
  }

  void learn(const History& history) {
    const bool is_longer = learned_ == 0 ||
                           (history.finished_count() >= learned_ &&
                            history.finished(learned_ - 1).history_seq == history_seq_);
    if (!is_longer) forget();
    for (; learned_ < history.finished_count(); ++learned_) {
      take(history.finished(learned_), history.values(learned_));
    }
    history_seq_ = history.history_seq();
  }

  void take(const FinishedTrial& trial, std::span<const ParamValue> values) {
    const bool is_silent =
        trial.state == TrialState::failed || trial.state == TrialState::cancelled;
    if (is_silent || !search_) return;
    CmaMember member{.kind = kind_of(trial.state), .number = trial.number};
    if (member.kind == CmaMember::Kind::completed) {
      member.loss = is_minimum_ ? trial.value : -trial.value;
    }
    if (attribute(trial, values, member)) search_->tell(std::move(member));
  }

  // Who drew the trial, and what. False if it tells this run nothing: what an earlier run drew
  // would pull this one back to where that one ended, and a user's values may lie outside.
  bool attribute(const FinishedTrial& trial, std::span<const ParamValue> values,
                 CmaMember& member) const {
    if (trial.origin == Origin::strategy) {
      const auto is_the_trials = [&](const CmaDraw& draw) {
        return std::ranges::equal(cube_.from_unit(layout_.point(draw)), values);
      };
      if (auto origin = search_->origin(cma_noise(layout_, seed_, trial.number), is_the_trials)) {
        member.draw = std::move(origin->draw);
        member.is_injected = !origin->is_present;
        return origin->is_this_run;
      }
    }
    const Values given(values.begin(), values.end());
    if (!cube_.space().contains(given)) return false;
    member.draw = layout_.draw_of(cube_.to_unit(given));
    member.is_injected = true;
    return true;
  }

  UnitCube cube_;
  CmaLayout layout_;
  SobolSequence sequence_;
  CmaOptions options_;
  std::uint64_t seed_ = 0;
  bool is_minimum_ = true;

  // A cache: it follows from the history.
  std::optional<CmaSearch> search_{};
  std::size_t learned_ = 0;  // of the history's finished trials
  std::int64_t history_seq_ = 0;
};

// At least `parallel`, so that a result is rarely older than one generation: with 64 trials in
// flight, a sphere of 10 dimensions takes 31,800 trials with a population of 10, 8,000 with 64.
std::int64_t default_population(const StudySpec& spec) {
  const std::size_t axes = UnitCube(spec.space).dimension();
  const std::size_t least = axes > 0 ? cma_population(axes) : 4;
  return std::clamp<std::int64_t>(spec.parallel, static_cast<std::int64_t>(least), population_max);
}

}  // namespace

Result<std::unique_ptr<Strategy>> make_cma_es(const StudySpec& spec) {
  const auto values = OptionValues::make(spec, "cma_es");
  if (!values) return values.error();
  const std::int64_t population = values->has("population") ? values->integer("population")
                                                            : default_population(spec);
  CmaOptions options{.first = {.population = static_cast<std::size_t>(population),
                               .sigma = values->number("sigma0")}};
  if (values->word("restarts") == "bipop") options.restarts = CmaRestartRule::bipop;
  options.warm_start = static_cast<std::size_t>(values->integer("warm_start"));
  return std::unique_ptr<Strategy>(std::make_unique<CmaEs>(spec, options));
}

}  // namespace hpo
