// Bayesian optimisation with a Gaussian process: the trial that promises most, given all others.
//
// Matérn-5/2 with a length per axis and Hamming's distance without order, a maximum a posteriori
// fit, outcomes warped by rank below the median; the proposal maximises augmented log EI, and with
// open trials, the more have completed the more often, the pure exploration of GP-UCB-PE. Open ones
// count among the first trials too: to wait for their values would cost as many proposals more that
// know nothing. Where trials fail is learned by a second model. The parts are in strategies/gp;
// sources are named there. Fits come at numbers of finished trials that a schedule gives, so a
// rebuilt model equals a kept one bit for bit.
#include <algorithm>
#include <numeric>

#include "schema/assert.hpp"
#include "strategies/eigen_sizes.hpp"
#include "strategies/gp/candidates.hpp"
#include "strategies/gp/leaders.hpp"
#include "strategies/gp/model.hpp"
#include "strategies/gp/search.hpp"
#include "strategies/gp_search.hpp"
#include "strategies/options.hpp"
#include "strategies/random_bits.hpp"
#include "strategies/sobol_sequence.hpp"
#include "strategies/strategy.hpp"

namespace hpo {
namespace {

using gp::Acquisition;
using gp::Index;

constexpr std::size_t first_trials_max = 10;  // by a quasi-random sequence, until they have values
constexpr std::size_t told_least = 3;         // of them, for a model beside those that are open
constexpr double exploration_most = 0.5;      // share of proposals that are made with others open
constexpr double exploration_slope = 0.005;   // of that share by completed trials
constexpr Index good_points = 4;              // that candidates are drawn around
constexpr std::size_t open_max = 16384;       // the newest; each costs some time and memory
constexpr Index watched_told = 16;            // points that may set a threshold, the best
constexpr Index watched_open = 64;            // and the newest
constexpr Index drawn_starts = 3;

class GpSearch final : public Strategy {
 public:
  GpSearch(const StudySpec& spec, const GpSetting& setting)
      : cube_(spec.space), axes_(cube_, !setting.levels.empty()),
        sequence_(cube_.dimension(), spec.seed), candidates_(axes_, spec.seed),
        model_(cube_, axes_, spec.objective, setting.levels), seed_(spec.seed),
        excludes_tried_(spec.objective.noise != Noise::high), explores_(setting.explores),
        random_fraction_(setting.random_fraction) {
    HPO_ASSERT(are_eigen_sizes_pinned, "they are pinned before main");
  }

  Result<Proposals> ask(const History& history, int first_number, int count) override {
    model_.take_in(history);
    const int first = first_trials_left(history, count);
    Proposals answer = first_trials(first_number, first);
    if (first < count) add_best(history, first_number, count, answer);
    return answer;
  }

  bool fits_apart() const override { return true; }

  bool is_fit_due(const History& history) const override {
    return model_.told() >= told_needed() && model_.is_fit_due(history);
  }

  std::shared_ptr<const Fits> fit(const History& history) override {
    model_.take_in(history);
    auto made = std::make_shared<ModelFits>();
    made->history_seq = model_.has_levels() ? history.seen_seq() : history.history_seq();
    if (cube_.dimension() > 0) made->fits = model_.fit();
    return made;
  }

  void take(const std::shared_ptr<const Fits>& fits) override {
    if (const auto* made = dynamic_cast<const ModelFits*>(fits.get())) model_.take(made->fits);
  }

  std::size_t kept_bytes(const History& history) const override {
    return Strategy::kept_bytes(history) + model_.bytes();
  }

 private:
  struct ModelFits final : Fits {
    gp::Model::Fits fits{};
  };

  std::size_t first_count() const {
    return std::min(first_trials_max, 2 * cube_.dimension() + 2);
  }

  // Trials with a value that a model needs. Open ones count among the first trials, which so are as
  // many in parallel as one after the other; a believer waits until all of them have a value.
  std::size_t told_needed() const {
    return explores_ ? std::min(told_least, first_count()) : first_count();
  }

  // How many of the next `most` proposals are first trials.
  int first_trials_left(const History& history, int most) const {
    if (cube_.dimension() == 0 || model_.told() < told_needed()) return most;
    const auto silent = std::ranges::count_if(
        history.open(), [&](const OpenTrial& each) { return !model_.has_told(each.number); });
    const std::size_t begun = model_.told() + static_cast<std::size_t>(silent);
    return begun < first_count() ? std::min(most, static_cast<int>(first_count() - begun)) : 0;
  }

  Proposals first_trials(int first_number, int count) const {
    Proposals answer;
    for (int number = first_number; number < first_number + count; ++number) {
      answer.proposals.push_back({number, cube_.from_unit(drawn(number))});
    }
    return answer;
  }

  std::vector<double> drawn(int number) const {
    return sequence_.point(static_cast<std::uint32_t>(number));
  }

