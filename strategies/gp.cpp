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
#include "strategies/gp/model.hpp"
#include "strategies/gp/search.hpp"
#include "strategies/options.hpp"
#include "strategies/random_bits.hpp"
#include "strategies/sobol_sequence.hpp"
#include "strategies/strategy.hpp"

namespace hpo {
namespace {

using gp::Acquisition;
using gp::Index;

constexpr std::size_t first_trials_max = 10;  // by a quasi-random sequence, until they have values
constexpr std::size_t completed_least = 3;    // of them, for a model beside those that are open
constexpr double exploration_most = 0.5;      // share of proposals that are made with others open
constexpr double exploration_slope = 0.005;   // of that share by completed trials
constexpr Index good_points = 4;              // that candidates are drawn around
constexpr std::size_t open_max = 16384;       // the newest; each costs some time and memory
constexpr Index watched_finished = 16;        // points that may set a threshold, the best
constexpr Index watched_open = 64;            // and the newest
constexpr Index drawn_starts = 3;

class GpSearch final : public Strategy {
 public:
  GpSearch(const StudySpec& spec, bool explores)
      : cube_(spec.space), axes_(cube_), sequence_(cube_.dimension(), spec.seed),
        candidates_(axes_, spec.seed), model_(cube_, axes_, spec.objective), seed_(spec.seed),
        excludes_tried_(spec.objective.noise != Noise::high), explores_(explores) {
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
    return model_.completed() >= completed_needed() && model_.is_fit_due(history.finished_count());
  }

  std::shared_ptr<const Fits> fit(const History& history) override {
    model_.take_in(history);
    auto made = std::make_shared<ModelFits>();
    made->history_seq = history.history_seq();
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

  // Completed trials that a model needs. Open ones count among the first trials, which so are as
  // many in parallel as one after the other; a believer waits until all of them are completed.
  std::size_t completed_needed() const {
    return explores_ ? std::min(completed_least, first_count()) : first_count();
  }

  // How many of the next `most` proposals are first trials.
  int first_trials_left(const History& history, int most) const {
    if (cube_.dimension() == 0 || model_.completed() < completed_needed()) return most;
    const std::size_t begun = model_.completed() + history.open().size();
    return begun < first_count() ? std::min(most, static_cast<int>(first_count() - begun)) : 0;
  }

  Proposals first_trials(int first_number, int count) const {
    Proposals answer;
    for (int number = first_number; number < first_number + count; ++number) {
      const auto point = sequence_.point(static_cast<std::uint32_t>(number));
      answer.proposals.push_back({number, cube_.from_unit(point)});
    }
    return answer;
  }

  // To the proposals that are there, up to `count`; they are open trials for those that follow.
  void add_best(const History& history, int first_number, int count, Proposals& answer) {
    model_.follow(history.model_count());
    gp::OpenPoints open = open_points(history);
    for (const Proposal& each : answer.proposals) open.add(*model_.inside(each.values));
    for (int number = first_number + static_cast<int>(answer.proposals.size());
         number < first_number + count; ++number) {
      answer.proposals.push_back({number, cube_.from_unit(best_point(open, number))});
      open.add(*model_.inside(answer.proposals.back().values));
    }
  }

  // REQUIRES: the model stays as it is
  gp::OpenPoints open_points(const History& history) const {
    gp::OpenPoints open(model_.values());
    const std::size_t count = history.open().size();
    for (std::size_t i = count > open_max ? count - open_max : 0; i < count; ++i) {
      if (const auto point = model_.inside(history.open()[i].values)) open.add(*point);
    }
    return open;
  }

  std::vector<double> best_point(const gp::OpenPoints& open, int number) const {
    const std::vector<Index> order = by_mean();
    const gp::Region region = model_.region(model_.point(order.front()));
    const gp::Table points = candidates_.points(region, columns(order, good_points), number);
    gp::Vector draws(drawn_starts);
    for (Index i = 0; i < drawn_starts; ++i) draws[i] = draw(number, 1 + i);
    const Acquisition acquisition(model_.values(), open, setting(open, order, number));
    const gp::Vector found = gp::best_point(acquisition, axes_, region, points, draws);
    return {found.begin(), found.end()};
  }

  Acquisition::Setting setting(const gp::OpenPoints& open, const std::vector<Index>& order,
                               int number) const {
    Acquisition::Setting setting{.excludes_tried = excludes_tried_,
                                 .feasible = model_.feasible()};
    if (setting.feasible != nullptr) {
      setting.feasible_middle = model_.feasible_middle();
      setting.feasible_weight = model_.feasible_weight();
    }
    const bool explores = explores_ && open.size() > 0 && draw(number, 0) < exploration_share();
    if (explores) {
      setting.kind = Acquisition::Kind::explore;
      setting.threshold = gp::exploration_threshold(model_.values(), watched(order, open));
    } else {
      setting.threshold = believed_best(order, open);
    }
    return setting;
  }

  // While little is known, the best may be nearly anywhere, and exploring is no better than the
  // first trials were; later it finds what improvement alone would miss.
  double exploration_share() const {
    const auto completed = static_cast<double>(model_.completed());
    return std::min(exploration_most, exploration_slope * completed);
  }

  // The largest mean at a finished trial, or at an open one: it counts as if it had that value.
  double believed_best(const std::vector<Index>& order, const gp::OpenPoints& open) const {
    const double finished = model_.values().means()[order.front()];
    if (open.size() == 0) return finished;
    return std::max(finished, model_.values().bound(newest(open)).mean.maxCoeff());
  }

  // The model's points, the largest mean first.
  std::vector<Index> by_mean() const {
    const gp::Vector& means = model_.values().means();
    std::vector<Index> order(static_cast<std::size_t>(means.size()));
    std::iota(order.begin(), order.end(), Index{0});
    const auto wanted = std::min<std::ptrdiff_t>(watched_finished, means.size());
    std::partial_sort(order.begin(), order.begin() + wanted, order.end(), [&](Index a, Index b) {
      return means[a] != means[b] ? means[a] > means[b] : a < b;
    });
    return order;
  }

  gp::Table columns(const std::vector<Index>& order, Index most) const {
    gp::Table points(axes_.size(), std::min<Index>(most, static_cast<Index>(order.size())));
    for (Index c = 0; c < points.cols(); ++c) {
      points.col(c) = model_.point(order[static_cast<std::size_t>(c)]);
    }
    return points;
  }

  static gp::Table newest(const gp::OpenPoints& open) {
    const Index count = std::min(watched_open, open.size());
    gp::Table points(open.point(0).size(), count);
    for (Index c = 0; c < count; ++c) points.col(c) = open.point(open.size() - 1 - c);
    return points;
  }

  gp::Table watched(const std::vector<Index>& order, const gp::OpenPoints& open) const {
    const gp::Table finished = columns(order, watched_finished);
    const gp::Table others = newest(open);
    gp::Table points(finished.rows(), finished.cols() + others.cols());
    points << finished, others;
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
};

}  // namespace

Result<std::unique_ptr<Strategy>> make_gp(const StudySpec& spec) {
  const auto options = OptionValues::make(spec, "gp");
  if (!options) return options.error();
  const bool explores = options->word("pending") == "ucb_pe";
  return std::unique_ptr<Strategy>(std::make_unique<GpSearch>(spec, explores));
}

}  // namespace hpo
