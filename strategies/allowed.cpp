// Uniform draws, then draws that shrink towards what the decoder's own search has found.
#include "strategies/allowed.hpp"

#include <utility>

#include "schema/space_probe.hpp"
#include "strategies/random_point.hpp"

namespace hpo {
namespace {

constexpr int halvings_max = 52;  // beyond, a double does not move

class Constrained final : public Strategy {
 public:
  Constrained(const StudySpec& spec, std::unique_ptr<Strategy> inner)
      : inner_(std::move(inner)), space_(spec.space), allowed_(spec.space, spec.seed) {}

  Result<Proposals> ask(const History& history, int first_number, int count) override {
    auto answer = inner_->ask(history, first_number, count);
    if (!answer) return answer;
    for (Proposal& proposal : answer->proposals) {
      const Values& own = proposal.values;
      if (!space_.fits(own) || !space_.violated(own)) continue;  // others are refused later
      auto values = allowed_.draw({.number = proposal.number}, [](const Values&) { return true; });
      if (!values) return nothing_found();
      proposal.values = *std::move(values);
    }
    return answer;
  }

  bool fits_apart() const override { return inner_->fits_apart(); }
  bool is_fit_due(const History& history) const override { return inner_->is_fit_due(history); }
  std::shared_ptr<const Fits> fit(const History& history) override { return inner_->fit(history); }
  void take(const std::shared_ptr<const Fits>& fits) override { inner_->take(fits); }
  std::size_t kept_bytes(const History& history) const override {
    return inner_->kept_bytes(history);
  }

 private:
  static Error nothing_found() {
    return {ErrorCode::invalid_argument, "no params fulfil the constraints",
            "study.json /space_constraints", "loosen them"};
  }

  std::unique_ptr<Strategy> inner_;
  SearchSpace space_;
  AllowedValues allowed_;
};

}  // namespace

std::vector<double> AllowedValues::random_point_of(const Address& at, int round) const {
  return random_point(cube_.dimension(), {.seed = seed_, .trial = at.number, .stream = at.stream,
                                          .round = round});
}

std::optional<Values> AllowedValues::draw(const Address& at,
                                          const std::function<bool(const Values&)>& accept) {
  const SearchSpace& space = cube_.space();
  for (int round = 0; round < at.rounds; ++round) {
    Values values = cube_.from_unit(random_point_of(at, round));
    if (!space.violated(values) && accept(values)) return values;
  }
  if (space.constraints().empty()) return std::nullopt;
  return draw_near(at, accept);
}

std::optional<Values> AllowedValues::draw_near(const Address& at,
                                               const std::function<bool(const Values&)>& accept) {
  if (!std::exchange(has_sought_, true)) {
    if (const auto found = probe_space(cube_.space()).values) anchor_ = cube_.to_unit(*found);
  }
  if (!anchor_) return std::nullopt;
  double share = 1.0;  // of the way from the anchor to a random point
  for (int halving = 0; halving <= halvings_max; ++halving, share *= 0.5) {
    std::vector<double> point = random_point_of(at, at.rounds + halving);
    for (std::size_t i = 0; i < point.size(); ++i) {
      point[i] = (*anchor_)[i] + share * (point[i] - (*anchor_)[i]);
    }
    Values values = cube_.from_unit(point);
    if (!cube_.space().violated(values) && accept(values)) return values;
  }
  return std::nullopt;
}

std::unique_ptr<Strategy> make_constrained(const StudySpec& spec, std::unique_ptr<Strategy> inner) {
  return std::make_unique<Constrained>(spec, std::move(inner));
}

}  // namespace hpo
