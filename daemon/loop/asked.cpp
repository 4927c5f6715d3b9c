// See asked.hpp.
#include "daemon/loop/asked.hpp"

namespace hpo::loop {
namespace {

Error threw(std::string_view strategy, const std::string& what) {
  return {ErrorCode::internal, "it threw: " + what, "strategy '" + std::string(strategy) + "'",
          "report a bug of this strategy"};
}

// What a strategy throws (of Eigen, bad_alloc, anything) ends here, whatever its type.
template <class Call>
auto guarded(std::string_view strategy, Call call) -> decltype(call()) {
  try {
    return call();
  } catch (const std::exception& e) {
    return threw(strategy, e.what());
  } catch (...) {
    return threw(strategy, "something that is no std::exception");
  }
}

}  // namespace

// A strategy that misbehaves is an error of its study alone: the others go on.
Result<void> check(const SearchSpace& space, const Asked& whole) {
  const Suggestion& asked = whole.suggestion;
  const Proposals& answer = *whole.answer;
  Error error{ErrorCode::internal, "", "strategy '" + asked.strategy + "'",
              "choose another \"strategy\", or report a bug of this one"};
  if (answer.proposals.size() > static_cast<std::size_t>(asked.count)) {
    error.what = "it proposed more trials than it was asked for";
    return error;
  }
  for (std::size_t i = 0; i < answer.proposals.size(); ++i) {
    const Proposal& proposal = answer.proposals[i];
    if (proposal.number != asked.first_number + static_cast<int>(i)) {
      error.what = "it proposed trial " + std::to_string(proposal.number) + " out of turn";
      return error;
    }
    if (!space.contains(proposal.values)) {
      error.what = "its params for trial " + std::to_string(proposal.number) +
                   " lie outside the space";
      return error;
    }
  }
  return {};
}

Result<std::unique_ptr<Strategy>> make_guarded(const StrategyEntry& entry, const StudySpec& spec) {
  return guarded(entry.name, [&] { return entry.make(spec); });
}

void carry_out(Asked& asked, Strategy& strategy, const History& history, Threads& threads) {
  const std::int64_t begin_ns = threads.monotonic_ns();
  const Suggestion& s = asked.suggestion;
  asked.answer = guarded(s.strategy, [&] {
    return strategy.ask(history, s.first_number, s.count);
  });
  asked.took_ns = threads.monotonic_ns() - begin_ns;
  asked.kept_bytes = strategy.kept_bytes(history);
  asked.is_fit_due = strategy.is_fit_due(history);
}

Result<std::shared_ptr<const Strategy::Fits>> guarded_fit(
    const StrategyEntry& entry, const StudySpec& spec,
    const std::shared_ptr<const Strategy::Fits>& known, const History& history) {
  using Made = Result<std::shared_ptr<const Strategy::Fits>>;
  return guarded(entry.name, [&]() -> Made {
    auto strategy = entry.make(spec);
    if (!strategy) return strategy.error();
    if (known) (*strategy)->take(known);
    return (*strategy)->fit(history);
  });
}

}  // namespace hpo::loop