  // To the proposals that are there, up to `count`; they are open trials for those that follow.
  void add_best(const History& history, int first_number, int count, Proposals& answer) {
    model_.follow(history);
    gp::OpenPoints open = open_points(history);
    for (const Proposal& each : answer.proposals) open.add(*model_.inside(each.values));
    for (int number = first_number + static_cast<int>(answer.proposals.size());
         number < first_number + count; ++number) {
      const bool is_drawn = draw(number, 1 + drawn_starts) < random_fraction_;
      const std::vector<double> point = is_drawn ? drawn(number) : best_point(open, number);
      answer.proposals.push_back({number, cube_.from_unit(point)});
      open.add(*model_.inside(answer.proposals.back().values));
    }
  }

  // REQUIRES: the model stays as it is
  gp::OpenPoints open_points(const History& history) const {
    gp::OpenPoints open(model_.values());
    const std::size_t count = history.open().size();
    for (std::size_t i = count > open_max ? count - open_max : 0; i < count; ++i) {
      const OpenTrial& each = history.open()[i];
      if (model_.knows(each.number)) continue;
      if (const auto point = model_.inside(each.values)) open.add(*point);
    }
    return open;
  }

  std::vector<double> best_point(const gp::OpenPoints& open, int number) const {
    const gp::Leaders leaders = gp::leaders(model_, watched_told);
    const gp::Region region = model_.region(leaders.points.col(0));
    const gp::Table points = candidates_.points(region, leaders.best(good_points), number);
    gp::Vector draws(drawn_starts);
    for (Index i = 0; i < drawn_starts; ++i) draws[i] = draw(number, 1 + i);
    const Acquisition acquisition(model_.values(), open, setting(open, leaders, number));
    const gp::Vector found = gp::best_point(acquisition, axes_, region, points, draws);
    return {found.begin(), found.begin() + axes_.searched()};
  }

  Acquisition::Setting setting(const gp::OpenPoints& open, const gp::Leaders& leaders,
                               int number) const {
    Acquisition::Setting setting{.excludes_tried = excludes_tried_, .tried = model_.tried(),
                                 .feasible = model_.feasible()};
    if (setting.feasible != nullptr) {
      setting.feasible_middle = model_.feasible_middle();
      setting.feasible_weight = model_.feasible_weight();
      setting.bounds_feasible = model_.has_levels();
    }
    const bool explores = explores_ && open.size() > 0 && draw(number, 0) < exploration_share();
    if (explores) {
      setting.kind = Acquisition::Kind::explore;
      setting.threshold = gp::exploration_threshold(model_.values(), watched(leaders, open));
    } else {
      setting.threshold = believed_best(leaders, open);
    }
    return setting;
  }

  // While little is known, the best may be nearly anywhere, and exploring is no better than the
  // first trials were; later it finds what improvement alone would miss.
  double exploration_share() const {
    const auto told = static_cast<double>(model_.told());
    return std::min(exploration_most, exploration_slope * told);
  }

  // The largest mean at a finished trial, or at an open one: it counts as if it had that value.
  double believed_best(const gp::Leaders& leaders, const gp::OpenPoints& open) const {
    const double finished = leaders.means[0];
    if (open.size() == 0) return finished;
    return std::max(finished, model_.values().bound(newest(open)).mean.maxCoeff());
  }

  static gp::Table newest(const gp::OpenPoints& open) {
    const Index count = std::min(watched_open, open.size());
    gp::Table points(open.point(0).size(), count);
    for (Index c = 0; c < count; ++c) points.col(c) = open.point(open.size() - 1 - c);
    return points;
  }

  static gp::Table watched(const gp::Leaders& leaders, const gp::OpenPoints& open) {
    const gp::Table others = newest(open);
    gp::Table points(leaders.points.rows(), leaders.points.cols() + others.cols());
    points << leaders.points, others;
    return points;
  }

  double draw(int number, Index index) const {
    return random_unit({.seed = seed_, .trial = static_cast<std::uint64_t>(number),
                        .stream = Stream::decisions, .index = static_cast<std::uint32_t>(index)});
  }

  UnitCube cube_;
  gp::Axes axes_;
  SobolSequence sequence_;
  gp::Candidates candidates_;
  gp::Model model_;
  std::uint64_t seed_;
  bool excludes_tried_;
  bool explores_;
  double random_fraction_;
};

}  // namespace

std::unique_ptr<Strategy> make_gp_search(const StudySpec& spec, const GpSetting& setting) {
  return std::make_unique<GpSearch>(spec, setting);
}

Result<std::unique_ptr<Strategy>> make_gp(const StudySpec& spec) {
  const auto options = OptionValues::make(spec, "gp");
  if (!options) return options.error();
  const bool explores = options->word("pending") == "ucb_pe";
  return make_gp_search(spec, {.explores = explores});
}

}  // namespace hpo
