// See scenario.hpp.
#include "daemon/conformance/scenario.hpp"

#include <algorithm>
#include <deque>
#include <set>

#include "schema/codec/codec.hpp"

namespace hpo::conformance {
namespace {

constexpr int sequential_trials = 24;
constexpr std::size_t in_flight = 64;
constexpr int batch = 8;
constexpr int long_history = 1200;

struct Outcome {
  TrialState state = TrialState::completed;
  double value = 0.0;
};

// Ties, what no double lies beyond, and all that may happen to a trial.
constexpr Outcome outcomes[] = {
    {.value = 1.0}, {.value = 1.0}, {.state = TrialState::failed}, {.value = -1e308},
    {.value = 1e308}, {.state = TrialState::pruned}, {.value = 0.0},
    {.state = TrialState::infeasible}, {.value = 5e-324}, {.state = TrialState::cancelled},
    {.value = 0.5}};

// A study as it grows: who is open, who has ended, what comes next.
class Life {
 public:
  explicit Life(std::size_t dimension) : history_(dimension) {}

  int next() const { return next_; }
  std::size_t open_count() const { return open_.size(); }

  History history() const {
    History now = history_;
    now.set_open({open_.begin(), open_.end()});
    return now;
  }

  void open(const Proposals& answer) {
    for (const Proposal& proposal : answer.proposals) {
      open_.push_back({.number = next_++, .values = proposal.values});
    }
  }

  // The newest of three first: trials end out of turn.
  void end_one() {
    const std::size_t i = std::min<std::size_t>(2, open_.size() - 1);
    const OpenTrial trial = open_[i];
    open_.erase(open_.begin() + static_cast<std::ptrdiff_t>(i));
    const Outcome& outcome = outcomes[static_cast<std::size_t>(seq_) % std::size(outcomes)];
    history_.append({.number = trial.number, .state = outcome.state, .origin = Origin::strategy,
                     .value = outcome.value, .history_seq = ++seq_}, trial.values);
  }

 private:
  History history_;
  std::deque<OpenTrial> open_{};
  int next_ = 0;
  std::int64_t seq_ = 0;
};

std::string shown(const StudySpec& spec, const Proposals& answer) {
  if (answer.proposals.empty()) return answer.exhausted ? "nothing is left" : "wait";
  std::string text;
  for (const Proposal& proposal : answer.proposals) {
    text += (text.empty() ? "" : ", ") + params_to_json(spec.space, proposal.values);
  }
  return text;
}

// Why this answer is none; "" if it is one.
std::string fault(const StudySpec& spec, const Result<Proposals>& answer, int first, int count) {
  if (!answer) return answer.error().what;
  if (answer->proposals.size() > static_cast<std::size_t>(count)) {
    return "it proposed " + std::to_string(answer->proposals.size()) + " trials, asked for " +
           std::to_string(count);
  }
  for (std::size_t i = 0; i < answer->proposals.size(); ++i) {
    const Proposal& proposal = answer->proposals[i];
    if (proposal.number != first + static_cast<int>(i)) return "its numbers are out of turn";
    if (!spec.space.contains(proposal.values)) {
      return "outside: " + params_to_json(spec.space, proposal.values);
    }
  }
  return {};
}

class Scenario {
 public:
  Scenario(const Case& on, const StrategyEntry& entry, Findings& findings)
      : on_(on), entry_(entry), findings_(findings), life_(on.spec.space.size()) {}

  bool play() {
    if (!begin()) return false;
    if (!sequentially() || !all_at_once()) return true;
    compare();
    return true;
  }

 private:
  Result<std::unique_ptr<Strategy>> make() const { return entry_.make(on_.spec); }
  void found(Check check, const std::string& failure) { findings_.add(check, on_.name, failure); }

  // A program that cannot be started has refused nothing.
  bool is_refusal(const Error& error) const {
    return error.code == ErrorCode::conflict ||
           (error.code == ErrorCode::invalid_argument && entry_.pace != Pace::elsewhere);
  }

  bool begin() {
    auto made = make();
    const Error* error = made ? nullptr : &made.error();
    Result<Proposals> answer = Proposals{};
    if (made) {
      kept_ = *std::move(made);
      answer = kept_->ask(life_.history(), 0, 1);
      if (!answer) error = &answer.error();
    }
    if (error != nullptr && is_refusal(*error)) {
      findings_.add_refusal(on_.name, error->what);
      return false;
    }
    found(Check::takes, error == nullptr ? "" : error->what);
    return error == nullptr;
  }

