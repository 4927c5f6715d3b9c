// A strategy proposes params for trials, given everything that is known about a study.
//
// Pure: the answer depends on the spec and the arguments alone, so that a study replays and the
// daemon may drop the object at any time. Called on the compute pool, by one thread at a time.
#pragma once

#include <functional>
#include <memory>
#include <span>
#include <string_view>
#include <vector>

#include "schema/study.hpp"
#include "schema/trial.hpp"
#include "schema/history.hpp"

namespace hpo {

struct Proposal {
  int number = 0;  // the trial's, reserved by the daemon; all randomness hangs on it
  Values values{};
  friend bool operator==(const Proposal&, const Proposal&) = default;
};

struct Proposals {
  std::vector<Proposal> proposals{};
  bool exhausted = false;  // nothing is left to propose, ever
};

class Strategy {
 public:
  virtual ~Strategy() = default;

  // Proposes values for the trials first_number, first_number + 1, …: at most `count` of them.
  // Fewer, and not exhausted, means: wait for results.
  //
  // INVARIANT: the answer depends on the spec and the arguments alone. A strategy may keep what it
  // computed as a cache, but the daemon may throw the object away at any time.
  virtual Result<Proposals> ask(const History& history, int first_number, int count) = 0;

  // Fits of a model, for strategies whose fits take long. They are made beside the asks by another
  // object of the same study, and handed over; an ask uses those that history.model_seq() allows,
  // and makes itself what it lacks of them.
  struct Fits {
    std::int64_t history_seq = 0;  // all that were due by then
    virtual ~Fits() = default;
  };
  virtual bool fits_apart() const { return false; }  // always the same; any thread
  virtual bool is_fit_due(const History&) const { return false; }  // beyond those that it has
  virtual std::shared_ptr<const Fits> fit(const History&) { return nullptr; }  // all that are due
  virtual void take(const std::shared_ptr<const Fits>&) {}

  // About what the object keeps after an ask for this history, in bytes: it is dropped when all
  // studies' keep too much. The default is a copy of the history, as most keep it.
  virtual std::size_t kept_bytes(const History& history) const;
};

using StrategyFactory = std::function<Result<std::unique_ptr<Strategy>>(const StudySpec&)>;

// How long an ask takes, and where.
enum class Pace {
  instant,    // microseconds, whatever the history: it learns nothing from results
  computing,  // as long as it takes, on a core of this node
  elsewhere   // in another process, which is waited for
};

struct StrategyEntry {
  std::string_view name{};     // as written in study.json
  int version = 1;             // raise it when the same history would give other proposals
  StrategyFactory make{};
  Pace pace = Pace::computing;
  // The history that it is asked with holds what trials told at rungs. Its studies have a fidelity.
  bool learns_from_reports = false;
};

// The rungs of a study whose strategy learns from reports; of another one none.
std::vector<std::int64_t> rungs_of(const StrategyEntry& entry, const StudySpec& spec);

// Who knows the strategies: of the house, and whatever else a study may name.
using StrategyFinder = std::function<Result<StrategyEntry>(const StudySpec&)>;

// Every strategy in the house. To add one: write its file, add its line to strategies.def.
std::span<const StrategyEntry> strategies();

// The entry that a study's "strategy" names; `auto` is resolved here. Error: invalid_argument.
Result<StrategyEntry> find_strategy(const StudySpec& spec);

Result<std::unique_ptr<Strategy>> make_strategy(const StudySpec& spec);

// Around a strategy that is not of the list, what all of the list have around them: constraints
// hold, and without noise no values come twice.
std::unique_ptr<Strategy> with_layers(const StudySpec& spec, std::unique_ptr<Strategy> strategy);

// Answers in place of a strategy that is late: at once, whatever the history.
inline constexpr std::string_view stand_in_strategy = "sobol";

// The study with another strategy, without options: `type` is one of strategies().
StudySpec with_strategy(StudySpec spec, std::string_view type);

}  // namespace hpo
