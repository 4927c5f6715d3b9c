// Search spaces and histories that tests of strategies share.
#pragma once

#include <catch2/catch.hpp>

#include "schema/history.hpp"
#include "schema/study.hpp"

namespace hpo {

inline SearchSpace space_of(std::vector<Parameter> parameters) {
  auto space = SearchSpace::make(std::move(parameters));
  if (!space) FAIL("the test's space is refused: " << space.error().what);
  return *space;
}

// Parameters a, b, c, … with these domains.
inline SearchSpace space_of_domains(const std::vector<Domain>& domains) {
  std::vector<Parameter> parameters;
  for (const Domain& domain : domains) {
    const std::string name = "p" + std::to_string(parameters.size());
    parameters.push_back({.name = name, .domain = domain});
  }
  return space_of(std::move(parameters));
}

inline Domain choice(std::vector<ParamValue> choices) { return ChoiceDomain{std::move(choices)}; }
inline Domain ordinal(std::vector<ParamValue> levels) { return OrdinalDomain{std::move(levels)}; }
inline ParamValue word_value(const char* text) { return ParamValue{std::string(text)}; }
inline ParamValue integer(std::int64_t k) { return ParamValue{k}; }

inline StudySpec study_of(SearchSpace space, Noise noise = Noise::low) {
  StudySpec spec;
  spec.name = "test";
  spec.space = std::move(space);
  spec.objective = {.metric = "loss", .direction = Direction::minimize, .noise = noise};
  spec.seed = 7;
  return spec;
}

// Builds a history trial by trial; history_seq counts up from 1.
class HistoryBuilder {
 public:
  explicit HistoryBuilder(std::size_t dimension) : history_(dimension) {}

  void add(const Values& values, TrialState state = TrialState::completed, double value = 0.0) {
    const int number = static_cast<int>(history_.finished_count());
    history_.append({.number = number, .state = state, .origin = Origin::strategy, .value = value,
                     .history_seq = ++seq_}, values);
  }

  History& history() { return history_; }

 private:
  History history_;
  std::int64_t seq_ = 0;
};

}  // namespace hpo