  // False: it has failed, and what follows would only say so again.
  bool ask(int count, Check check) {
    const auto answer = kept_->ask(life_.history(), life_.next(), count);
    const std::string failure = fault(on_.spec, answer, life_.next(), count);
    const bool is_inside = failure.find("outside") == std::string::npos;
    if (!failure.empty()) found(is_inside ? check : Check::inside, failure);
    if (!failure.empty()) return false;
    has_waited_ = answer->proposals.empty();
    is_over_ = has_waited_ && answer->exhausted;
    life_.open(*answer);
    return true;
  }

  bool sequentially() {
    for (int i = 0; i < sequential_trials; ++i) {
      if (!ask(1 + i % 3, Check::survives)) return false;
      if (is_over_) break;
      if (life_.open_count() == 0) {
        found(Check::proposes, "it proposed nothing, though no trial is open");
        return false;
      }
      life_.end_one();
      while (life_.open_count() > 2) life_.end_one();
    }
    found(Check::inside, "");
    found(Check::proposes, "");
    found(Check::survives, "");
    return !is_over_;
  }

  bool all_at_once() {
    has_waited_ = false;
    while (life_.open_count() < in_flight && !has_waited_) {
      if (!ask(batch, Check::in_flight)) return false;
    }
    const bool has_few = life_.open_count() < in_flight && !is_over_;
    found(Check::in_flight, has_few ? "with " + std::to_string(life_.open_count()) +
                                          " trials open it waits for results" : "");
    for (std::size_t i = life_.open_count() / 2; i > 0; --i) life_.end_one();
    return true;
  }

  void compare() {
    const History now = life_.history();
    const auto first = kept_->ask(now, life_.next(), 3);
    const auto second = kept_->ask(now, life_.next(), 3);
    auto restarted = make();
    const auto fresh = restarted ? (*restarted)->ask(now, life_.next(), 3)
                                 : Result<Proposals>(restarted.error());
    found(Check::repeats, difference(first, second, "then"));
    found(Check::restarts, difference(first, fresh, "after the restart"));
  }

  std::string difference(const Result<Proposals>& a, const Result<Proposals>& b,
                         const std::string& when) const {
    if (!a) return a.error().what;
    if (!b) return b.error().what;
    if (a->proposals == b->proposals && a->exhausted == b->exhausted) return {};
    return "trial " + std::to_string(life_.next()) + ": first " + shown(on_.spec, *a) + ", " +
           when + " " + shown(on_.spec, *b);
  }

  const Case& on_;
  const StrategyEntry& entry_;
  Findings& findings_;
  Life life_;
  std::unique_ptr<Strategy> kept_{};
  bool has_waited_ = false;
  bool is_over_ = false;  // it has nothing left
};

}  // namespace

bool try_space(const Case& on, const StrategyEntry& entry, Findings& findings) {
  return Scenario(on, entry, findings).play();
}

void try_long_history(const Case& on, const StrategyEntry& entry, Findings& findings) {
  auto strategy = entry.make(on.spec);
  if (!strategy) return findings.add(Check::grows, on.name, strategy.error().what);
  Life life(on.spec.space.size());
  const auto some = (*strategy)->ask(life.history(), 0, batch);
  if (!some || some->proposals.empty()) return;  // told by another check
  while (life.next() < long_history) {
    life.open(*some);
    while (life.open_count() > 0) life.end_one();
  }
  const auto answer = (*strategy)->ask(life.history(), life.next(), 1);
  findings.add(Check::grows, on.name, fault(on.spec, answer, life.next(), 1));
}

void try_end(const Case& on, const StrategyEntry& entry, Findings& findings) {
  auto strategy = entry.make(on.spec);
  if (!strategy) return findings.add(Check::ends, on.name, strategy.error().what);
  Life life(on.spec.space.size());
  std::set<Values> tried;
  for (std::size_t i = 0; i < 2 * in_flight; ++i) {
    const auto answer = (*strategy)->ask(life.history(), life.next(), 1);
    const std::string failure = fault(on.spec, answer, life.next(), 1);
    if (!answer && answer.error().code == ErrorCode::conflict) return;
    if (!failure.empty()) return findings.add(Check::ends, on.name, failure);
    if (answer->exhausted && answer->proposals.empty()) {
      findings.add(Check::distinct, on.name, "");
      return findings.add(Check::ends, on.name, "");
    }
    for (const Proposal& proposal : answer->proposals) {
      if (tried.insert(proposal.values).second) continue;
      return findings.add(Check::distinct, on.name,
                          "twice: " + params_to_json(on.spec.space, proposal.values));
    }
    life.open(*answer);
    if (life.open_count() > 0) life.end_one();
  }
  findings.add(Check::ends, on.name, "it goes on proposing or waiting");
}

}  // namespace hpo::conformance
